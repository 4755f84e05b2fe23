import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { up } from '../../src/run/up.ts'
import { directory, migrate } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import { history, upInput } from '../support/run.ts'
import { judge } from './judge.ts'

const runners = 8
const rounds = 50

const files = {
  '1_books.sql':
    '-- migrate:up\ncreate table books as select g as id from generate_series(1, 1000) g;\n-- migrate:down\ndrop table books;\n',
  '2_index.sql':
    '-- migrate:up\ncreate index concurrently books_id_idx on books (id);\n-- migrate:down\ndrop index concurrently books_id_idx;\n',
  '3_count.sql':
    '-- migrate:up\ncreate table counted as select 1 as n;\ninsert into counted values (1);\n-- migrate:down\ndrop table counted;\n',
}

/** What the runners have left together: each migration once, and nothing INVALID. */
async function left(url: string): Promise<object> {
  const connection = await connect(url)
  const { rows } = await connection.query(
    `select (select array_agg(id order by position) from migrate.migration) as applied,
            (select count(*)::int from counted) as counted,
            (select count(*)::int from pg_index where not indisvalid) as invalid,
            (select count(*)::int from migrate.step where event = 'done' and statement is null) as done`,
  )
  await connection.close()
  return rows
}

const once = [{ applied: ['1', '2', '3'], counted: 2, invalid: 0, done: 3 }]

test('S4, P5: eight command lines at once on an empty database', async () => {
  const { url } = await createDatabase()
  const cwd = await directory(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`migrations/${name}`, text])),
  )
  const results = await Promise.all(
    Array.from({ length: runners }, () => migrate(['up'], { cwd, env: { DATABASE_URL: url } })),
  )
  expect(results.map(({ code }) => code)).toEqual(Array.from({ length: runners }, () => 0))
  expect(results.flatMap(({ stdout }) => stdout.match(/^applied /gm) ?? [])).toHaveLength(3)
  expect(await left(url)).toEqual(once)
})

test('S3, P5: eight sessions at once, in fifty rounds, with an index that is built concurrently', async ({ task }) => {
  const migrations = await history(files)
  const found: (readonly string[])[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const database = await createDatabase()
    const sessions = await Promise.all(Array.from({ length: runners }, () => connect(database.url)))
    const reports = await Promise.all(sessions.map((session) => up(upInput(session, migrations))))
    for (const session of sessions) await session.close()
    const outcome = { applied: reports.flatMap(({ applied }) => applied).length, left: await left(database.url) }
    found.push(
      isDeepStrictEqual(outcome, { applied: 3, left: once }) ? [] : [`round ${round}: ${JSON.stringify(outcome)}`],
    )
    await database.drop()
  }
  judge(task, found)
})
