import { describe, expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { ToolkitError } from '../../src/core/errors.ts'
import { systemClock } from '../../src/core/time.ts'
import { judge } from '../../src/gates/replication-lag.ts'
import { gates } from '../../src/gates/registry.gen.ts'
import type { Connection } from '../../src/model/database.ts'
import type { AskedVerdict, Verdict } from '../../src/model/verdict.ts'
import { approve } from '../../src/run/approve.ts'
import { askGate, checkGates } from '../../src/run/ask.ts'
import { heldText } from '../../src/run/held-text.ts'
import { openJournal } from '../../src/run/journal.ts'
import { readJournal } from '../../src/run/journal/read.ts'
import { status } from '../../src/run/status.ts'
import { up } from '../../src/run/up.ts'
import { directory, migrate } from '../support/cli.ts'
import { createDatabase, runAsAdmin } from '../support/postgres.ts'
import { history, refusalOf, upInput } from '../support/run.ts'

const expand = `-- migrate:change mail
-- migrate:up
alter table users add column email text;
-- migrate:down
alter table users drop column email;
`
const fill = `-- migrate:change mail
-- migrate:phase backfill
-- migrate:backfill table:users key:id

-- migrate:up
update users set email = mail;
-- migrate:down none because the column goes anyway
`
const contract = (gate: string): string => `-- migrate:change mail
-- migrate:phase contract
-- migrate:gate ${gate}

-- migrate:up
alter table users drop column mail;
-- migrate:down
alter table users add column mail text;
`
const users = 'create table users (id int primary key, mail text)'

async function ask(connection: Connection, files: Readonly<Record<string, string>>): Promise<Verdict> {
  const migrations = await history(files)
  const journal = await readJournal(await openJournal(connection))
  const last = migrations.at(-1)
  const use = last?.gates[0]
  if (last === undefined || use === undefined) throw new Error('The last migration has no gate.')
  const asked: AskedVerdict = await askGate({ connection, journal, migrations, gates, clock: systemClock }, last, use)
  return asked.verdict
}

describe('approval', () => {
  test('is closed until somebody approves, and again when a file of the change is edited', async () => {
    const connection = await (await createDatabase()).connect()
    const files = { '1_expand.sql': expand, '3_contract.sql': contract('approval') }
    expect(await ask(connection, files)).toEqual({
      status: 'closed',
      reason: 'nobody approved it yet. Approve with: migrate approve mail',
    })
    const given = await approve({
      connection,
      migrations: await history(files),
      subject: 'mail',
      by: 'Ada',
      clock: systemClock,
    })
    expect(await ask(connection, files)).toEqual({
      status: 'open',
      evidence: `approved by Ada at ${given.at.toISOString()}`,
    })
    expect(await ask(connection, { ...files, '1_expand.sql': `-- only a comment\n${expand}` })).toMatchObject({
      status: 'open',
    })
    expect(await ask(connection, { ...files, '1_expand.sql': expand.replace('email text', 'email varchar') })).toEqual({
      status: 'closed',
      reason: `the approval by Ada at ${given.at.toISOString()} was for other files: "mail" was changed after it. Approve again with: migrate approve mail`,
    })
  })

  test('counts people, not approvals; a migration can be approved by its id', async () => {
    const connection = await (await createDatabase()).connect()
    const files = { '3_contract.sql': contract('approval count:2') }
    const input = { connection, migrations: await history(files), clock: systemClock }
    await approve({ ...input, subject: '3', by: 'Ada' })
    await approve({ ...input, subject: 'mail', by: 'Ada' })
    expect(await ask(connection, files)).toEqual({
      status: 'closed',
      reason: 'approved by 1 of 2 people: Ada. Approve with: migrate approve mail',
    })
    await approve({ ...input, subject: 'mail', by: 'Grace' })
    expect(await ask(connection, files)).toMatchObject({ status: 'open' })
    expect(await refusalOf(approve({ ...input, subject: 'mial', by: 'Ada' }))).toMatchObject({
      code: 'migration-unknown',
    })
  })
})

describe('backfill-complete', () => {
  test('is closed until every backfill of the change is done, unknown where there is none', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run(users)
    const files = { '1_expand.sql': expand, '2_fill.sql': fill, '3_contract.sql': contract('backfill-complete') }
    expect(await ask(connection, files)).toEqual({
      status: 'closed',
      reason: '2 has not begun. Run: migrate up --phase backfill',
    })
    await up(upInput(connection, await history(files), { to: '2' }))
    expect(await ask(connection, files)).toEqual({ status: 'open', evidence: '1 backfill of "mail" done: 2' })
    expect(await ask(connection, { '3_contract.sql': contract('backfill-complete') })).toEqual({
      status: 'unknown',
      reason: 'the change "mail" has no backfill',
    })
    const alone = contract('backfill-complete').replace('-- migrate:change mail\n', '')
    expect(await ask(connection, { '3_contract.sql': alone })).toMatchObject({ status: 'unknown' })
  })
})

describe('long-transactions', () => {
  const files = { '3_contract.sql': contract('long-transactions max-age:50ms') }

  test('is closed while a transaction is older than the limit, open when it ends', async () => {
    const database = await createDatabase()
    const [connection, holder] = [await database.connect(), await database.connect()]
    expect(await ask(connection, files)).toEqual({ status: 'open', evidence: 'no other transaction is open' })
    await holder.run(`set application_name = 'report'`)
    await holder.run('begin')
    await holder.query('select pg_sleep(0.06)')
    const closed = await ask(connection, files)
    expect(closed.status === 'closed' ? closed.reason : closed).toMatch(
      /^1 transaction open for longer than 50 ms; the oldest is pid \d+ \(report, user \w+\), \d+ ms$/,
    )
    await holder.run('commit')
    expect(await ask(connection, files)).toMatchObject({ status: 'open' })
  })

  test('is unknown to a role that may not see other users', async () => {
    const database = await createDatabase()
    const role = `blind_${Math.random().toString(36).slice(2)}`
    const [connection, other] = [await database.connect(), await database.connect()]
    await runAsAdmin(`create role ${role}`)
    try {
      await other.run('select 1')
      await connection.run(`set role ${role}`)
      expect(await ask(connection, files)).toEqual({
        status: 'unknown',
        reason: 'this role may not see 1 session of other users. GRANT pg_read_all_stats to it',
      })
    } finally {
      await connection.run('reset role')
      await runAsAdmin(`drop role ${role}`)
    }
  })
})

test('asked by the name of a change, whose migrations have the gates: they are named', async () => {
  const { url } = await createDatabase()
  const named = (id: string): string =>
    `-- migrate:change books-title\n-- migrate:gate approval\n-- migrate:up\ncreate table t${id} ();\n-- migrate:down\ndrop table t${id};\n`
  const cwd = await directory({ 'migrations/1_a.sql': named('1'), 'migrations/2_b.sql': named('2') })
  const { code, stderr } = await migrate(['gate', 'books-title', '--url', url], { cwd })
  expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([2, expect.stringContaining('Name one of them: 1 and 2.')])
})

describe('replication-lag', () => {
  test('without replicas it is open and says so, also embedded', async () => {
    const files = { '3_contract.sql': contract('replication-lag') }
    const connection = await (await createDatabase()).connect()
    expect(await ask(connection, files)).toEqual({ status: 'open', evidence: 'no replica is connected' })
    const embedded = await connect('pglite://memory')
    expect(await ask(embedded, files).finally(() => embedded.close())).toEqual({
      status: 'open',
      evidence: 'no replica is connected',
    })
  })

  test.each([
    [
      { state: 'streaming', lagMs: 1500, behindBytes: 9 },
      { status: 'open', evidence: '1 replica, at most 1.5 s behind' },
    ],
    [
      { state: 'streaming', lagMs: null, behindBytes: 0 },
      { status: 'open', evidence: '1 replica, at most 0 ms behind' },
    ],
    [
      { state: 'streaming', lagMs: 3000, behindBytes: 9 },
      { status: 'closed', reason: 'r is 3.0 s behind; the limit is 2.0 s', askAgainAfterMs: 5000 },
    ],
    [
      { state: 'catchup', lagMs: 5, behindBytes: 9 },
      { status: 'closed', reason: 'r is not streaming yet: its state is catchup', askAgainAfterMs: 5000 },
    ],
    [
      { state: null, lagMs: null, behindBytes: null },
      { status: 'unknown', reason: 'this role may not see 1 replica. GRANT pg_read_all_stats to it' },
    ],
    [
      { state: 'streaming', lagMs: null, behindBytes: 64 },
      { status: 'unknown', reason: 'r does not report how far behind it is' },
    ],
  ])('P15: a replica with %o', (replica, verdict) => {
    expect(judge([{ name: 'r', ...replica }], 2000)).toEqual(verdict)
  })
})

describe('in a run', () => {
  test('a contract waits behind its gate, later work goes on, and it is applied when the gate opens', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run(users)
    const files = {
      '1_expand.sql': expand,
      '2_fill.sql': fill,
      '3_contract.sql': contract('approval'),
      '4_other.sql': '-- migrate:up\ncreate table shelves (id int);\n-- migrate:down\ndrop table shelves;\n',
      '5_same_table.sql':
        '-- migrate:up\nalter table users add column age int;\n-- migrate:down\nalter table users drop column age;\n',
    }
    const migrations = await history(files)
    const first = await up(upInput(connection, migrations))
    expect({
      applied: first.applied.map(({ id }) => id),
      held: first.held.map((held) => `${held.migration}: ${heldText(held)}`),
    }).toEqual({
      applied: ['1', '2', '4'],
      held: [
        '3: approval is closed: nobody approved it yet. Approve with: migrate approve mail',
        '5: waits for 3, which touches the same tables, or hides what it touches',
      ],
    })
    const report = await status({ connection, migrations, gates, clock: systemClock })
    expect(report.pending.map(({ id, held }) => ({ id, reason: held?.reason }))).toEqual([
      { id: '3', reason: 'gate' },
      { id: '5', reason: 'dependency' },
    ])
    await approve({ connection, migrations, subject: 'mail', by: 'Ada', clock: systemClock })
    expect((await up(upInput(connection, migrations))).applied.map(({ id }) => id)).toEqual(['3', '5'])
    const { rows } = await connection.query('select migration, gate, status from migrate.verdict order by id')
    expect(rows).toEqual([
      { migration: '3', gate: 'approval', status: 'closed' },
      { migration: '3', gate: 'approval', status: 'open' },
    ])
  })
})

test('a gate that does not exist, an option it does not take, a value that is none', async () => {
  const refusals = ['long-transactions max-aeg:1m', 'long-transactions max-age:soon', 'approval count:0'].map(
    async (gate) => {
      const migrations = await history({ '3_contract.sql': contract(gate) })
      try {
        checkGates(migrations, gates)
      } catch (error) {
        if (error instanceof ToolkitError)
          return { code: error.code, message: error.message, hint: error.hint, at: error.at }
      }
      return undefined
    },
  )
  const at = { path: '3_contract.sql', line: 3, column: 1 }
  expect(await Promise.all(refusals)).toEqual([
    {
      code: 'gate-invalid',
      message: 'The gate long-transactions takes no option "max-aeg".',
      hint: 'Did you mean "max-age"?',
      at,
    },
    {
      code: 'gate-invalid',
      message: 'The option "max-age" of the gate long-transactions is wrong: "soon" is not a duration.',
      hint: 'It says how long a transaction may be open. Write for instance max-age:30s.',
      at,
    },
    {
      code: 'gate-invalid',
      message: 'The option "count" of the gate approval is wrong: "0" is not a whole number from 1.',
      hint: 'It says how many different people must have approved. Write for instance count:2.',
      at,
    },
  ])
})
