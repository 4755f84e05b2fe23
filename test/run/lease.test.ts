import { expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import type { SeriesStep } from '../../src/model/database.ts'
import { systemClock } from '../../src/core/time.ts'
import { lockKey, withRunnerLock } from '../../src/run/mutex.ts'
import { type UpInput, up } from '../../src/run/up.ts'
import { eventually } from '../support/child-run.ts'
import { directory, migrate, startMigrate } from '../support/cli.ts'
import { pgbouncer } from '../support/pgbouncer.ts'
import { type TestDatabase, createDatabase } from '../support/postgres.ts'
import { history, journalRows, refusalOf, upInput } from '../support/run.ts'

const files = {
  'migrations/20260101000000_books.sql':
    '-- migrate:up\ncreate table books (id bigint primary key, title text);\ninsert into books select generate_series(1, 3000);\n\n-- migrate:down\ndrop table books;\n',
  'migrations/20260102000000_titles.sql':
    "-- migrate:phase backfill\n\n-- migrate:up\n-- migrate:backfill table:books key:id batch:1000\nupdate books set title = 'none' where title is null;\n\n-- migrate:down none because the rows had no title\n",
  'migrations/20260103000000_index.sql':
    '-- migrate:up\ncreate index concurrently books_title_idx on books (title);\n\n-- migrate:down\ndrop index concurrently books_title_idx;\n',
}

test('P7: with a lease a run goes through a transaction pooler, and leaves nothing there', async () => {
  const { url, connect: direct } = await createDatabase()
  const pooled = await pgbouncer(new URL(url).pathname.slice(1), 'transaction')
  const cwd = await directory(files)
  const applied = await migrate(['up', '--lease', '10s', '--url', pooled], { cwd })
  expect({ code: applied.code, stdout: applied.stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining('3 migrations applied.'),
  })
  const reverted = await migrate(['down', '--lease', '10s', '--unproven', '--yes', '--url', pooled], { cwd })
  expect({ code: reverted.code, stderr: reverted.stderr }).toMatchObject({ code: 0 })
  const observer = await direct()
  expect((await observer.query('select holder, token::int from migrate.lease')).rows).toEqual([
    { holder: null, token: 2 },
  ])
  expect(
    (await observer.query(`select count(title)::int as n, to_regclass('books_title_idx') as i from books`)).rows,
  ).toEqual([{ n: 3000, i: null }])
  const next = await connect(pooled)
  const { rows } = await next.query(
    `select name from pg_settings where source = 'session' and name not in ('application_name', 'client_encoding')`,
  )
  await next.close()
  expect(rows).toEqual([])
  expect((await observer.query(`select from pg_locks where locktype = 'advisory'`)).rows).toEqual([])
})

test.each([
  ['in a transaction', '-- migrate:up\n'],
  ['in a batch', '-- migrate:phase backfill\n-- migrate:backfill table:slow key:id\n-- migrate:up\n'],
])('P3: a killed run with a lease leaves nothing at work behind the pooler: %s', async (_, head) => {
  const { url, connect: direct } = await createDatabase()
  const observer = await direct()
  await observer.run('create table slow as select 1::bigint as id; alter table slow add primary key (id)')
  const pooled = await pgbouncer(new URL(url).pathname.slice(1), 'transaction')
  const cwd = await directory({
    'migrate.config.json': JSON.stringify({ run: { limits: { batch: '1h', brief: '1h' } } }),
    'migrations/1_slow.sql': `${head}update slow set id = id where pg_sleep(600) is not null;\n-- migrate:down\nselect 1;\n`,
  })
  const run = startMigrate(['up', '--lease', '10s', '--url', pooled], { cwd })
  const busy = `select pid from pg_stat_activity where query ~ 'pg_sleep' and state = 'active' and pid <> pg_backend_pid() and datname = current_database()`
  const sessions = (): Promise<number> => observer.query(busy).then(({ rows }) => rows.length)
  await eventually(sessions, (n) => n === 1)
  run.signal('SIGKILL')
  expect((await run.ended).code).toBe(null)
  expect(await eventually(sessions, (n) => n === 0)).toBe(0)
})

async function leased(database: TestDatabase, sql: string, options: UpInput['options'] = {}): Promise<UpInput> {
  const migrations = await history({ '1_a.sql': `-- migrate:up\n${sql}\n-- migrate:down\nselect 1;\n` })
  const input = upInput(await database.connect(), migrations, { leaseMs: 600_000, ...options })
  return { ...input, openAnother: () => database.connect() }
}

test('a run with a lease and one with the lock keep each other out, and are told who it is', async () => {
  const database = await createDatabase()
  const first = await leased(database, 'create table a ();')
  await up(first)
  const migrations = [
    ...first.migrations,
    ...(await history({ '2_b.sql': '-- migrate:up\ncreate table b ();\n-- migrate:down\nselect 1;\n' })),
  ]
  const withLease = { ...first, migrations, options: { leaseMs: 600_000, waitForRunnerMs: 0 } }
  const withLock = upInput(await database.connect(), migrations, { waitForRunnerMs: 0 })
  const holder = await database.connect()
  const mutex = { schema: 'migrate', waitMs: 0, clock: systemClock, random: () => 0, onWait: () => undefined }
  expect(await withRunnerLock(holder, mutex, () => refusalOf(up(withLease)))).toMatchObject({ code: 'runner-locked' })
  await holder.run(
    `update migrate.lease set holder = 'ann on build-3', expires_at = clock_timestamp() + interval '1 h'`,
  )
  for (const input of [withLease, withLock]) {
    expect(await refusalOf(up(input))).toMatchObject({
      code: 'runner-locked',
      message: expect.stringContaining('The run of ann on build-3 holds the lease of this database'),
    })
  }
  const { rows } = await holder.query(
    `select pg_try_advisory_lock(${lockKey('migrate')}::bigint) as free, to_regclass('b') as b`,
  )
  expect(rows).toEqual([{ free: true, b: null }])
})

test('P7: who has lost its lease commits nothing', async () => {
  const database = await createDatabase()
  const thief = await database.connect()
  const input = await leased(database, 'create table a ();')
  let stolen: Promise<unknown> | undefined
  const steal = `update migrate.lease set token = token + 1, holder = 'another'`
  const connection = input.connection
  const slow: UpInput['connection'] = Object.create(connection, {
    run: { value: connection.run.bind(connection) },
    series: {
      value: async (steps: readonly SeriesStep[]) => {
        await connection.series(steps)
        if (steps.some(({ sql }) => sql === 'create table a ()')) await (stolen = thief.query(steal))
      },
    },
    query: { value: connection.query.bind(connection) },
    kind: { value: connection.kind },
    versionNumber: { value: connection.versionNumber },
    cancel: { value: connection.cancel.bind(connection) },
  })
  expect(await refusalOf(up({ ...input, connection: slow }))).toMatchObject({ code: 'lease-lost' })
  expect(stolen).toBeDefined()
  expect((await thief.query(`select to_regclass('a') as a`)).rows).toEqual([{ a: null }])
  expect((await journalRows(thief)).migrations).toEqual([])
})

test('a run whose lease ran out may still write down its own end', async () => {
  const database = await createDatabase()
  const observer = await database.connect()
  await up(await leased(database, 'create table a ();'))
  await observer.run(`update migrate.run set outcome = null, ended_at = null`)
  const migrations = await history({
    '1_a.sql': '-- migrate:up\ncreate table a ();\n-- migrate:down\nselect 1;\n',
    '2_b.sql': '-- migrate:up\ncreate table b ();\n-- migrate:down\nselect 1;\n',
  })
  await up(upInput(await database.connect(), migrations))
  expect((await journalRows(observer)).runs).toEqual(['up tester open', 'up tester done'])
})

test('a lease that ran out goes to the next run, with a new token', async () => {
  const database = await createDatabase()
  const first = await leased(database, 'create table a ();')
  await up(first)
  const observer = await database.connect()
  await observer.run(
    `update migrate.lease set holder = 'a run that died', expires_at = clock_timestamp() - interval '1 s'`,
  )
  const migrations = [
    ...first.migrations,
    ...(await history({ '2_b.sql': '-- migrate:up\ncreate table b ();\n-- migrate:down\nselect 1;\n' })),
  ]
  expect((await up({ ...first, migrations })).applied.map(({ id }) => id)).toEqual(['2'])
  // One for each run, and one that took it from the run that died.
  expect((await observer.query('select token::int, holder from migrate.lease')).rows).toEqual([
    { token: 3, holder: null },
  ])
})
