import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import type { Level } from '../../src/model/proof.ts'
import { systemClock } from '../../src/core/time.ts'
import type { ParsedMigration } from '../../src/model/migration.ts'
import type { ShadowServer } from '../../src/shadows/shadow.ts'
import { url } from '../../src/shadows/url.ts'
import { differenceText } from '../../src/verify/compare.ts'
import { type VerifyReport, verify } from '../../src/verify/verify.ts'
import { adminUrl } from '../support/postgres.ts'
import { dialect, migrations, upDown } from './migrations.ts'

let server: ShadowServer
beforeAll(async () => {
  server = await url.start({ url: adminUrl(), cacheDirectory: '.cache', log: silentLog })
})
afterAll(() => server.stop())

const shop = upDown(
  `create table books (id bigint generated always as identity primary key, title text, price int not null default 0);
   create index books_price on books (price)`,
  'drop table books',
)

async function verified(history: readonly ParsedMigration[]): Promise<VerifyReport> {
  return verify({ history, ids: [history.at(-1)?.id ?? ''], server, dialect, tool: 'test', clock: systemClock })
}

/** Of the levels up to D2, which these tests are about: the highest, the standings and the differences of the last migration. */
async function outcome(...texts: readonly string[]): Promise<object> {
  const { results } = await verified(await migrations(...texts))
  const { proof, differences } = results[0] ?? { proof: undefined, differences: [] }
  return {
    level: upToD2(proof?.level),
    standings: proof?.levels
      .filter(({ level }) => level <= 'D2')
      .map(({ standing }) => standing)
      .join(', '),
    differences: differences.map(differenceText),
  }
}

function upToD2(level: Level | null | undefined): Level | null | undefined {
  return typeof level === 'string' && level > 'D2' ? 'D2' : level
}

const fine = { level: 'D2', standings: 'proven, proven, proven', differences: [] }

describe('downgrades that are good reach D2', () => {
  test.each([
    ['a column', upDown('alter table books add column isbn text', 'alter table books drop column isbn')],
    [
      'an index outside a transaction',
      upDown('create index concurrently books_title on books (title)', 'drop index concurrently books_title'),
    ],
    ['an index whose name the server chooses', upDown('create index on books (title)', 'drop index books_title_idx')],
    [
      'a nullability that rows with NULL do not fit',
      upDown('alter table books alter column title set not null', 'alter table books alter column title drop not null'),
    ],
    [
      'a type',
      upDown('alter table books alter column price type bigint', 'alter table books alter column price type integer'),
    ],
    ['a data change', upDown(`update books set title = 'none' where title is null`, 'select 1')],
    ['dynamic SQL', upDown(`do $$ begin execute 'create table notes (id int)'; end $$`, 'drop table notes')],
    [
      'a rename',
      upDown('alter table books rename column title to name', 'alter table books rename column name to title'),
    ],
    [
      'a table with a trigger',
      upDown(
        `create table audits (at timestamptz);
       create function audit() returns trigger language plpgsql as $$ begin insert into audits values (now()); return new; end $$;
       create trigger books_audit after update on books for each row execute function audit()`,
        'drop trigger books_audit on books; drop function audit(); drop table audits',
      ),
    ],
    [
      'a downgrade with a helper that goes again',
      upDown(
        'alter table books add constraint books_price_check check (price >= 0)',
        `create function helper() returns trigger language plpgsql as $$ begin return new; end $$;
       create trigger helper before update on books for each row execute function helper();
       alter table books drop constraint books_price_check;
       drop trigger helper on books;
       drop function helper()`,
      ),
    ],
    ['an index that is built again', upDown('drop index books_price', 'create index books_price on books (price)')],
  ])('%s', async (_title, text) => {
    expect(await outcome(shop, text)).toEqual(fine)
  })

  test('the first migration of all', async () => {
    expect(await outcome(shop)).toEqual(fine)
  })
})

describe('downgrades that are broken are told so, with the reason', () => {
  test.each([
    [
      'does not run',
      upDown('alter table books add column isbn text', 'alter table books drop column ibsn'),
      {
        level: 'D0',
        standings: 'proven, broken, not covered',
        differences: [],
      },
    ],
    [
      'leaves something behind',
      upDown(
        'alter table books add column isbn text; create index books_isbn on books (title)',
        'alter table books drop column isbn',
      ),
      {
        level: 'D0',
        standings: 'proven, broken, broken',
        differences: ['index public.books_isbn: added (CREATE INDEX books_isbn ON public.books USING btree (title))'],
      },
    ],
    [
      'touches something else',
      upDown('create table notes (id int)', 'drop table notes; drop index books_price'),
      {
        level: null,
        standings: 'broken, proven, broken',
        differences: [
          'index public.books_price: removed (CREATE INDEX books_price ON public.books USING btree (price))',
        ],
      },
    ],
    [
      'gives another type back',
      upDown('alter table books drop column title', 'alter table books add column title varchar(9)'),
      {
        level: 'D1',
        standings: 'proven, proven, broken',
        differences: ['table public.books: column title: text → character varying(9)'],
      },
    ],
    [
      'does not fit the rows',
      upDown('alter table books drop column price', 'alter table books add column price int not null'),
      {
        level: 'D0',
        standings: 'proven, broken, not covered',
        differences: [],
      },
    ],
    [
      'is missing',
      '-- migrate:up\nalter table books add column isbn text;\n',
      {
        level: null,
        standings: 'broken, not covered, not covered',
        differences: [],
      },
    ],
  ])('%s', async (_title, text, expected) => {
    expect(await outcome(shop, text)).toMatchObject(expected)
  })
})

test.each([
  [
    'an upgrade',
    'alter table books add column a int; alter tabel books add column b int',
    'alter table books drop column a',
    'proven, broken, not covered',
  ],
  [
    'a downgrade',
    'alter table books add column a int',
    'alter table books drop column a; drop tabel b',
    'broken, broken, not covered',
  ],
])('%s with a statement that the grammar refuses is broken, whatever its others do', async (_, up, down, standings) => {
  expect(await outcome(shop, upDown(up, down))).toMatchObject({ standings })
})

test('an upgrade that does not run is broken, not an error', async () => {
  expect(await outcome(shop, upDown('alter table boks add column a int', 'alter table boks drop column a'))).toEqual({
    level: 'D0',
    standings: 'proven, broken, not covered',
    differences: [],
  })
})

test('a migration that is declared irreversible is run up and not proven', async () => {
  const text = '-- migrate:up\nalter table books drop column title;\n\n-- migrate:down none because titles are gone\n'
  const { results } = await verified(await migrations(shop, text))
  const { proof } = results[0] ?? {}
  expect(proof).toMatchObject({
    version: 3,
    id: '20260101000002',
    down: null,
    irreversible: 'titles are gone',
    losses: [],
    level: null,
    changes: { 'table public.books': expect.any(Object) },
    columnOrderDiffers: false,
    seed: { rows: 300, hash: null },
    queries: null,
    locks: {
      up: [
        { statement: 1, relations: [expect.objectContaining({ relation: 'public.books', lock: 'ACCESS EXCLUSIVE' })] },
      ],
      down: [],
    },
    server: expect.stringMatching(/^PostgreSQL \d+\.\d+$/),
    shadow: expect.stringMatching(/^PostgreSQL \d+\.\d+ at --shadow-url$/),
    hides: [expect.stringMatching(/^Nothing is known of the target/)],
    tool: 'test',
  })
  expect(proof?.levels.slice(0, 3)).toEqual([
    { level: 'D0', standing: 'not covered', evidence: 'Declared irreversible: titles are gone.' },
    {
      level: 'D1',
      standing: 'not covered',
      evidence: 'Declared irreversible: titles are gone. The upgrade runs on 300 rows in 1 table.',
    },
    { level: 'D2', standing: 'not covered', evidence: 'Declared irreversible: titles are gone.' },
  ])
})

test('column order is told apart from the schema', async () => {
  const text = upDown('alter table books drop column title', 'alter table books add column title text')
  const { results } = await verified(await migrations(shop, text))
  expect([upToD2(results[0]?.proof.level), results[0]?.proof.columnOrderDiffers]).toEqual(['D2', true])
})

test('a whole history is verified on one database after another', async () => {
  const history = await migrations(
    shop,
    upDown('alter table books add column cost bigint', 'alter table books drop column cost'),
    '-- migrate:phase backfill\n-- migrate:up\n-- migrate:backfill table:books key:id\nupdate books set cost = price where cost is null;\n\n-- migrate:down none because it only fills\n',
    upDown('alter table books alter column cost set not null', 'alter table books alter column cost drop not null'),
    upDown(
      'alter table books drop column price',
      'alter table books add column price int not null default 0; create index books_price on books (price)',
    ),
  )
  const { results } = await verify({
    history,
    ids: history.map(({ id }) => id),
    server,
    dialect,
    tool: 'test',
    clock: systemClock,
  })
  expect(results.map(({ proof }) => upToD2(proof.level))).toEqual(['D2', 'D2', null, 'D2', 'D2'])
})

test('a migration before those asked for that does not run is an error', async () => {
  const failing = verified(await migrations(upDown('create table a (id nothing)', 'drop table a'), shop))
  await expect(failing).rejects.toMatchObject({ code: 'migration-failed' })
})

test('no database is left behind', async () => {
  const { connect } = await import('../../src/db/connect.ts')
  const made: (string | undefined)[] = []
  const watched: ShadowServer = {
    ...server,
    createDatabase: async () => {
      const database = await server.createDatabase()
      made.push(database.url)
      return database
    },
  }
  const history = await migrations(shop)
  const ids = history.map(({ id }) => id)
  await verify({ history, ids, server: watched, dialect, tool: 'test', clock: systemClock })
  const connection = await connect(adminUrl())
  const { rows } = await connection.query<{ name: string }>('select datname::text as name from pg_database')
  await connection.close()
  const names = made.map((url) => new URL(url ?? '').pathname.slice(1))
  expect([names.length, rows.filter(({ name }) => names.includes(name))]).toEqual([1, []])
})
