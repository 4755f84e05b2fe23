import { describe, expect, test } from 'vitest'
import { eventually } from '../support/child-run.ts'
import { directory, migrate, startMigrate } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'

const rows = 5000
const lockedRow = 3500

const files = {
  'migrations/20260101000000_books.sql':
    '-- migrate:up\ncreate table books (id bigint primary key, title text);\n\n-- migrate:down\ndrop table books;\n',
  'migrations/20260102000000_titles.sql':
    "-- migrate:phase backfill\n\n-- migrate:up\n-- migrate:backfill table:books key:id batch:1000\nupdate books set title = 'none' where title is null;\n\n-- migrate:down none because the rows had no title\n",
  'migrations/20260103000000_isbn.sql':
    '-- migrate:up\nalter table books add column isbn text;\n\n-- migrate:down\nalter table books drop column isbn;\n',
}

async function shop(): Promise<{ readonly cwd: string; readonly env: Record<string, string>; database: TestDatabase }> {
  const database = await createDatabase()
  const cwd = await directory(files)
  const env = { DATABASE_URL: database.url }
  const { code } = await migrate(['up', '1'], { cwd, env })
  expect(code).toBe(0)
  const connection = await database.connect()
  await connection.run(`insert into books (id) select n from generate_series(1, ${rows}) n`)
  return { cwd, env, database }
}

/** A session that keeps its transaction open until `release`. */
async function holding(database: TestDatabase, sql: string): Promise<{ readonly release: () => Promise<void> }> {
  const session = await database.connect()
  await session.run(`set application_name = 'nightly report'; begin; ${sql}`)
  return { release: () => session.run('rollback') }
}

async function titled(database: TestDatabase): Promise<number> {
  const connection = await database.connect()
  const { rows: found } = await connection.query<{ n: number }>(
    'select count(*)::int as n from books where title is not null',
  )
  return found[0]?.n ?? 0
}

describe('a run that is told to end', () => {
  test('S15, P9: in the middle of a backfill keeps its batches, and the next run goes on from there', async () => {
    const { cwd, env, database } = await shop()
    const lock = await holding(database, `select from books where id = ${lockedRow} for update`)
    const run = startMigrate(['up'], { cwd, env })
    await eventually(
      () => titled(database),
      (count) => count > 0,
    )
    run.signal('SIGINT')
    const stopped = await run.ended
    expect({ code: stopped.code, stdout: stopped.stdout, says: stopped.stderr.match(/^error .*$/m)?.[0] }).toEqual({
      code: 130,
      stdout: '',
      says: 'error interrupted',
    })
    const kept = await titled(database)
    expect(kept).toBeLessThan(rows)
    await lock.release()
    expect((await migrate(['status'], { cwd, env })).stdout).toMatch(
      /^half-way {3}20260102000000 backfill: .*\n {11}migrate up goes on from there$/m,
    )
    const resumed = await migrate(['up'], { cwd, env })
    expect(resumed.code).toBe(0)
    expect(resumed.stderr).toContain('20260102000000 titles (taken up again)')
    expect(await titled(database)).toBe(rows)
  })

  test('S15, P9: while it waits for a lock changes nothing', async () => {
    const { cwd, env, database } = await shop()
    await migrate(['up', '1'], { cwd, env })
    const lock = await holding(database, 'lock table books in access share mode')
    const run = startMigrate(['up'], { cwd, env })
    await eventually(
      async () => run.said().stderr,
      (text) => text.includes('for a lock'),
    )
    run.signal('SIGTERM')
    const { code, stderr } = await run.ended
    expect({ code, names: stderr.includes('(nightly report)'), says: stderr.match(/^error .*$/m)?.[0] }).toEqual({
      code: 143,
      names: true,
      says: 'error terminated',
    })
    await lock.release()
    expect((await migrate(['status'], { cwd, env })).stdout).toMatch(/2 applied, 1 pending\.\n$/)
  })
})

/** A statement that heeds no cancel request: only the end of its session ends it. */
const stubborn = {
  'migrations/20260101000000_a.sql':
    '-- migrate:up\ncreate table a ();\ndo $$ begin loop begin perform pg_sleep(0.1); exception when query_canceled then null; end; end loop; end $$;\n\n-- migrate:down\ndrop table a;\n',
}

describe('a statement that heeds no cancel request', () => {
  test.each([
    ['SIGTERM', 143, 'terminated'],
    ['SIGINT', 130, 'interrupted'],
  ] as const)('ends with its session after %s, and the run is written down', async (name, code, word) => {
    const database = await createDatabase()
    const [cwd, env] = [await directory(stubborn), { DATABASE_URL: database.url }]
    const observer = await database.connect()
    const run = startMigrate(['up'], { cwd, env })
    await eventually(
      async () => (await observer.query(working)).rows.length,
      (n) => n === 1,
    )
    run.signal(name)
    const ended = await run.ended
    expect({ code: ended.code, says: ended.stderr.match(/^error .*$/m)?.[0] }).toEqual({ code, says: `error ${word}` })
    const { rows } = await observer.query(`select to_regclass('a') as a, outcome, error_code from migrate.run`)
    expect(rows).toEqual([{ a: null, outcome: 'failed', error_code: word }])
  })

  test('a second signal ends the process at once, and the server notices', async () => {
    const database = await createDatabase()
    const [cwd, env] = [await directory(stubborn), { DATABASE_URL: database.url }]
    const observer = await database.connect()
    const run = startMigrate(['up'], { cwd, env })
    const sessions = (): Promise<number> => observer.query(working).then(({ rows }) => rows.length)
    await eventually(sessions, (n) => n === 1)
    run.signal('SIGINT')
    // The first one has been heeded when its cancel request has arrived.
    await eventually(
      async () =>
        (await observer.query(`select from pg_stat_activity where query ~ '^select pg_cancel_backend'`)).rows.length,
      (n) => n > 0,
    )
    run.signal('SIGINT')
    expect((await run.ended).code).toBe(null)
    await eventually(sessions, (n) => n === 0)
    expect((await observer.query(`select to_regclass('a') as a`)).rows).toEqual([{ a: null }])
  })
})

const working = `select from pg_stat_activity where query ~ '^do ' and state = 'active' and datname = current_database()`

describe('a run that has to wait', () => {
  test('gives up after its attempts and names who holds the lock; another run gives up on it', async () => {
    const { cwd, env, database } = await shop()
    await migrate(['up', '1'], { cwd, env })
    await holding(database, 'lock table books in access share mode')
    const first = startMigrate(['up'], { cwd, env })
    await eventually(
      async () => first.said().stderr,
      (text) => text.includes('for a lock'),
    )
    const impatient = await directory({
      ...files,
      'migrate.config.json': JSON.stringify({ run: { waitForRunner: '10ms', lockTimeout: '20ms', attempts: 2 } }),
    })
    const second = await migrate(['up'], { cwd: impatient, env })
    expect({ code: second.code, says: second.stderr.match(/^error .*$/m)?.[0] }).toEqual({
      code: 4,
      says: 'error runner-locked',
    })
    first.signal('SIGINT')
    await first.ended
    const third = await migrate(['up'], { cwd: impatient, env })
    expect(third.code).toBe(4)
    expect(third.stderr).toMatch(/^error lock-timeout$[^]*pid \d+ \(nightly report, /m)
  })
})
