import { describe, expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { up } from '../../src/run/up.ts'
import { withRunnerLock } from '../../src/run/mutex.ts'
import { systemClock } from '../../src/core/time.ts'
import { ownServer } from '../support/own-server.ts'
import { createDatabase } from '../support/postgres.ts'
import { history, journalRows, refusalOf, upInput } from '../support/run.ts'

const alter =
  '-- migrate:up\nalter table books add column isbn text;\n-- migrate:down\nalter table books drop column isbn;\n'
const quick = { timeoutsMs: [20, 20, 20], pauseFactor: 1 }

describe('a lock that somebody holds', () => {
  test('P8: is tried for again, and obtained when the holder ends', async () => {
    const database = await createDatabase()
    const [connection, holder] = [await database.connect(), await database.connect()]
    await holder.run('create table books (id int)')
    await holder.run('begin; lock table books in access share mode')
    const events: RunEvent[] = []
    const input = upInput(connection, await history({ '1_alter.sql': alter }), { lock: quick }, events)
    let released: Promise<void> | undefined
    const onEvent = (event: RunEvent): void => {
      events.push(event)
      if (event.kind === 'lock-wait') released ??= holder.run('commit')
    }
    const report = await up({ ...input, onEvent })
    await released
    expect(report.applied.map(({ id, attempts }) => ({ id, attempts }))).toEqual([{ id: '1', attempts: 2 }])
    expect((await journalRows(connection)).steps).toEqual(['1 up 0 rolled-back 55P03', '1 up done'])
  })

  test('S13, P8: is given up after the last attempt, naming who holds it; nothing is changed', async () => {
    const database = await createDatabase()
    const [connection, holder] = [await database.connect(), await database.connect()]
    await holder.run(`create table books (id int); set application_name = 'long report'`)
    await holder.run('begin')
    await holder.query('select * from books')
    const events: RunEvent[] = []
    const input = upInput(connection, await history({ '1_alter.sql': alter }), { lock: quick }, events)
    const refusal = await refusalOf(up(input))
    expect({ code: refusal.code, message: refusal.message }).toEqual({
      code: 'lock-timeout',
      message:
        '1 did not get a lock that it needs in any of 3 attempts; it was rolled back: canceling statement due to lock timeout',
    })
    expect(refusal.details).toMatch(
      /^Locks on its tables are held by:\n {2}pid \d+ \(long report, \w+\), idle in transaction, transaction open for .*\n {4}select \* from books$/,
    )
    expect(events.filter(({ kind }) => kind === 'lock-wait')).toHaveLength(2)
    expect((await journalRows(connection)).migrations).toEqual([])
  })
})

test('P8: a prepared transaction is named also where nobody watches, with the limits that the wait has', async () => {
  const server = await ownServer(() => Promise.resolve(['max_prepared_transactions=5']))
  const [connection, other] = await Promise.all([connect(server.url()), connect(server.url())])
  try {
    await other.run('create table books (id int); create table shelves (id int)')
    await other.run(`begin; lock table books in access share mode; prepare transaction 'forgotten'`)
    await other.run(`begin; lock table shelves in access share mode; prepare transaction 'elsewhere'`)
    const input = upInput(connection, await history({ '1_alter.sql': alter }), { lock: quick })
    await expect(up(input)).rejects.toMatchObject({
      code: 'lock-timeout',
      details: expect.stringMatching(
        /^Locks on its tables are held by:\n {2}no session \(postgres\), prepared, transaction open for .*\n {4}prepared transaction 'forgotten'$/,
      ),
      hint: expect.stringMatching(/ROLLBACK PREPARED.* run\.lockTimeout: 20 ms, run\.attempts: 3\.$/),
    })
  } finally {
    await Promise.all([connection.close(), other.close()])
  }
})

describe('the lock of the runner', () => {
  test('P6: is waited for until the deadline, naming the holder', async () => {
    const database = await createDatabase()
    const [connection, other] = [await database.connect(), await database.connect()]
    await other.run(`set application_name = 'another run'`)
    const migrations = await history({
      '1_a.sql': '-- migrate:up\ncreate table a ();\n-- migrate:down\ndrop table a;\n',
    })
    const mutex = { schema: 'migrate', waitMs: 0, clock: systemClock, random: () => 0, onWait: () => undefined }
    const refusal = await withRunnerLock(other, mutex, () =>
      refusalOf(up(upInput(connection, migrations, { waitForRunnerMs: 60 }))),
    )
    expect(refusal.code).toBe('runner-locked')
    expect(refusal.message).toMatch(
      /^Another run holds the lock of this database for 60 ms: pid \d+ \(another run, user \w+.*, connected since .*\)\.$/,
    )
    expect((await up(upInput(connection, migrations))).applied.map(({ id }) => id)).toEqual(['1'])
    const { rows } = await connection.query(
      `select count(*)::int as held from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`,
    )
    expect(rows).toEqual([{ held: 0 }])
  })

  test('S3, P6: keeps a waiting run from standing in the way of CREATE INDEX CONCURRENTLY', async () => {
    const database = await createDatabase()
    const setup = await database.connect()
    await setup.run('create table books as select g as id from generate_series(1, 20000) g')
    const migrations = await history({
      '1_index.sql':
        '-- migrate:up\ncreate index concurrently books_id_idx on books (id);\n-- migrate:down\ndrop index concurrently books_id_idx;\n',
    })
    const connections = await Promise.all(Array.from({ length: 4 }, () => database.connect()))
    const reports = await Promise.all(connections.map((connection) => up(upInput(connection, migrations))))
    expect(reports.map(({ applied }) => applied.length).toSorted()).toEqual([0, 0, 0, 1])
    const { rows } = await setup.query(
      `select indisvalid as valid from pg_index where indexrelid = 'books_id_idx'::regclass`,
    )
    expect(rows).toEqual([{ valid: true }])
  })
})

describe('an interruption', () => {
  test('cancels the statement on the server and rolls back', async () => {
    const database = await createDatabase()
    const [connection, watcher] = [await database.connect(), await database.connect()]
    const migrations = await history({
      '1_slow.sql': '-- migrate:up\ncreate table a ();\nselect pg_sleep(60);\n-- migrate:down\ndrop table a;\n',
    })
    const controller = new AbortController()
    const input = upInput(connection, migrations)
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'statement-started' && event.statement === 1) setImmediate(() => controller.abort('SIGTERM'))
    }
    expect(await refusalOf(up({ ...input, signal: controller.signal, onEvent }))).toMatchObject({ code: 'terminated' })
    const { rows } = await watcher.query(
      `select to_regclass('a') as a, count(*)::int as sleeping from pg_stat_activity where datname = current_database() and query ~ 'pg_sleep' and state = 'active' and pid <> pg_backend_pid()`,
    )
    expect(rows).toEqual([{ a: null, sleeping: 0 }])
    expect(await journalRows(connection)).toMatchObject({ migrations: [], runs: ['up tester failed terminated'] })
  })
})
