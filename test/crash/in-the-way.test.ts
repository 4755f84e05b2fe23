import { expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { up } from '../../src/run/up.ts'
import { eventually } from '../support/child-run.ts'
import { directory, migrate } from '../support/cli.ts'
import { ownServer } from '../support/own-server.ts'
import { history, refusalOf, upInput } from '../support/run.ts'

const alter = {
  '1_isbn.sql':
    '-- migrate:up\nalter table books add column isbn text;\n-- migrate:down\nalter table books drop column isbn;\n',
}
const quick = { timeoutsMs: [20, 20], pauseFactor: 1 }

test('S13, P8: a prepared transaction that nobody ends: nothing is changed until it is ended', async () => {
  const server = await ownServer(() => Promise.resolve(['max_prepared_transactions=5']))
  const [session, other] = [await connect(server.url()), await connect(server.url())]
  await other.run('create table books as select g as id from generate_series(1, 100) g')
  await other.run(`begin; lock table books in access share mode; prepare transaction 'forgotten'`)
  const migrations = await history(alter)
  const refusal = await refusalOf(up(upInput(session, migrations, { lock: quick })))
  expect(refusal.code).toBe('lock-timeout')
  await other.run(`rollback prepared 'forgotten'`)
  expect((await up(upInput(session, migrations))).applied.map(({ id }) => id)).toEqual(['1'])
  await session.close()
  await other.close()
})

/** For this table alone, so that nothing else is in line before it: old early, and 100 ms of sleep after each page. */
const slowly =
  'autovacuum_freeze_max_age = 100000, autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1'

/** Each pass through the exception block takes a transaction id: more of them than a table may be old. */
const aging = `do $$ begin
  for i in 1..120000 loop
    begin insert into aged values (i); exception when division_by_zero then null; end;
  end loop;
end $$`

const preventing = `select from pg_stat_activity where query like 'autovacuum: VACUUM public.books (to prevent wraparound)'`

test('S13, P8: an autovacuum to prevent wraparound does not give way; it is named, and nothing is changed until it ends', async () => {
  const server = await ownServer(() =>
    Promise.resolve(['autovacuum=on', 'autovacuum_naptime=1s', 'deadlock_timeout=100ms']),
  )
  const [session, other] = [await connect(server.url()), await connect(server.url())]
  await other.run(`create table books with (${slowly}) as
                     select g as id, repeat('x', 500) as filler from generate_series(1, 1500) g`)
  await other.run('create table aged (n int)')
  await other.run(aging)
  await eventually(
    async () => (await other.query(preventing)).rows.length,
    (workers) => workers > 0,
  )
  const migrations = await history(alter)
  const refusal = await refusalOf(up(upInput(session, migrations, { lock: quick })))
  expect({ code: refusal.code, details: refusal.details }).toEqual({
    code: 'lock-timeout',
    details: expect.stringContaining('to prevent wraparound'),
  })
  await eventually(
    async () => (await other.query(preventing)).rows.length,
    (workers) => workers === 0,
  )
  expect((await up(upInput(session, migrations))).applied.map(({ id }) => id)).toEqual(['1'])
  await session.close()
  await other.close()
})

test('S11: time limits of the role do not reach a migration', async () => {
  const server = await ownServer(() => Promise.resolve([]))
  await server.run('create role migrator superuser login')
  const limits = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout']
  const known = await connect(server.url())
  const { rows } = await known.query<{ name: string }>('select name from pg_settings where name = any ($1)', [limits])
  for (const { name } of rows) await known.run(`alter role migrator set ${name} = '200ms'`)
  await known.close()
  const slow = 'select pg_sleep(0.5)'
  const cwd = await directory({
    'migrations/1_slow.sql': `-- migrate:up\n${slow};\ncreate table books (id int);\n${slow};\n-- migrate:down\ndrop table books;\n`,
    'migrations/2_index.sql': `-- migrate:up\ncreate index concurrently books_id_idx on books (id);\n-- migrate:down\ndrop index concurrently books_id_idx;\n`,
  })
  const url = server.url({ user: 'migrator', password: '' })
  const { code, stderr } = await migrate(['up'], { cwd, env: { DATABASE_URL: url } })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(rows.length).toBeGreaterThanOrEqual(3)
})
