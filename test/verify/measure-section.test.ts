import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/core/time.ts'
import { contradictions } from '../../src/verify/contradictions.ts'
import { estimates, estimateText } from '../../src/verify/estimate.ts'
import { measureSection } from '../../src/verify/measure-section.ts'
import { measureRates } from '../../src/verify/rates.ts'
import { claimsOf } from '../../src/lint/claims.ts'
import type { SectionLocks, StatementLocks } from '../../src/model/statement-locks.ts'
import { createDatabase } from '../support/postgres.ts'
import { dialect, migrations, upDown } from './migrations.ts'

const shop = `create table authors (id int primary key, name text);
  create table books (id int primary key, author int, title text);
  create index books_title on books (title);
  insert into authors select i, 'name ' || i from generate_series(1, 100) i;
  insert into books select i, i % 100 + 1, 'title ' || i from generate_series(1, 1000) i`

async function measured(up: string): Promise<SectionLocks> {
  const [migration] = await migrations(up)
  if (migration === undefined) throw new Error('There is no migration.')
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run(shop)
  return measureSection(connection, migration.up, migration.upSql, { clock: systemClock, connect: database.connect })
}

/** `1 public.books: ACCESS EXCLUSIVE, written anew`, tables only. */
function lines({ statements }: SectionLocks): readonly string[] {
  return statements.flatMap(({ statement, relations }) =>
    relations.flatMap(({ relation, kind, lock, rewritten, scanned }) => {
      const what = [lock, ...(rewritten ? ['written anew'] : []), ...(scanned ? ['read'] : [])].join(', ')
      return kind === 'table' ? [`${statement} ${relation}: ${what}`] : []
    }),
  )
}

describe('each statement is measured by itself', () => {
  test.each([
    [
      'a lock is told where it is taken',
      upDown(
        `alter table books add column isbn text;
         comment on column books.isbn is 'number';
         create index on authors (name)`,
        'select 1',
      ),
      ['1 public.books: ACCESS EXCLUSIVE', '3 public.authors: SHARE, read'],
    ],
    [
      'what is done under a lock that is held already',
      upDown('lock table books; alter table books alter column id type bigint', 'select 1'),
      ['1 public.books: ACCESS EXCLUSIVE', '2 public.books: ACCESS EXCLUSIVE, written anew, read'],
    ],
    ['new tables hold nobody up', upDown('create table notes (id int); create index on notes (id)', 'select 1'), []],
    [
      'outside a transaction',
      '-- migrate:up transaction:false\ncreate index concurrently books_author on books (author);\ndrop index concurrently books_title;\n-- migrate:down\nselect 1;\n',
      ['1 public.books: SHARE UPDATE EXCLUSIVE, read', '2 public.books: SHARE UPDATE EXCLUSIVE'],
    ],
    [
      'renamed tables keep the name that they had',
      upDown('alter table books rename to volumes; create index on volumes (author)', 'select 1'),
      ['1 public.books: ACCESS EXCLUSIVE', '2 public.books: ACCESS EXCLUSIVE, read'],
    ],
  ])('%s', async (_, text, expected) => {
    expect(lines(await measured(text))).toEqual(expected)
  })

  test('time and log are counted', async () => {
    const { costs } = await measured(upDown('update books set title = upper(title)', 'select 1'))
    expect(costs).toEqual([{ statement: 1, durationMs: expect.any(Number), walBytes: expect.any(Number) }])
    // A thousand new row versions, each with more than fifty bytes of log.
    expect(costs[0]?.walBytes).toBeGreaterThan(50_000)
  })
})

test('lint and the server say the same of the statements of a shop', async () => {
  const texts = [
    upDown(shop, 'select 1'),
    upDown(
      `alter table books add column isbn text;
       alter table books add constraint books_author_fkey foreign key (author) references authors (id) not valid;
       alter table authors alter column name set not null;
       drop index books_title;
       create table notes (book int references books (id))`,
      'select 1',
    ),
  ]
  const history = await migrations(...texts)
  const id = history[1]?.id ?? ''
  const claims = claimsOf(history, new Set([id]), { dialect, target: 18 }).get(id)
  const { statements } = await measured(texts[1] ?? '')
  expect(statements).not.toEqual([])
  expect(contradictions(statements, claims?.up ?? [])).toEqual([])
})

describe('what lint says otherwise than the server', () => {
  const seen: StatementLocks = {
    statement: 1,
    relations: [
      { relation: 'public."Books"', kind: 'table', lock: 'ACCESS EXCLUSIVE', rewritten: true, scanned: true },
    ],
  }
  const claim = { table: { name: 'Books' }, lock: 'ACCESS EXCLUSIVE', rewrites: true, scans: true } as const
  test.each([
    [
      'a lock that it does not know of',
      [],
      'lint says no lock that holds anybody up, the server took ACCESS EXCLUSIVE',
    ],
    ['a weaker lock', [{ ...claim, lock: 'SHARE' as const }], 'lint says SHARE, the server took ACCESS EXCLUSIVE'],
    ['no rewrite', [{ ...claim, rewrites: false }], 'lint says that the table is not written anew, the server did so'],
  ])('%s', (_, effects, text) => {
    expect(contradictions([seen], [effects])).toEqual([{ statement: 1, relation: 'public."Books"', text }])
  })

  test('nothing where both agree', () => {
    expect(contradictions([seen], [[claim]])).toEqual([])
    expect(contradictions([seen], [[{ ...claim, table: { schema: 'public', name: 'Books' } }]])).toEqual([])
  })
})

test('an estimate scales to the size of the live table and says what it is made of', async () => {
  const database = await createDatabase()
  const rates = await measureRates(await database.connect(), systemClock)
  expect(rates.readPerSecond).toBeGreaterThan(rates.rewritePerSecond / 100)
  const { statements } = await measured(upDown('alter table books alter column id type bigint', 'select 1'))
  const size = { schema: 'public', name: 'books', rows: 48_000_000, bytes: 12e9, heapBytes: 8e9 }
  const [estimate] = estimates(statements, [size], { readPerSecond: 400e6, rewritePerSecond: 100e6 })
  expect(estimate).toMatchObject({ relation: 'public.books', lock: 'ACCESS EXCLUSIVE', milliseconds: 80_000 })
  expect(estimate === undefined ? '' : estimateText(estimate)).toMatchInlineSnapshot(
    `"public.books: about 1 min 20 s under ACCESS EXCLUSIVE, an estimate: 7.5 GB in 48 M rows (snapshot), written anew at 95 MB a second as on this scratch server."`,
  )
})
