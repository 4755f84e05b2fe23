import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { up } from '../../src/run/up.ts'
import { eventually } from '../support/child-run.ts'
import { ownServer } from '../support/own-server.ts'
import { history, journalRows, refusalOf, upInput } from '../support/run.ts'

/** A worker that begins within a second or two, and then sleeps 100 ms (the longest delay) after each page. */
const settings = [
  'autovacuum=on',
  'autovacuum_naptime=1s',
  'autovacuum_vacuum_threshold=1',
  'autovacuum_vacuum_cost_delay=100ms',
  'autovacuum_vacuum_cost_limit=1',
  'deadlock_timeout=200ms',
]

const vacuuming = `
  select pid from pg_stat_activity a join pg_locks l using (pid)
   where a.backend_type = 'autovacuum worker' and l.relation = 'books'::regclass and l.granted`

test('autovacuum holds the lock: the second attempt waits until autovacuum gives way', async () => {
  const server = await ownServer(() => Promise.resolve(settings))
  const [connection, watcher] = [await connect(server.url()), await connect(server.url())]
  onTestFinished(async () => {
    await connection.close()
    await watcher.close()
  })
  await watcher.run('create table books as select g as id, 0 as copies from generate_series(1, 20000) g')
  await watcher.run('update books set copies = 1')
  await eventually(
    async () => (await watcher.query(vacuuming)).rows.length,
    (workers) => workers > 0,
  )
  const events: RunEvent[] = []
  const migrations = await history({
    '1_a.sql': '-- migrate:up\nalter table books add column isbn text;\n-- migrate:down\nselect 1;\n',
  })
  // Both waits are shorter than deadlock_timeout, so without the longer one no number of them would help.
  const lock = { timeoutsMs: [50, 50], pauseFactor: 1 }
  const report = await up(upInput(connection, migrations, { lock }, events))
  expect(report.applied.map(({ id, attempts }) => ({ id, attempts }))).toEqual([{ id: '1', attempts: 2 }])
  const waits = events.flatMap((event) =>
    event.kind === 'lock-wait' ? [event.blockers.map(({ kind, query }) => `${kind}: ${query?.slice(0, 18)}`)] : [],
  )
  expect(waits).toEqual([['autovacuum: autovacuum: VACUUM']])
  expect((await journalRows(connection)).steps).toEqual(['1 up 0 rolled-back 55P03', '1 up done'])
})

/** Fast everywhere but on `books`, and obliged to freeze what is older than 100,000 transactions. */
const freezing = ['autovacuum=on', 'autovacuum_naptime=1s', 'autovacuum_freeze_max_age=100000']

test('autovacuum to prevent wraparound gives way to nobody: the run ends at the first attempt and says so', async () => {
  const server = await ownServer(() => Promise.resolve(freezing))
  const [connection, watcher] = [await connect(server.url()), await connect(server.url())]
  onTestFinished(async () => {
    await connection.close()
    await watcher.close()
  })
  await watcher.run(
    `create table books (id int) with
       (autovacuum_enabled = off, autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)`,
  )
  await watcher.run('insert into books select generate_series(1, 20000)')
  // Each block that writes takes a transaction number of its own.
  await watcher.run(
    `create temp table used (id int);
     do $$ begin
       for i in 1..110000 loop
         begin insert into used values (i); exception when others then raise; end;
       end loop;
     end $$`,
  )
  await eventually(
    async () => (await watcher.query(vacuuming)).rows.length,
    (workers) => workers > 0,
  )
  const migrations = await history({
    '1_a.sql': '-- migrate:up\nalter table books add column isbn text;\n-- migrate:down\nselect 1;\n',
  })
  const input = upInput(connection, migrations, { lock: { timeoutsMs: [400, 400], pauseFactor: 1 } })
  const refusal = await refusalOf(up({ ...input, openAnother: () => connect(server.url()) }))
  expect(refusal).toMatchObject({
    code: 'lock-timeout',
    message: expect.stringContaining('did not get a lock that it needs in one attempt'),
    details: expect.stringMatching(/VACUUM .*public\.books \(to prevent wraparound\)/),
  })
})
