import { expect, test } from 'vitest'
import type { Connection } from '../../src/model/database.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { up } from '../../src/run/up.ts'
import { eventually } from '../support/child-run.ts'
import { createDatabase } from '../support/postgres.ts'
import { history, journalRows, refusalOf, upInput } from '../support/run.ts'

const file = (sql: string): string => `-- migrate:up\n${sql}\n-- migrate:down\nselect 1;\n`

/** What is sent together, without settings and the journal's rows. */
function noting(connection: Connection, sent: string[]): Connection {
  const shown = (sql: string): boolean => !/^(set local|with applied)/.test(sql)
  const wrapped: Connection = {
    kind: connection.kind,
    versionNumber: connection.versionNumber,
    query: (sql, parameters) => connection.query(sql, parameters),
    run: (sql) => {
      if (sql === 'commit' || sql === 'rollback') sent.push(sql)
      return connection.run(sql)
    },
    series: (steps) => {
      sent.push(
        steps
          .map(({ sql }) => sql)
          .filter(shown)
          .join('; '),
      )
      return connection.series(steps)
    },
    readySeries: (steps) => () => wrapped.series(steps),
    describe: (sql) => connection.describe(sql),
    texts: (sql) => connection.texts(sql),
    onNotice: (listen) => connection.onNotice(listen),
    cancel: () => connection.cancel(),
    close: () => connection.close(),
  }
  return wrapped
}

/** What happened, in a word each. */
function told(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.kind === 'statement-started') return [`${event.migration} statement ${event.statement}`]
    return 'migration' in event && event.migration !== undefined ? [`${event.migration} ${event.kind}`] : []
  })
}

test('a migration leaves with the COMMIT of the one before it, and events keep their order', async () => {
  const connection = await (await createDatabase()).connect()
  const [sent, events]: [string[], RunEvent[]] = [[], []]
  const files = {
    '1_a.sql': file('create table a ();'),
    '2_b.sql': file('create table b ();\ncreate table c ();'),
    '3_d.sql': file('create table d ();'),
  }
  const report = await up(upInput(noting(connection, sent), await history(files), {}, events))
  expect(report.applied.map(({ id, attempts }) => [id, attempts])).toEqual([
    ['1', 1],
    ['2', 1],
    ['3', 1],
  ])
  expect(sent.slice(sent.indexOf('begin; create table a ()'))).toEqual([
    'begin; create table a ()',
    'commit; begin; create table b (); create table c ()',
    'commit; begin; create table d ()',
    'commit',
  ])
  expect(told(events)).toEqual([
    '1 migration-started',
    '1 statement 0',
    '1 migration-applied',
    '2 migration-started',
    '2 statement 0',
    '2 statement 1',
    '2 migration-applied',
    '3 migration-started',
    '3 statement 0',
    '3 migration-applied',
  ])
})

test('nothing leaves ahead where something is asked in between, or more is not wanted', async () => {
  const files = {
    '1_a.sql': `-- migrate:check select true\n${file('create table a ();')}`,
    '2_b.sql': file('create table b ();'),
    '3_c.sql': `-- migrate:gate approval\n${file('create table c ();')}`,
    '4_d.sql': file('create table d ();'),
    '5_e.sql': '-- migrate:up transaction:false\ncreate table e ();\n-- migrate:down\ndrop table e;\n',
    '6_f.sql': file('create table f ();'),
  }
  const connection = await (await createDatabase()).connect()
  const sent: string[] = []
  const report = await up(upInput(noting(connection, sent), await history(files), { to: '5' }))
  expect(report.applied.map(({ id }) => id)).toEqual(['1', '2', '4', '5'])
  expect(sent.filter((one) => one.startsWith('commit;'))).toEqual([])
  expect((await connection.query(`select to_regclass('c') as c, to_regclass('f') as f`)).rows).toEqual([
    { c: null, f: null },
  ])
})

test('where COMMIT fails, what was sent with it is not run', async () => {
  const connection = await (await createDatabase()).connect()
  const events: RunEvent[] = []
  const deferred = 'create table a (id int unique deferrable initially deferred);\ninsert into a values (1), (1);'
  const files = { '1_a.sql': file(deferred), '2_b.sql': file('create table b ();') }
  const refusal = await refusalOf(up(upInput(connection, await history(files), {}, events)))
  expect([refusal.code, refusal.message]).toEqual(['migration-failed', expect.stringContaining('duplicate key value')])
  expect(told(events).filter((one) => one.startsWith('2'))).toEqual([])
  expect((await connection.query(`select to_regclass('a') as a, to_regclass('b') as b`)).rows).toEqual([
    { a: null, b: null },
  ])
  expect(await journalRows(connection)).toMatchObject({ migrations: [], steps: ['1 up rolled-back 23505'] })
  await connection.run('create table still_usable ()')
})

test('where the one that was sent ahead fails, it is the one that failed, and the one before it is kept', async () => {
  const connection = await (await createDatabase()).connect()
  const files = {
    '1_a.sql': file('create table a ();'),
    '2_b.sql': file('create table b ();\nselect 1 / 0;'),
    '3_c.sql': file('create table c ();'),
  }
  expect(await refusalOf(up(upInput(connection, await history(files))))).toMatchObject({
    code: 'migration-failed',
    at: { path: '2_b.sql', line: 3, column: 1 },
  })
  expect((await connection.query(`select to_regclass('a') is not null as a, to_regclass('b') as b`)).rows).toEqual([
    { a: true, b: null },
  ])
  expect(await journalRows(connection)).toMatchObject({
    migrations: ['1'],
    steps: ['1 up done', '2 up 1 rolled-back 22012'],
  })
})

test('a lock that the one ahead does not get is tried for again', async () => {
  const database = await createDatabase()
  const [connection, holder] = [await database.connect(), await database.connect()]
  await holder.run('create table books (id int)')
  await holder.run('begin; lock table books in access share mode')
  const files = { '1_a.sql': file('create table a ();'), '2_b.sql': file('alter table books add column isbn text;') }
  const lock = { timeoutsMs: [20, 20, 20], pauseFactor: 1 }
  let released: Promise<void> | undefined
  const onEvent = (event: RunEvent): void => {
    if (event.kind === 'lock-wait') released ??= holder.run('commit')
  }
  const report = await up({ ...upInput(connection, await history(files), { lock }), onEvent })
  await released
  expect(report.applied.map(({ id, attempts }) => [id, attempts])).toEqual([
    ['1', 1],
    ['2', 2],
  ])
})

test('P6: a run that is told to end while the one ahead works ends it on the server, and keeps the one before it', async () => {
  const database = await createDatabase()
  const [connection, other] = [await database.connect(), await database.connect()]
  const files = { '1_a.sql': file('create table a ();'), '2_b.sql': file('create table b ();\nselect pg_sleep(60);') }
  const controller = new AbortController()
  const input = upInput(connection, await history(files))
  // Between the two: nobody waits for what is on its way yet.
  const onEvent = (event: RunEvent): void => {
    if (event.kind === 'migration-applied') controller.abort('SIGTERM')
  }
  expect(await refusalOf(up({ ...input, onEvent, signal: controller.signal }))).toMatchObject({ code: 'terminated' })
  const busy = async (): Promise<number | undefined> => {
    const { rows } = await other.query<{ busy: number }>(
      `select count(*)::int as busy from pg_stat_activity
        where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`,
    )
    return rows[0]?.busy
  }
  expect(await eventually(busy, (sessions) => sessions === 0)).toBe(0)
  expect((await other.query(`select to_regclass('a') is not null as a, to_regclass('b') as b`)).rows).toEqual([
    { a: true, b: null },
  ])
  expect((await journalRows(other)).migrations).toEqual(['1'])
})

test('what an event throws leaves nothing open behind', async () => {
  const connection = await (await createDatabase()).connect()
  const files = { '1_a.sql': file('create table a ();'), '2_b.sql': file('create table b ();') }
  const onEvent = (event: RunEvent): void => {
    if (event.kind === 'migration-applied') throw new Error('the terminal is gone')
  }
  const input = { ...upInput(connection, await history(files)), onEvent }
  expect((await refusalOf(up(input))).message).toBe('the terminal is gone')
  expect(await journalRows(connection)).toMatchObject({ migrations: ['1'], runs: ['up tester failed bug'] })
  const { rows } = await connection.query(`select to_regclass('b') as b, pg_current_xact_id_if_assigned() as open`)
  expect(rows).toEqual([{ b: null, open: null }])
})

test.each([
  ['by name', 'deallocate all;'],
  ['in a block', `do $$ begin execute 'deallocate all'; end $$;`],
])('statements that the server keeps for the run may be given up %s', async (_, sql) => {
  const connection = await (await createDatabase()).connect()
  const files = {
    '1_a.sql': file('create table a ();'),
    '2_b.sql': file(sql),
    '3_c.sql': file('create table c ();'),
    '4_d.sql': file('create table d ();'),
  }
  await up(upInput(connection, await history(files)))
  expect((await journalRows(connection)).migrations).toEqual(['1', '2', '3', '4'])
})
