import { describe, expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import type { Connection } from '../../src/model/database.ts'
import { replay } from '../../src/lint/replay.ts'
import { up } from '../../src/run/up.ts'
import { createDatabase, runAsAdmin, serverMajor } from '../support/postgres.ts'
import { history, journalRows, upInput } from '../support/run.ts'

const changing = `select name, setting from pg_settings where name <> 'transaction_isolation' order by name`

async function settings(connection: Connection): Promise<readonly unknown[]> {
  return (await connection.query(changing)).rows
}

/** A role of its own that may do everything in one database; dropped with the test. */
async function roleWith(database: { readonly url: string }, ...says: readonly string[]): Promise<string> {
  const name = new URL(database.url).pathname.slice(1)
  const role = `${name}_role`
  await runAsAdmin(`create role ${role} login superuser password 'x'`)
  for (const setting of says) await runAsAdmin(`alter role ${role} set ${setting}`)
  onTestFinished(() => runAsAdmin(`drop owned by ${role}; drop role ${role}`).catch(() => undefined))
  const url = new URL(database.url)
  url.username = role
  url.password = 'x'
  return url.href
}

const files = {
  '1_books.sql':
    '-- migrate:up\ncreate table public.books as select g as id from generate_series(1, 10) g;\nselect pg_sleep(0.2);\n-- migrate:down\ndrop table public.books;\n',
  '2_index.sql':
    "-- migrate:up transaction:false\nset lock_timeout = '1ms';\ncreate index concurrently books_id_idx on public.books (id);\nselect pg_sleep(0.1);\n-- migrate:down\ndrop index public.books_id_idx;\n",
  '3_reset.sql':
    "-- migrate:up\nset statement_timeout = '5s';\nreset all;\nset local statement_timeout = '1min';\ncreate table public.c ();\n-- migrate:down\ndrop table public.c;\n",
  '4_slow.sql':
    '-- migrate:up\nselect pg_sleep(0.2);\nalter table public.books add column title text;\n-- migrate:down\nalter table public.books drop column title;\n',
}

describe('the session of a run', () => {
  test('is afterwards as it was before, whatever the migrations set', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run(`set statement_timeout = '7s'; set application_name = 'mine'; set work_mem = '5MB'`)
    const before = await settings(connection)
    const { '3_reset.sql': left, ...others } = files
    expect(left).toContain('reset all')
    await up(upInput(connection, await history(others)))
    expect(await settings(connection)).toEqual(before)
  })

  test('shows no migration the temporary objects of another', async () => {
    const database = await createDatabase()
    const connection = await database.connect()
    const hiding = {
      '1_t.sql':
        '-- migrate:up\ncreate table public.t (a int);\ncreate temp table t (b int);\n-- migrate:down\ndrop table public.t;\n',
      '2_c.sql': '-- migrate:up\nalter table t add column c int;\n-- migrate:down\nalter table t drop column c;\n',
      '3_v.sql':
        '-- migrate:up transaction:false\ncreate view pg_temp.t as select 1 as b;\n-- migrate:down\nselect 1;\n',
      '4_d.sql': '-- migrate:up\nalter table t add column d int;\n-- migrate:down\nalter table t drop column d;\n',
    }
    const migrations = await history(hiding)
    await up(upInput(connection, migrations))
    const { rows } = await connection.query<{ name: string }>(
      `select attrelid::regclass::text || '.' || attname as name from pg_attribute
        where attrelid = to_regclass('t') and attnum > 0 order by attnum`,
    )
    expect(rows.map(({ name }) => name)).toEqual(['t.a', 't.c', 't.d'])
    expect([...(replay(migrations).table({ name: 't' })?.columns.keys() ?? [])]).toEqual(['a', 'c', 'd'])
  })

  test('is not ended by limits of the role, nor led astray by its search path, nor kept from writing', async () => {
    const database = await createDatabase()
    const url = await roleWith(
      database,
      `statement_timeout = '50ms'`,
      `lock_timeout = '1ms'`,
      `idle_in_transaction_session_timeout = '1ms'`,
      `idle_session_timeout = '1ms'`,
      ...(serverMajor() >= 17 ? [`transaction_timeout = '50ms'`] : []),
      `search_path = 'nowhere'`,
      `default_transaction_read_only = on`,
    )
    // An idle session would be ended before the run begins.
    const connection = await connect(`${url}${url.includes('?') ? '&' : '?'}options=-c%20idle_session_timeout%3D0`)
    onTestFinished(() => connection.close())
    const report = await up(upInput(connection, await history(files)))
    expect(report.applied.map(({ id }) => id)).toEqual(['1', '2', '3', '4'])
    expect((await journalRows(await database.connect())).migrations).toEqual(['1', '2', '3', '4'])
    const { rows } = await connection.query(
      `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
              current_setting('default_transaction_read_only') as readonly`,
    )
    expect(rows).toEqual([{ statement: '50ms', lock: '1ms', readonly: 'on' }])
  })

  test('is named after its run while it lasts', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run('create table seen (name text)')
    const migrations = await history({
      '1_a.sql': `-- migrate:up\ninsert into seen select application_name from pg_stat_activity where pid = pg_backend_pid();\n-- migrate:down\ntruncate seen;\n`,
    })
    await up(upInput(connection, migrations))
    expect((await connection.query('select name from seen')).rows).toEqual([{ name: 'migrate run 1' }])
  })
})

/** The limits that statements run under, as an event trigger sees them while tables are made. */
const limitsSeen = `
  create table seen (at text, lock text, statement text, idle text);
  create function see() returns event_trigger language plpgsql as $$ begin
    insert into public.seen select object_identity, current_setting('lock_timeout'), current_setting('statement_timeout'),
      current_setting('idle_in_transaction_session_timeout')
      from pg_event_trigger_ddl_commands() where object_type = 'table';
  end $$;
  create event trigger see on ddl_command_end when tag in ('CREATE TABLE') execute function see()`

const roleLimits = [
  `statement_timeout = '7min'`,
  `lock_timeout = '6min'`,
  `idle_in_transaction_session_timeout = '5min'`,
]

describe('limits that a migration gives back', () => {
  /** What tables of a migration were made under, but for those whose name begins with `free`. */
  async function seenBy(sql: string, section = ''): Promise<readonly string[]> {
    const database = await createDatabase()
    await (await database.connect()).run(limitsSeen)
    const connection = await connect(await roleWith(database, ...roleLimits))
    onTestFinished(() => connection.close())
    const migrations = await history({ '1_a.sql': `-- migrate:up${section}\n${sql}\n-- migrate:down\nselect 1;\n` })
    const lock = { timeoutsMs: [3000], pauseFactor: 1 }
    await up(upInput(connection, migrations, { limits: { brief: 9000 }, lock }))
    const { rows } = await connection.query<{ line: string }>(
      `select concat_ws(' ', at, lock, statement, idle) as line from public.seen where at like 'public.%' order by at`,
    )
    const after = await connection.query<{ line: string }>(
      `select concat_ws(' ', current_setting('lock_timeout'), current_setting('statement_timeout')) as line`,
    )
    return [...rows, ...after.rows].map(({ line }) => line)
  }

  test.each([
    'reset all;',
    'reset lock_timeout; reset statement_timeout; reset idle_in_transaction_session_timeout;',
    `set local lock_timeout to default; set statement_timeout = default; set idle_in_transaction_session_timeout to default;`,
    `set local lock_timeout = '1s'; set statement_timeout = '1s'; set local idle_in_transaction_session_timeout = '1s'; reset all;`,
  ])('are those of the run again, in its transaction: %s', async (sql) => {
    expect(await seenBy(`create table a ();\n${sql}\ncreate table b ();\ncreate table c ();`)).toEqual([
      'public.a 3s 9s 0',
      'public.b 3s 9s 0',
      'public.c 3s 9s 0',
      '6min 7min',
    ])
  })

  test('what it sets for itself holds, also behind what it gave back', async () => {
    const sql = `reset all;\nset local lock_timeout = '1s';\nset local statement_timeout = '2s';\ncreate table a ();\nreset lock_timeout;\ncreate table b ();`
    expect(await seenBy(sql)).toEqual(['public.a 1s 2s 0', 'public.b 3s 2s 0', '6min 7min'])
  })

  test('and outside of one', async () => {
    const sql = `reset all;\ncreate table a ();\ncreate index concurrently i on pg_temp.t (id);`
    const own = `create temporary table t (id int);\n${sql}\ndo $$ begin create table b (); end $$;\ncreate table c ();`
    expect(await seenBy(own, ' transaction:false')).toEqual([
      'public.a 3s 9s 0',
      'public.b 0 1h 0',
      'public.c 3s 9s 0',
      '6min 7min',
    ])
  })
})

describe('time limits', () => {
  test('hold for each statement of a transaction by its kind', async () => {
    const connection = await (await createDatabase()).connect()
    const see = `insert into public.seen values (current_setting('statement_timeout'));`
    await connection.run(
      `create table seen (setting text);
       create function see() returns event_trigger language plpgsql as $$ begin ${see} end $$`,
    )
    await connection.run(
      `create event trigger see on ddl_command_end when tag in ('CREATE TABLE', 'ALTER TABLE') execute function see()`,
    )
    const migrations = await history({
      '1_books.sql': '-- migrate:up\ncreate table books (id int);\n-- migrate:down\ndrop table books;\n',
      '2_a.sql': `-- migrate:up\nalter table books add column title text;\n${see}\nalter table books alter title set default 'x';\nset local statement_timeout = '9s';\n${see}\n-- migrate:down\nselect 1;\n`,
    })
    await up(upInput(connection, migrations, { limits: { brief: 4000, scan: 8000 } }))
    const { rows } = await connection.query<{ setting: string }>(`select setting from seen where setting <> '0'`)
    expect(rows.map(({ setting }) => setting)).toEqual(['4s', '4s', '8s', '4s', '9s'])
  })

  test('end a statement outside a transaction too, and its remains are cleared', async () => {
    const database = await createDatabase()
    const [connection, holder] = [await database.connect(), await database.connect()]
    await connection.run('create table books as select g as id from generate_series(1, 10) g')
    await holder.run('begin; lock table books in row exclusive mode')
    const events: { kind: string }[] = []
    const migrations = await history({
      '1_index.sql':
        '-- migrate:up\ncreate index concurrently books_id_idx on books (id);\n-- migrate:down\ndrop index books_id_idx;\n',
    })
    const input = upInput(connection, migrations, { limits: { concurrent: 300 } })
    const onEvent: typeof input.onEvent = (event) => {
      events.push(event)
      // DROP INDEX CONCURRENTLY waits for the same transaction.
      if (event.kind === 'statement-started') setTimeout(() => void holder.run('commit'), 800)
    }
    await expect(up({ ...input, onEvent })).rejects.toMatchObject({ code: 'migration-failed' })
    expect(events.map(({ kind }) => kind)).toContain('remains-cleared')
    expect((await connection.query(`select to_regclass('books_id_idx') as index`)).rows).toEqual([{ index: null }])
    expect((await journalRows(connection)).steps).toEqual(['1 up 0 intent', '1 up 0 rolled-back 57014'])
    expect((await up(upInput(connection, migrations))).applied).toHaveLength(1)
  })
})
