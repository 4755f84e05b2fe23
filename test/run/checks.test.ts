import { describe, expect, test } from 'vitest'
import { ToolkitError } from '../../src/core/errors.ts'
import { systemClock } from '../../src/core/time.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { gates } from '../../src/gates/registry.gen.ts'
import type { Connection } from '../../src/model/database.ts'
import type { AfterEach } from '../../src/run/after-check.ts'
import { down } from '../../src/run/down.ts'
import { status } from '../../src/run/status.ts'
import { up } from '../../src/run/up.ts'
import { childRun } from '../support/child-run.ts'
import { createDatabase } from '../support/postgres.ts'
import { downInput, history, journalRows, refusalOf, upInput } from '../support/run.ts'

const books = {
  '1_books.sql': '-- migrate:up\ncreate table books (id int, title text);\n-- migrate:down\ndrop table books;\n',
}
const later = { '9_later.sql': '-- migrate:up\ncreate table later ();\n-- migrate:down\ndrop table later;\n' }

/** Adds a column, and asks `check`. */
function note(check: string, way = '-- migrate:down\nalter table books drop column note;'): Record<string, string> {
  return { '2_note.sql': `-- migrate:check ${check}\n-- migrate:up\nalter table books add column note text;\n${way}\n` }
}

const parse: AfterEach['parse'] = (sql) => postgres.parse(sql)
/** Whatever is asked, the downgrade may run. */
const reverting: AfterEach = { parse, mayRevert: () => Promise.resolve() }

async function noteThere(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query(
    `select from information_schema.columns where table_name = 'books' and column_name = 'note'`,
  )
  return rows.length === 1
}

test('a check that gives true is written down, and the run goes on', async () => {
  const connection = await (await createDatabase()).connect()
  const migrations = await history({
    ...books,
    ...note('select count(*) = 0 from books where note is null;'),
    ...later,
  })
  const report = await up({ ...upInput(connection, migrations), after: reverting })
  expect(report.applied.map(({ id }) => id)).toEqual(['1', '2', '9'])
  expect((await journalRows(connection)).steps).toEqual([
    '1 up done',
    '2 up done',
    '2 up check-due',
    '2 up checked',
    '9 up done',
  ])
})

test('a check that gives false: the migration is reverted, what was before it stays, what is behind it is not begun', async () => {
  const connection = await (await createDatabase()).connect()
  const migrations = await history({ ...books, ...note('select exists (select from books)'), ...later })
  const error = await up({ ...upInput(connection, migrations), after: reverting }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ToolkitError)
  expect(error).toMatchObject({
    code: 'check-failed',
    exitCode: 1,
    message:
      'Migration 2 (note) was applied, and then select exists (select from books) gave false. Its proven downgrade was run: the database is where it was before this migration, and nothing behind it was applied.',
  })
  expect(await noteThere(connection)).toBe(false)
  const { migrations: applied, steps, runs } = await journalRows(connection)
  expect({ applied, steps, runs }).toEqual({
    applied: ['1'],
    steps: ['1 up done', '2 up done', '2 up check-due', '2 up check-failed', '2 up rolled-back', '2 down done'],
    runs: ['up tester failed check-failed'],
  })
  const why = await connection.query(`select error from migrate.step where event = 'rolled-back'`)
  expect(why.rows).toEqual([{ error: 'select exists (select from books) gave false' }])
  // Nothing is due any more: the next run begins as if it had never been there.
  await connection.run(`insert into books values (1, 'x')`)
  expect((await up({ ...upInput(connection, migrations), after: reverting })).applied.map(({ id }) => id)).toEqual([
    '2',
    '9',
  ])
})

test.each<readonly [string, AfterEach | undefined, Record<string, string>, RegExp]>([
  [
    'without anybody who may revert',
    { parse },
    note('select false'),
    /was not reverted: only up --safe takes it back by itself\./,
  ],
  ['without a policy', undefined, note('select false'), /was not reverted: only up --safe/],
  [
    'where its downgrade is not proven',
    {
      parse,
      mayRevert: () =>
        Promise.reject(
          new ToolkitError({ code: 'proof-missing', message: 'It was never verified. Nothing was changed.' }),
        ),
    },
    note('select false'),
    /was not reverted: It was never verified\. Nothing behind it was applied\.$/,
  ],
  [
    'at a point of no return',
    reverting,
    note('select false', '-- migrate:down none because it is gone'),
    /was not reverted: 2 \(note\) cannot be reverted: it is declared irreversible: it is gone\./,
  ],
  [
    'without a downgrade',
    reverting,
    note('select false', ''),
    /was not reverted: 2 \(note\) cannot be reverted: it has no down section\./,
  ],
])('%s it stays applied, and the next run asks again before anything else', async (_, after, file, message) => {
  const connection = await (await createDatabase()).connect()
  const failing = await history({ ...books, ...file, ...later })
  const run = (migrations: typeof failing): ReturnType<typeof up> => up({ ...upInput(connection, migrations), after })
  const refused = {
    code: 'check-unreverted',
    message: expect.stringMatching(message),
    at: undefined,
    details: undefined,
  }
  expect(await refusalOf(run(failing))).toEqual(refused)
  expect(await refusalOf(run(failing))).toEqual(refused)
  expect([await noteThere(connection), (await journalRows(connection)).migrations]).toEqual([true, ['1', '2']])
  const told = await status({ connection, migrations: failing, gates, clock: systemClock })
  expect(told.unchecked).toEqual(['2'])
  // The check was wrong and is mended: what is applied is the same.
  const text = Object.fromEntries(
    Object.entries(file).map(([name, sql]) => [name, sql.replace('select false', 'select true')]),
  )
  const mended = await history({ ...books, ...text, ...later })
  expect((await run(mended)).applied.map(({ id }) => id)).toEqual(['9'])
})

test('what was applied behind it keeps it from being reverted', async () => {
  const connection = await (await createDatabase()).connect()
  const healthy = await history({ ...books, ...note('select true'), ...later })
  await up(upInput(connection, healthy))
  await connection.run(`delete from migrate.step where event = 'checked'`)
  const failing = await history({ ...books, ...note('select false'), ...later })
  expect(await refusalOf(up({ ...upInput(connection, failing), after: reverting }))).toMatchObject({
    code: 'check-unreverted',
    message: expect.stringContaining('It was not reverted: 9 was applied after it.'),
  })
})

test.each([
  ['select null::boolean', 'NULL'],
  ['select true where false', 'no row'],
  ['select true, true', '1 rows of 2 columns'],
  ['select true from generate_series(1, 2)', '2 rows of 1 columns'],
  ['select 1', '"1", which is no boolean'],
  ['select nothing from books', 'an error: column "nothing" does not exist'],
  [
    `with gone as (delete from books returning id) select count(*) = 0 from gone`,
    'an error: cannot execute SELECT in a read-only transaction',
  ],
])('%s is no yes', async (sql, found) => {
  const connection = await (await createDatabase()).connect()
  const migrations = await history({ ...books, ...note(sql) })
  expect(await refusalOf(up(upInput(connection, migrations)))).toMatchObject({
    code: 'check-unreverted',
    message: expect.stringContaining(`${sql} gave ${found}.`),
  })
})

test('whoever else is asked is asked after each migration', async () => {
  const connection = await (await createDatabase()).connect()
  const asked: string[] = []
  const after: AfterEach = {
    ...reverting,
    healthy: ({ id }) => {
      asked.push(id)
      return Promise.resolve(id === '9' ? 'the health check answered 503' : undefined)
    },
  }
  const migrations = await history({ ...books, ...later })
  expect(await refusalOf(up({ ...upInput(connection, migrations), after }))).toMatchObject({
    code: 'check-failed',
    message: expect.stringContaining('and then the health check answered 503.'),
  })
  expect([asked, (await journalRows(connection)).migrations]).toEqual([['1', '9'], ['1']])
})

test('a downgrade by hand answers the question too', async () => {
  const connection = await (await createDatabase()).connect()
  const migrations = await history({ ...books, ...note('select false') })
  expect(await refusalOf(up(upInput(connection, migrations)))).toMatchObject({ code: 'check-unreverted' })
  await down(downInput(connection, migrations))
  expect((await up(upInput(connection, await history(books)))).applied).toEqual([])
})

describe('killed on the way back, and run again, it ends where an undisturbed run ends', () => {
  const alone = {
    '2_note.sql': [
      '-- migrate:check select false',
      '-- migrate:up transaction:false',
      'create index concurrently books_id_idx on books (id);',
      'create index concurrently books_title_idx on books (title);',
      '-- migrate:down transaction:false',
      'drop index concurrently books_title_idx;',
      'drop index concurrently books_id_idx;',
      '',
    ].join('\n'),
  }
  const step = 'insert into "migrate"."step"'

  test.each<readonly [string, Record<string, string>, string, number]>([
    ['between the migration and its check', note('select false'), 'commit', 3],
    ['while the check is asked', note('select false'), 'begin read only', 1],
    ['when the answer is written down', note('select false'), step, 1],
    ['in the downgrade, in a transaction', note('select false'), 'alter table books drop column note', 1],
    ['between the downgrade and its COMMIT', note('select false'), 'with cursor', 1],
    ['in the downgrade, outside a transaction', alone, 'drop index concurrently', 1],
    ['between the statements of the downgrade', alone, step, 7],
    ['before the downgrade is written down', alone, 'with cursor', 1],
  ])('%s', async (_, file, to, time) => {
    const { url, connect } = await createDatabase()
    const files = { ...books, ...file, ...later }
    expect(await childRun(url, files, { reverts: true, dieAtAnswer: { to, time } }).ended).toBe(null)
    const connection = await connect()
    const again = up({ ...upInput(connection, await history(files)), after: reverting })
    expect(await refusalOf(again)).toMatchObject({ code: 'check-failed' })
    const left = await connection.query(
      `select (select array_agg(id) from migrate.migration) as applied, to_regclass('later') as later,
              (select count(*)::int from pg_index where indrelid = 'books'::regclass) as indexes,
              (select count(*)::int from migrate.step where event = 'rolled-back' and error like '%select false gave false%' or error like 'its check had failed%') as reasons`,
    )
    expect([left.rows, await noteThere(connection)]).toEqual([
      [{ applied: ['1'], later: null, indexes: 0, reasons: 1 }],
      false,
    ])
  })
})
