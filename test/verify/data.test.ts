import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { systemClock } from '../../src/core/time.ts'
import type { ShadowServer } from '../../src/shadows/shadow.ts'
import { pglite } from '../../src/shadows/pglite.ts'
import { url } from '../../src/shadows/url.ts'
import { verify } from '../../src/verify/verify.ts'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { adminUrl } from '../support/postgres.ts'
import { shadowOptions } from '../support/shadow.ts'
import { dialect, migrations, upDown } from './migrations.ts'

const shop = upDown(
  `create table books (id bigint generated always as identity primary key, title text, note text, price numeric(8, 3) not null default 0,
                       old_price numeric(8, 3) not null default 1);
   create table logs (line text, at timestamptz)`,
  'drop table logs; drop table books',
)

const good: readonly (readonly [string, string])[] = [
  ['a rename', upDown('alter table books rename title to name', 'alter table books rename name to title')],
  ['a table renamed', upDown('alter table books rename to works', 'alter table works rename to books')],
  [
    'a wider type',
    upDown('alter table books alter price type numeric(9, 3)', 'alter table books alter price type numeric(8, 3)'),
  ],
  [
    'a column moved to a table of its own and back',
    upDown(
      `create table notes (book bigint primary key references books, note text);
       insert into notes select id, note from books; alter table books drop column note`,
      `alter table books add column note text; update books set note = n.note from notes n where n.book = id; drop table notes`,
    ),
  ],
  ['rows that go again', upDown(`insert into logs values ('more', now())`, `delete from logs where line = 'more'`)],
  [
    'a table written anew',
    upDown(
      'create table lines (line text, at timestamptz); insert into lines select * from logs; drop table logs',
      'alter table lines rename to logs',
    ),
  ],
]

/** What up and down do, and what is told. */
const bad: readonly (readonly [string, string, RegExp])[] = [
  [
    'a column that comes back empty',
    upDown('alter table books drop column note', 'alter table books add column note text'),
    /public\.books has another note in \d+ rows \(id \d/,
  ],
  [
    'rows deleted on the way back',
    upDown(
      'alter table books add column isbn text',
      'alter table books drop column isbn; delete from books where id <= 3',
    ),
    /public\.books loses 3 rows \(id 1; 2; 3\)/,
  ],
  [
    'a table emptied',
    upDown('alter table logs add column level int', 'alter table logs drop column level; truncate logs'),
    /public\.logs loses \d+ rows/,
  ],
  [
    'a table dropped and made anew',
    upDown('drop table logs', 'create table logs (line text, at timestamptz)'),
    /public\.logs loses \d+ rows/,
  ],
  [
    'values in each other’s place',
    upDown(
      'alter table books add column isbn text',
      'alter table books drop column isbn; update books set price = old_price, old_price = price',
    ),
    /public\.books has another price in \d+ rows and another old_price in \d+ rows|public\.books has another price in/,
  ],
  [
    'a cast that cuts',
    upDown('alter table books alter price type numeric(7, 2)', 'alter table books alter price type numeric(8, 3)'),
    /public\.books has another price in \d+ rows/,
  ],
  [
    'rows left behind',
    upDown(`insert into logs values ('more', '2026-01-01')`, 'select 1'),
    /public\.logs has 1 row that was not there before/,
  ],
  [
    'values of other rows in a table without a key',
    upDown(
      'alter table logs add column level int',
      `alter table logs drop column level; update logs set line = 'same'`,
    ),
    /public\.logs has another line in \d+ rows/,
  ],
]

describe.each(['server', 'embedded'] as const)('the data is the same again (%s)', (kind) => {
  let server: ShadowServer
  beforeAll(async () => {
    server =
      kind === 'server'
        ? await url.start({ url: adminUrl(), cacheDirectory: '.cache', log: silentLog })
        : await pglite.start(shadowOptions)
  }, embeddedTimeoutMs)
  afterAll(() => server.stop())

  async function levelD3(text: string): Promise<string> {
    const history = await migrations(shop, text)
    const { results } = await verify({
      history,
      ids: [history.at(-1)?.id ?? ''],
      server,
      dialect,
      tool: 'test',
      clock: systemClock,
    })
    const level = results[0]?.proof.levels.find(({ level }) => level === 'D3')
    return `${level?.standing}: ${level?.evidence}`
  }

  test.each(good)(
    '%s',
    async (_title, text) => {
      expect(await levelD3(text)).toMatch(/^proven: Every value of /)
    },
    embeddedTimeoutMs,
  )

  test.each(bad)(
    'broken: %s',
    async (_title, text, evidence) => {
      const told = await levelD3(text)
      expect(told).toMatch(/^broken: The data is not the same again, and no loss of it is declared: /)
      expect(told).toMatch(evidence)
    },
    embeddedTimeoutMs,
  )

  test.each(['books.note', 'public.books.note', 'books'])(
    'a declared loss is accepted: %s',
    async (loss) => {
      const text = `-- migrate:up\nalter table books drop column note;\n\n-- migrate:down\n-- migrate:down-loses ${loss}\nalter table books add column note text;\n`
      expect(await levelD3(text)).toMatch(
        /^proven: Every other value of .* Lost as declared: public\.books has another note/,
      )
    },
    embeddedTimeoutMs,
  )

  test(
    'a declaration covers what it names and nothing else',
    async () => {
      const text = `-- migrate:up\nalter table books drop column note, drop column title;\n\n-- migrate:down\n-- migrate:down-loses books.note\nalter table books add column title text, add column note text;\n`
      expect(await levelD3(text)).toMatch(/^broken: .*: public\.books has another title in \d+ rows \(id [\d; ]+\)\.$/)
    },
    embeddedTimeoutMs,
  )
})
