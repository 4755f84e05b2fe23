import { describe, expect, test } from 'vitest'
import { down } from '../../src/run/down.ts'
import { up } from '../../src/run/up.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { childRun, eventually } from '../support/child-run.ts'
import { createDatabase } from '../support/postgres.ts'
import { downInput, history, journalRows, refusalOf, upInput } from '../support/run.ts'

const active = `select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active'`

describe('a runner that is killed', () => {
  test('S1, P3: in a transaction leaves nothing, on the server neither; the next run applies it', async () => {
    const database = await createDatabase()
    const connection = await database.connect()
    const files = {
      '1_a.sql':
        '-- migrate:up\ncreate table a ();\nselect pg_sleep(0.5 * (select count(*) from slow));\n-- migrate:down\ndrop table a;\n',
    }
    await connection.run('create table slow as select from generate_series(1, 60)')
    const child = childRun(database.url, files)
    await child.until(({ kind, statement }) => kind === 'statement-started' && statement === 1)
    child.process.kill('SIGKILL')
    expect(await child.ended).toBe(null)
    await eventually(
      async () => (await connection.query<{ n: number }>(active)).rows[0]?.n,
      (n) => n === 0,
    )
    expect((await connection.query(`select to_regclass('a') as a`)).rows).toEqual([{ a: null }])
    await connection.run('truncate slow')
    expect((await journalRows(connection)).runs).toEqual(['up tester open'])
    expect((await up(upInput(connection, await history(files)))).applied.map(({ id }) => id)).toEqual(['1'])
    expect((await journalRows(connection)).runs).toEqual(['up tester failed connection-lost', 'up tester done'])
  })

  test('P3: leaves nothing on the server either where a migration has reset every setting', async () => {
    const database = await createDatabase()
    const connection = await database.connect()
    const files = {
      '1_reset.sql': '-- migrate:up\nreset all;\ncreate table a ();\n-- migrate:down\ndrop table a;\n',
      '2_alone.sql':
        '-- migrate:up transaction:false\nreset client_connection_check_interval;\n-- migrate:down none because nothing was made\n',
      '3_slow.sql': '-- migrate:up\nselect pg_sleep(0.5 * (select count(*) from slow));\n-- migrate:down\nselect 1;\n',
    }
    await connection.run('create table slow as select from generate_series(1, 1200)')
    const child = childRun(database.url, files)
    await child.until(({ kind, migration }) => kind === 'statement-started' && migration === '3')
    child.process.kill('SIGKILL')
    expect(await child.ended).toBe(null)
    await eventually(
      async () => (await connection.query<{ n: number }>(active)).rows[0]?.n,
      (n) => n === 0,
    )
    expect((await journalRows(connection)).migrations).toEqual(['1', '2'])
  })

  test('S16, P3: while it builds an index concurrently: the INVALID one is dropped and built again', async () => {
    const database = await createDatabase()
    const [connection, holder] = [await database.connect(), await database.connect()]
    await connection.run('create table books as select g as id, g % 7 as shelf from generate_series(1, 1000) g')
    const files = {
      '1_index.sql':
        "-- migrate:up\nset work_mem = '8MB';\ncreate index concurrently books_id_idx on books (id);\ncreate index concurrently books_shelf_idx on books (shelf);\n-- migrate:down\ndrop index concurrently books_shelf_idx;\ndrop index concurrently books_id_idx;\n",
    }
    // An old transaction that wrote the table keeps the build waiting in its middle.
    await holder.run('begin; update books set shelf = 0 where id = 1')
    const child = childRun(database.url, files)
    await child.until(({ kind, statement }) => kind === 'statement-started' && statement === 1)
    const invalid = `select indisvalid as valid from pg_index where indexrelid = to_regclass('books_id_idx')`
    await eventually(
      async () => (await connection.query(invalid)).rows,
      (rows) => rows.length === 1,
    )
    child.process.kill('SIGKILL')
    await child.ended
    // The server notices within a second that the process is gone.
    await eventually(
      async () => (await connection.query<{ n: number }>(active)).rows[0]?.n,
      (n) => n === 0,
    )
    await holder.run('rollback')
    expect((await connection.query(invalid)).rows).toEqual([{ valid: false }])
    expect((await journalRows(connection)).steps).toEqual(['1 up 0 intent', '1 up 0 done', '1 up 1 intent'])
    const migrations = await history(files)
    expect(await refusalOf(down(downInput(connection, migrations)))).toMatchObject({ code: 'migration-halfway' })
    const events: RunEvent[] = []
    expect((await up(upInput(connection, migrations, {}, events))).applied.map(({ id }) => id)).toEqual(['1'])
    expect(events.filter(({ kind }) => kind === 'statement-found')).toEqual([
      {
        kind: 'statement-found',
        migration: '1',
        statement: 1,
        found: 'index books_id_idx was left INVALID; it is dropped and built again',
      },
    ])
    const { rows } = await connection.query(
      `select indexrelid::regclass::text as name, indisvalid as valid from pg_index where indrelid = 'books'::regclass order by 1`,
    )
    expect(rows).toEqual([
      { name: 'books_id_idx', valid: true },
      { name: 'books_shelf_idx', valid: true },
    ])
    expect((await down(downInput(connection, migrations))).reverted.map(({ id }) => id)).toEqual(['1'])
  })

  test('after a statement was done and before that was written down: the valid index is not built twice', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run('create table books (id int)')
    const migrations = await history({
      '1_index.sql':
        '-- migrate:up\ncreate index concurrently books_id_idx on books (id);\n-- migrate:down\ndrop index concurrently books_id_idx;\n',
    })
    await up(upInput(connection, migrations))
    // The state that such a crash leaves: the intent is the last row.
    await connection.run(`delete from migrate.migration; delete from migrate.step where event = 'done'`)
    const before = (await connection.query(`select 'books_id_idx'::regclass::oid::text as oid`)).rows
    expect((await up(upInput(connection, migrations))).applied.map(({ id }) => id)).toEqual(['1'])
    expect((await connection.query(`select 'books_id_idx'::regclass::oid::text as oid`)).rows).toEqual(before)
  })
})

test('two runners in processes of their own: each migration is applied once', async () => {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run('create table counted (id int)')
  const files = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [
      `${index + 1}_m.sql`,
      `-- migrate:up\ninsert into counted values (${index + 1});\n-- migrate:down\ndelete from counted;\n`,
    ]),
  )
  const children = [childRun(database.url, files), childRun(database.url, files)]
  expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0])
  const applied = children.flatMap(({ events }) => events.filter(({ kind }) => kind === 'migration-applied'))
  expect(applied).toHaveLength(10)
  const { rows } = await connection.query('select count(*)::int as rows, count(distinct id)::int as ids from counted')
  expect(rows).toEqual([{ rows: 10, ids: 10 }])
})

test('S2: a concurrent index that cannot be unique leaves nothing behind, and the next run builds it', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run('create table books as select 1 as id from generate_series(1, 2)')
  const migrations = await history({
    '1_index.sql':
      '-- migrate:up\ncreate unique index concurrently books_id_idx on books (id);\n-- migrate:down\ndrop index concurrently books_id_idx;\n',
  })
  expect(await refusalOf(up(upInput(connection, migrations)))).toMatchObject({ code: 'migration-failed' })
  expect((await journalRows(connection)).steps).toEqual(['1 up 0 intent', '1 up 0 rolled-back 23505'])
  expect((await connection.query(`select to_regclass('books_id_idx') as index`)).rows).toEqual([{ index: null }])
  await connection.run('delete from books where ctid = (select min(ctid) from books)')
  expect((await up(upInput(connection, migrations))).applied.map(({ id }) => id)).toEqual(['1'])
})

test('a concurrent index on what is not there has left nothing: failed, not half-way', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run('create table books (id int)')
  const migrations = await history({
    '1_index.sql':
      '-- migrate:up\ncreate index concurrently books_x_idx on books (x);\n-- migrate:down\ndrop index concurrently books_x_idx;\n',
  })
  expect(await refusalOf(up(upInput(connection, migrations)))).toMatchObject({ code: 'migration-failed' })
  const mended = await history({ '2_other.sql': '-- migrate:up\ncreate table c ();\n-- migrate:down\ndrop table c;\n' })
  expect((await up(upInput(connection, mended))).applied.map(({ id }) => id)).toEqual(['2'])
})

test('a procedure whose outcome nobody knows is not run again in silence', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run('create table counted (id int)')
  const file = (sql: string): Record<string, string> => ({
    '1_do.sql': `-- migrate:up transaction:false\n${sql};\n-- migrate:down\nselect 1;\n`,
  })
  const migrations = await history(file('do $$ begin insert into counted values (1); end $$'))
  await up(upInput(connection, migrations))
  await connection.run(`delete from migrate.migration; delete from migrate.step where event = 'done'`)
  expect(await refusalOf(up(upInput(connection, migrations)))).toMatchObject({
    code: 'migration-halfway',
    message:
      'Nobody knows whether statement 1 of 1 was done before the run stopped: what it calls may have done anything.',
  })
  expect((await connection.query('select count(*)::int as rows from counted')).rows).toEqual([{ rows: 1 }])
  expect((await up(upInput(connection, await history(file('select 1'))))).applied.map(({ id }) => id)).toEqual(['1'])
})
