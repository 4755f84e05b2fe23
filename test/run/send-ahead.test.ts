import { expect, test } from 'vitest'
import type { RunEvent } from '../../src/run/events.ts'
import { up } from '../../src/run/up.ts'
import { createDatabase } from '../support/postgres.ts'
import { history, journalRows, refusalOf, upInput } from '../support/run.ts'

const file = (sql: string): Record<string, string> => ({
  '1_a.sql': `-- migrate:up\n${sql}\n-- migrate:down\nselect 1;\n`,
})

/** The statements that were begun, and how the run ended. */
async function run(sql: string): Promise<object> {
  const connection = await (await createDatabase()).connect()
  const events: RunEvent[] = []
  const refusal = await refusalOf(up(upInput(connection, await history(file(sql)), {}, events)))
  const { rows } = await connection.query(`select to_regclass('a') as a`)
  const begun = events.flatMap((event) => (event.kind === 'statement-started' ? [event.statement] : []))
  const { migrations, steps } = await journalRows(connection)
  return { code: refusal.code, at: refusal.at, begun, a: rows, migrations, steps }
}

const nothingLeft = { a: [{ a: null }], migrations: [] }

test('the statement that failed is told, though those behind it were sent already', async () => {
  expect(
    await run('create table a ();\ninsert into a\n  values (1 / 0);\nselect nothing;\ncreate table b ();'),
  ).toEqual({
    ...nothingLeft,
    code: 'migration-failed',
    at: { path: '1_a.sql', line: 4, column: 11 },
    begun: [0, 1],
    steps: ['1 up 1 rolled-back 42601'],
  })
})

test('ROLLBACK TO does not make a migration go on whose statement failed', async () => {
  expect(await run('create table a ();\nsavepoint s;\nselect 1 / 0;\nrollback to s;\nselect 1;')).toEqual({
    ...nothingLeft,
    code: 'migration-failed',
    at: { path: '1_a.sql', line: 4, column: 1 },
    begun: [0, 1, 2],
    steps: ['1 up 2 rolled-back 22012'],
  })
})

test('COPY FROM STDIN does not take the statements behind it for its data', async () => {
  expect(await run('create table a ();\ncopy a from stdin;\ncreate table b ();')).toEqual({
    ...nothingLeft,
    code: 'migration-failed',
    at: { path: '1_a.sql', line: 3, column: 1 },
    begun: [0, 1],
    steps: ['1 up 1 rolled-back 57014'],
  })
})

test('more statements than are sent at once', async () => {
  const connection = await (await createDatabase()).connect()
  const inserts = Array.from({ length: 300 }, (_, index) => `insert into a values (${index});`)
  await up(upInput(connection, await history(file(['create table a (id int);', ...inserts].join('\n')))))
  expect((await connection.query('select count(*)::int as rows, max(id) as last from a')).rows).toEqual([
    { rows: 300, last: 299 },
  ])
})
