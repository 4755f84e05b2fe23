import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../src/core/time.ts'
import { connect } from '../../src/db/connect.ts'
import type { Gate } from '../../src/gates/gate.ts'
import { gateUse } from '../../src/app/gate-use.ts'
import { gates } from '../../src/gates/registry.gen.ts'
import type { Connection } from '../../src/model/database.ts'
import { askGate } from '../../src/run/ask.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { openJournal } from '../../src/run/journal.ts'
import { readJournal } from '../../src/run/journal/read.ts'
import { up } from '../../src/run/up.ts'
import { directory, migrate } from '../support/cli.ts'
import { eventually } from '../support/child-run.ts'
import { ownServer } from '../support/own-server.ts'
import { createDatabase } from '../support/postgres.ts'
import { replicated } from '../support/replica.ts'
import { guardedDatabase } from '../support/roles.ts'
import { history, refusalOf, upInput } from '../support/run.ts'

const table =
  'create table books (id int primary key, n int not null default 0); insert into books select generate_series(1, 500)'

function fill(gate: string): Readonly<Record<string, string>> {
  return {
    '1_fill.sql': `-- migrate:gate ${gate}\n-- migrate:backfill table:books key:id batch:50\n-- migrate:up\nupdate books set n = n + 1;\n-- migrate:down none because it counts\n`,
  }
}

/** The same gates; before the `ask`th answer of one, `act` happens. */
function before(id: string, ask: number, act: (connection: Connection) => Promise<void>): readonly Gate[] {
  let asked = 0
  return gates.map((gate) =>
    gate.id === id
      ? {
          ...gate,
          ask: async (context) => {
            asked += 1
            if (asked === ask) await act(context.connection)
            return gate.ask(context)
          },
        }
      : gate,
  )
}

async function column(connection: Connection, sql: string): Promise<readonly unknown[]> {
  const { rows } = await connection.query<{ value: unknown }>(sql)
  return rows.map(({ value }) => value)
}

/** Each row is counted up once. */
const counts = 'select sum(n)::int as value from books'
const verdicts = 'select status as value from migrate.verdict order by id'

async function verdictOn(connection: Connection, gate: string): Promise<unknown> {
  const migrations = await history(fill(gate))
  const [migration] = migrations
  const [use] = migration?.gates ?? []
  if (migration === undefined || use === undefined) throw new Error('It has no gate.')
  const journal = await readJournal(await openJournal(connection))
  const { verdict } = await askGate({ connection, journal, migrations, gates, clock: systemClock }, migration, use)
  return verdict
}

test('P15: a batch waits for a replica that has fallen behind, and goes on when it has caught up', async () => {
  const { primary, replica } = await replicated()
  const [connection, other] = await Promise.all([connect(primary.url()), connect(primary.url())])
  await connection.run(table)
  const events: RunEvent[] = []
  const atRest: unknown[] = []
  try {
    // Asked once before the migration and once before each batch: this is before its second one.
    const behind = before('replication-lag', 3, async (session) => {
      await replica.run('select pg_wal_replay_pause()')
      await session.run('create table more as select generate_series(1, 1000)')
      await eventually(
        () => column(other, `select replay_lag > '1s' as value from pg_stat_replication`),
        ([isBehind]) => isBehind === true,
      )
    })
    const clock = {
      ...systemClock,
      sleep: async (): Promise<void> => {
        atRest.push(...(await column(other, counts)))
        if (atRest.length === 2) await replica.run('select pg_wal_replay_resume()')
        await systemClock.sleep(100)
      },
    }
    const input = upInput(connection, await history(fill('replication-lag max-lag:1s')), {}, events)
    const { applied } = await up({ ...input, gates: behind, clock })
    expect(applied.map(({ id }) => id)).toEqual(['1'])
    expect(new Set(atRest)).toEqual(new Set([50]))
    expect(await column(other, counts)).toEqual([500])
    expect(events.flatMap((event) => (event.kind === 'backfill-waits' ? [event.reason] : []))).toEqual([
      expect.stringMatching(
        /^replication-lag max-lag:1s is closed: reader \(pid \d+\) is .+ behind; the limit is 1\.0 s$/,
      ),
    ])
    expect(await column(other, verdicts)).toEqual(['open', 'closed'])
  } finally {
    await Promise.all([connection.close(), other.close()])
  }
})

test('P15: a backfill whose gate stays shut stops between two batches, and the next run goes on there', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run(table)
  const slot = `slot_${Date.now()}`
  const shut = before('slot-lag', 3, async (session) => {
    await session.query(`select pg_create_physical_replication_slot($1, true)`, [slot])
    await session.run('create table more as select generate_series(1, 1000)')
  })
  const migrations = await history(fill('slot-lag max:1kB'))
  const drop = (): Promise<unknown> => connection.query('select pg_drop_replication_slot($1)', [slot])
  try {
    const input = upInput(connection, migrations, { limits: { gate: 1 } })
    const clock = { ...systemClock, sleep: () => systemClock.sleep(2) }
    expect(await refusalOf(up({ ...input, gates: shut, clock }))).toMatchObject({
      code: 'backfill-halfway',
      message: expect.stringMatching(
        /^The backfill 1 waited \d+ ms before its next batch: slot-lag max:1kB is closed: the slot slot_\d+ \(physical, without a consumer\) is .+ behind; the limit is 1 kB\.$/,
      ),
    })
    expect(await column(connection, counts)).toEqual([50])
    // Then the whole migration is held back by it.
    expect((await up(upInput(connection, migrations))).held).toMatchObject([{ migration: '1', reason: 'gate' }])
  } finally {
    await drop()
  }
  await up(upInput(connection, migrations))
  expect(await column(connection, counts)).toEqual([500])
})

test('P15: a gate of the configuration is asked before each batch of every backfill; its own limit takes its place', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run(table)
  const slot = `slot_${Date.now()}`
  const drop = (): Promise<unknown> => connection.query('select pg_drop_replication_slot($1)', [slot])
  const configured = [gateUse('slot-lag', ['max:1kB'])]
  const clock = { ...systemClock, sleep: () => systemClock.sleep(2) }
  const run = async (own: string, shutBefore: number): ReturnType<typeof up> => {
    const shut = before('slot-lag', shutBefore, async (session) => {
      await session.query(`select pg_create_physical_replication_slot($1, true)`, [slot])
      await session.run('create table if not exists more as select generate_series(1, 1000)')
    })
    const input = upInput(connection, await history(fill(own)), { limits: { gate: 1 }, batchGates: configured })
    return up({ ...input, gates: shut, clock })
  }
  try {
    // Never asked before the migration as a whole, so the second answer is the one before the second batch.
    expect(await refusalOf(run('long-transactions', 2))).toMatchObject({
      code: 'backfill-halfway',
      message: expect.stringContaining('before its next batch: slot-lag max:1kB is closed'),
    })
    expect(await column(connection, counts)).toEqual([50])
    await drop()
    expect((await run('slot-lag max:1GB', 2)).applied.map(({ id }) => id)).toEqual(['1'])
    expect(await column(connection, counts)).toEqual([500])
  } finally {
    await drop().catch(() => undefined)
  }
})

test.each([
  ['no-such-gate', 'run.batchGates.0: There is no gate "no-such-gate".'],
  ['approval', 'run.batchGates.0: The gate approval is not one that batches may shut.'],
  ['replication-lag max-lag', 'run.batchGates.0: "max-lag" is not an option of a gate.'],
  ['replication-lag max-lag:soon', 'run.batchGates.0: The option "max-lag" of the gate replication-lag is wrong'],
  ['', 'run.batchGates.0: There is no gate "".'],
])('the configuration names "%s" for batches: refused before anything runs', async (text, message) => {
  const { url, connect: direct } = await createDatabase()
  const cwd = await directory({
    'migrate.config.json': JSON.stringify({ run: { batchGates: [text] } }),
    'migrations/1_a.sql': '-- migrate:up\ncreate table a ();\n-- migrate:down\ndrop table a;\n',
  })
  const { code, stderr } = await migrate(['up', '--url', url], { cwd })
  expect({ code, said: stderr.replaceAll(/\s+/g, ' ') }).toEqual({
    code: 2,
    said: expect.stringContaining(message),
  })
  expect(await column(await direct(), `select to_regclass('a')::text as value`)).toEqual([null])
})

test('what is asked before each batch stands in the dry run and in its plan, and is asked by the run with that plan', async () => {
  const { url, connect: direct } = await createDatabase()
  const connection = await direct()
  await connection.run(table)
  const configured = (batchGates: readonly string[]): string => JSON.stringify({ run: { batchGates } })
  const cwd = await directory({
    'migrate.config.json': configured(['replication-lag max-lag:10s', 'slot-lag max:1GB']),
    ...Object.fromEntries(Object.entries(fill('slot-lag max:2GB')).map(([name, text]) => [`migrations/${name}`, text])),
    'migrations/2_more.sql': '-- migrate:up\ncreate table more ();\n-- migrate:down\ndrop table more;\n',
  })
  const run = (...words: readonly string[]): ReturnType<typeof migrate> =>
    migrate(['up', ...words, '--url', url], { cwd })
  const { code, stdout } = await run('--dry-run', '--output', 'plan.json')
  expect({ code, lines: stdout.split('\n').filter((line) => line.includes('before each batch')) }).toEqual({
    code: 0,
    lines: ['    before each batch: slot-lag max:2GB, replication-lag max-lag:10s'],
  })
  const lag = { gate: 'replication-lag', options: { 'max-lag': '10s' } }
  expect(JSON.parse((await run('--dry-run', '--json')).stdout)).toMatchObject({
    plan: {
      asked: { batchGates: [lag, { gate: 'slot-lag', options: { max: '1GB' } }] },
      migrations: [{ batchGates: [{ gate: 'slot-lag', options: { max: '2GB' } }, lag] }, { batchGates: [] }],
    },
  })
  // What was reviewed is what is asked, whatever the configuration says by then: this one would be refused.
  await writeFile(join(cwd, 'migrate.config.json'), configured(['approval']))
  expect(await run('--plan', 'plan.json')).toMatchObject({ code: 0 })
  expect(await column(connection, counts)).toEqual([500])
})

test('P15: without such a gate nobody is asked', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run(table)
  const events: RunEvent[] = []
  await up(upInput(connection, await history(fill('long-transactions')), {}, events))
  expect(events.filter(({ kind }) => kind === 'gate-asked')).toHaveLength(1)
  expect(await column(connection, verdicts)).toEqual(['open'])
})

test('archive-lag and slot-lag tell how much waits', async () => {
  const server = await ownServer(() =>
    Promise.resolve([
      'wal_level=logical',
      'max_replication_slots=4',
      'max_wal_senders=4',
      'archive_mode=on',
      'archive_command=false',
    ]),
  )
  const connection = await connect(server.url())
  try {
    expect(await verdictOn(connection, 'slot-lag')).toEqual({
      status: 'open',
      evidence: 'no replication slot keeps any WAL',
    })
    expect(await verdictOn(connection, 'archive-lag')).toEqual({
      status: 'open',
      evidence: '0 WAL files wait for the archive',
    })
    await connection.query(`select pg_create_logical_replication_slot('cdc', 'test_decoding')`).catch(() => undefined)
    await connection.query(`select pg_create_physical_replication_slot('away', true)`)
    await connection.run('create table more as select generate_series(1, 1000)')
    await connection.query('select pg_switch_wal()')
    expect(await verdictOn(connection, 'archive-lag max-files:1')).toEqual({
      status: 'open',
      evidence: '1 WAL file waits for the archive',
    })
    await connection.run('insert into more values (1)')
    await connection.query('select pg_switch_wal()')
    expect(await verdictOn(connection, 'archive-lag max-files:1')).toMatchObject({
      status: 'closed',
      reason: '2 WAL files wait for the archive; the limit is 1',
    })
    expect(await verdictOn(connection, 'slot-lag max:1GB')).toMatchObject({
      status: 'open',
      evidence: expect.stringMatching(/^\d replication slots?, at most [\d.]+ MB behind$/),
    })
    expect(await verdictOn(connection, 'slot-lag max:1MB')).toMatchObject({ status: 'closed' })
  } finally {
    await connection.close()
  }
})

test('archive-lag where nothing is archived, and where the role may not look', async () => {
  const database = await guardedDatabase()
  expect(await verdictOn(await database.connect(), 'archive-lag')).toEqual({
    status: 'open',
    evidence: 'the server archives nothing',
  })
  const server = await ownServer(() =>
    Promise.resolve(['wal_level=replica', 'archive_mode=on', 'archive_command=true']),
  )
  await server.run('create role blind login')
  const connection = await connect(server.url({ user: 'blind', password: '' }))
  expect(await verdictOn(connection, 'archive-lag').finally(() => connection.close())).toEqual({
    status: 'unknown',
    reason: 'this role may not see what waits for the archive. GRANT pg_monitor to it',
  })
})
