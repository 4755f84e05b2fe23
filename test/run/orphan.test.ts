import { expect, test } from 'vitest'
import { directory, migrate, startMigrate } from '../support/cli.ts'
import { eventually } from '../support/child-run.ts'
import { createDatabase } from '../support/postgres.ts'
import { journalRows } from '../support/run.ts'

/** It does not look whether its client is there, as on a system whose server cannot tell. */
const files = {
  'migrate.config.json': JSON.stringify({ run: { waitForRunner: '50ms' } }),
  'migrations/20260101000000_a.sql':
    '-- migrate:up\nset client_connection_check_interval = 0;\ncreate table a ();\nselect pg_sleep(600) from hangs;\n\n-- migrate:down\ndrop table a;\n',
}

const sleeping = `select pid from pg_stat_activity where query ~ '^select pg_sleep' and state = 'active' and datname = current_database()`

test('the session of a killed run is told from one that lives, and ended on request', async () => {
  const database = await createDatabase()
  const observer = await database.connect()
  await observer.run('create table hangs as select 1')
  const [cwd, env] = [await directory(files), { DATABASE_URL: database.url }]
  const run = startMigrate(['up'], { cwd, env })
  const sessions = (): Promise<number> => observer.query(sleeping).then(({ rows }) => rows.length)
  await eventually(sessions, (n) => n === 1)

  const beside = await migrate(['up', '--end-orphan'], { cwd, env })
  expect({ code: beside.code, stderr: beside.stderr }).toEqual({
    code: 4,
    stderr: expect.stringMatching(/^error runner-locked\n\s+Another run holds the lock/m),
  })
  expect(await sessions()).toBe(1)

  run.signal('SIGKILL')
  expect((await run.ended).code).toBe(null)
  const waits = await migrate(['up'], { cwd, env })
  expect({ code: waits.code, stderr: waits.stderr }).toEqual({
    code: 4,
    stderr: expect.stringMatching(
      /^error runner-locked\n\s+The session of run 1 of [\s\S]* its\s+process\s+is\s+gone[\s\S]*--end-orphan/m,
    ),
  })
  expect(await sessions()).toBe(1)

  await observer.run('delete from hangs')
  const patient = await directory({ ...files, 'migrate.config.json': '{}' })
  const ends = await migrate(['up', '--end-orphan'], { cwd: patient, env })
  expect({ code: ends.code, stdout: ends.stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining('1 migration applied.'),
  })
  expect(ends.stderr).toMatch(/The process of run 1 .* is gone, and its session \(pid \d+\) still works/)
  const { runs } = await journalRows(observer)
  expect(runs.map((line) => line.replace(/ \S+ (?=failed|done)/, ' '))).toEqual([
    'up failed connection-lost',
    'up done',
  ])
})
