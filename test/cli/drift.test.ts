import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'
import type { CliResult } from '../support/cli.ts'
import { adminUrl, createDatabase, runAsAdmin } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'

const shop = `
create type status as enum ('new', 'paid');
create table orders (id bigint primary key, note text, state status);
create index by_note on orders (note);
create function answer() returns int language sql as 'select 42';
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger orders_touch before update on orders for each row execute function touch();`
const files = {
  'migrations/20260101000000_shop.sql': `-- migrate:up\n${shop}\n\n-- migrate:down none because it is the first\n`,
}

/** A database to which the migrations were applied, and the command on it. The scratch databases are on the same server. */
async function applied(more: Readonly<Record<string, string>> = {}): Promise<{
  database: TestDatabase
  drift: (args?: readonly string[], url?: string) => Promise<CliResult>
}> {
  const database = await createDatabase()
  const cwd = await directory({ ...files, ...more })
  expect(await migrate(['up', '--url', database.url], { cwd })).toMatchObject({ code: 0 })
  const drift = (args: readonly string[] = [], url = database.url): Promise<CliResult> =>
    migrate(['drift', '--url', url, '--shadow-url', adminUrl(), ...args], { cwd })
  return { database, drift }
}

const byHand = `
  alter table orders add column isbn text;
  drop index by_note;
  create or replace function answer() returns int language sql as 'select 43';
  grant select on orders to public;
  alter table orders disable trigger orders_touch;
  alter type status add value 'sent'`

test('after up there is no drift; what was changed by hand is named, object by object', async () => {
  const { database, drift } = await applied()
  const none = await drift()
  expect(none).toEqual({
    code: 0,
    stderr: '',
    stdout: 'No drift: the database is what its history (1 migration) makes.\n',
  })
  const connection = await database.connect()
  await connection.run(byHand)
  const found = await drift()
  expect(Math.max(...found.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  expect({ code: found.code, stdout: found.stdout }).toMatchInlineSnapshot(`
    {
      "code": 3,
      "stdout": "Drift: 6 differences from its history (1 migration) to the database.
      function public.answer(): body: select 42 → select 43
      index public.by_note: removed (CREATE INDEX by_note ON public.orders USING
      btree (note))
      table public.orders: column isbn added: text, nullable
      table public.orders: privileges of public: none → select
      table public.orders: trigger orders_touch: enabled → disabled
      type public.status: value 'sent' added after 'paid'
    ",
    }
  `)
})

test('as JSON, with patterns that let differences pass and one that fits nothing', async () => {
  const config = JSON.stringify({ drift: { ignore: ['public.orders', 'table *.nowhere'] } })
  const { database, drift } = await applied({ 'migrate.config.json': config })
  const connection = await database.connect()
  await connection.run(byHand)
  const found = await drift(['--json', '--ignore', 'function public.*', '--ignore', 'type *'])
  const { drift: isDrift, differences, ignored, idle, journal, replayed, missing } = JSON.parse(found.stdout)
  expect({ code: found.code, isDrift, differences, ignored, idle, journal, replayed, missing }).toEqual({
    code: 3,
    isDrift: true,
    differences: [
      {
        object: 'index public.by_note',
        change: 'removed',
        detail: 'CREATE INDEX by_note ON public.orders USING btree (note)',
        kind: 'schema',
      },
    ],
    ignored: 5,
    idle: ['table *.nowhere'],
    journal: true,
    replayed: 1,
    missing: [],
  })
})

test('a role that may not write or read a table is enough, and nothing is written', async () => {
  const { database, drift } = await applied()
  const name = `reader_${randomBytes(4).toString('hex')}`
  await runAsAdmin(`create role ${name} login password 'reader'`)
  onTestFinished(() => runAsAdmin(`drop role if exists ${name}`))
  const owner = await database.connect()
  await owner.run(`grant usage on schema migrate to ${name}; grant select on all tables in schema migrate to ${name}`)
  const address = new URL(database.url)
  Object.assign(address, { username: name, password: 'reader' })
  const state = `select relname, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_all_tables
    where schemaname in ('public', 'migrate') or relname in ('pg_class', 'pg_attribute', 'pg_proc', 'pg_depend') order by 1`
  const before = await owner.query(state)
  const found = await drift(['--roles', 'none'], address.href)
  expect({ ...found, state: (await owner.query(state)).rows }).toEqual({
    code: 0,
    stderr: '',
    stdout: 'No drift: the database is what its history (1 migration) makes.\n',
    state: before.rows,
  })
  await owner.run(`drop owned by ${name}`)
})

test('a database without a journal is compared with the whole history, and that is said', async () => {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run(shop)
  const cwd = await directory(files)
  const found = await migrate(['drift', '--url', database.url, '--shadow-url', adminUrl()], { cwd })
  expect(found).toEqual({
    code: 0,
    stderr: '',
    stdout:
      'No drift: the database is what its history (1 migration) makes.\n' +
      'The database has no journal that can be read, so the whole history was replayed.\n',
  })
})

test('a role that may not read the journal: the whole history is replayed, and that is said', async () => {
  const { database, drift } = await applied()
  const name = `outsider_${randomBytes(4).toString('hex')}`
  await runAsAdmin(`create role ${name} login password 'outsider'`)
  onTestFinished(() => runAsAdmin(`drop role if exists ${name}`))
  const address = new URL(database.url)
  Object.assign(address, { username: name, password: 'outsider' })
  expect(await drift(['--roles', 'none'], address.href)).toEqual({
    code: 0,
    stderr: '',
    stdout:
      'No drift: the database is what its history (1 migration) makes.\n' +
      'The database has no journal that can be read, so the whole history was replayed.\n',
  })
})

test('an unknown --roles is asked wrongly', async () => {
  const cwd = await directory(files)
  const found = await migrate(['drift', '--roles', 'some', '--url', adminUrl()], { cwd })
  expect(found).toMatchObject({ code: 2, stdout: '' })
})

test('what would act outside the scratch database is refused before anything runs', async () => {
  const database = await createDatabase()
  const cwd = await directory({
    'migrations/20260101000000_role.sql':
      '-- migrate:up\ncreate role drifter;\n\n-- migrate:down\ndrop role drifter;\n',
  })
  const found = await migrate(['drift', '--url', database.url, '--shadow-url', adminUrl()], { cwd })
  expect(found).toMatchObject({ code: 7, stdout: '' })
  expect(found.stderr).toContain('side-effect-refused')
})
