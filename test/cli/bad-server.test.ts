import { join } from 'node:path'
import { rm, writeFile } from 'node:fs/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'
import { ownServer } from '../support/own-server.ts'
import { adminUrl, createDatabase, runAsAdmin } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'

const first = '-- migrate:up\ncreate table books (id bigint primary key);\n\n-- migrate:down\ndrop table books;\n'
const second =
  '-- migrate:up\nalter table books add column title text;\n\n-- migrate:down\nalter table books drop column title;\n'
const files = { 'migrations/20260101000000_books.sql': first, 'migrations/20260102000000_title.sql': second }

/** Runs `up` and gives what a person would see. */
async function up(cwd: string, url: string): Promise<string> {
  const { code, stdout, stderr } = await migrate(['up', '--quiet'], { cwd, env: { DATABASE_URL: url } })
  return `exit ${code}\n${stdout}${stderr}`
}

/** Names of the tables in the database's public schema. */
async function tables(database: TestDatabase): Promise<readonly string[]> {
  const connection = await database.connect()
  const { rows } = await connection.query<{ name: string }>(
    `select tablename::text as name from pg_tables where schemaname = 'public' order by 1`,
  )
  return rows.map(({ name }) => name)
}

describe('servers', () => {
  test('nobody listens there', async () => {
    const cwd = await directory(files)
    expect(await up(cwd, 'postgres://someone:s3cret@127.0.0.1:1/shop')).toMatchInlineSnapshot(`
      "exit 6
      error cannot-connect
        Cannot connect to 127.0.0.1:1, database "shop": connect ECONNREFUSED
        127.0.0.1:1

        Check the host and port in the URL, that the server runs, and that a firewall
        lets you through.
      "
    `)
  })

  test('a wrong password is refused and never shown', async () => {
    const server = await ownServer(async (data) => {
      await writeFile(join(data, 'pg_hba.conf'), 'local all guarded scram-sha-256\nlocal all all trust\n')
    })
    await server.run(`create role guarded login password 'right'`)
    const output = await up(await directory(files), server.url({ user: 'guarded', password: 'wr0ng-passw0rd' }))
    expect(output).toMatch(/^exit 6\nerror authentication-failed\n/)
    expect(output).not.toContain('wr0ng-passw0rd')
  })

  test('a database that does not exist', async () => {
    const url = new URL(adminUrl())
    url.pathname = '/no_such_database'
    const output = await up(await directory(files), url.href)
    expect(output).toMatch(/^exit 6\nerror cannot-connect\n/)
    expect(output.match(/no_such_database/g)).toHaveLength(1)
  })

  test('a URL of another kind of server', async () => {
    expect(await up(await directory(files), 'oracle://scott:tiger@db/shop')).toMatchInlineSnapshot(`
      "exit 2
      error url-invalid
        "oracle" is not a kind of database that is supported:
        oracle://scott:***@db/shop

        Write postgres://user:password@host:5432/database, pglite://PATH or
        pglite://memory.
      "
    `)
  })

  test('P12: a replica', async () => {
    const server = await ownServer((data) => writeFile(join(data, 'standby.signal'), ''))
    expect(await up(await directory(files), server.url())).toMatchInlineSnapshot(`
      "exit 7
      error read-only-server
        The server is a read-only replica: it is in recovery.

        Connect to the primary, for instance with target_session_attrs=read-write or
        its own host name. Nothing was changed.
      "
    `)
  })

  test('P12: sessions that are read-only', async () => {
    const database = await createDatabase()
    const name = new URL(database.url).pathname.slice(1)
    await runAsAdmin(`alter database ${name} set default_transaction_read_only = on`)
    expect(await up(await directory(files), database.url)).toMatchInlineSnapshot(`
      "exit 7
      error read-only-server
        Transactions of this session are read-only: default_transaction_read_only is
        on.

        Find out why, then turn it off for the database or the server. Nothing was
        changed.
      "
    `)
    expect(await tables(database)).toEqual([])
  })
})

test('the target is never a scratch database, wherever it is named', async () => {
  const database = await createDatabase()
  const cwd = await directory({ ...files, 'secret/url': `${database.url}\n` })
  const env = { DATABASE_URL_FILE: join(cwd, 'secret/url') }
  const { code, stderr } = await migrate(['verify', '--shadow-url', database.url], { cwd, env })
  expect([code, stderr.split('\n')[0]]).toEqual([7, 'error shadow-refused'])
})

test('a file for the address that is empty leads to no other database', async () => {
  const database = await createDatabase()
  const { hostname, port, searchParams, pathname } = new URL(database.url)
  const cwd = await directory({ ...files, 'secret/url': '\n' })
  const env = {
    DATABASE_URL_FILE: 'secret/url',
    PGHOST: searchParams.get('host') ?? hostname,
    PGPORT: searchParams.get('port') ?? port,
    PGDATABASE: pathname.slice(1),
    PGUSER: 'postgres',
  }
  const { code, stderr } = await migrate(['up'], { cwd, env })
  expect([code, stderr]).toEqual([2, expect.stringContaining('DATABASE_URL_FILE names "secret/url", which is empty.')])
  expect(await tables(database)).toEqual([])
})

describe('journals', () => {
  test('a journal newer than the tool', async () => {
    const database = await createDatabase()
    const cwd = await directory({ 'migrations/20260101000000_books.sql': first })
    await up(cwd, database.url)
    await writeFile(join(cwd, 'migrations/20260102000000_title.sql'), second)
    const connection = await database.connect()
    await connection.run('insert into migrate.journal_version (version) values (999)')
    const said = await up(cwd, database.url)
    expect(said.replace(/to \d+\.$/m, 'to NEWEST.')).toMatchInlineSnapshot(`
      "exit 7
      error journal-newer
        The journal in schema "migrate" has version 999; this tool knows versions up
        to NEWEST.

        Use the version of the tool that wrote it, or a newer one. Nothing was
        changed.
      "
    `)
    expect(await tables(database)).toEqual(['books'])
  })

  test('a table that is not the journal', async () => {
    const database = await createDatabase()
    const connection = await database.connect()
    await connection.run('create schema migrate; create table migrate.migration (x int)')
    expect(await up(await directory(files), database.url)).toMatch(/^exit 7\nerror journal-unreadable\n/)
    expect(await tables(database)).toEqual([])
  })
})

describe('a role that may not', () => {
  test('read the journal, and then write it', async () => {
    const database = await createDatabase()
    const cwd = await directory(files)
    await up(cwd, database.url)
    await writeFile(
      join(cwd, 'migrations/20260103000000_x.sql'),
      '-- migrate:up\ncreate table x (id bigint primary key);\n\n-- migrate:down\ndrop table x;\n',
    )
    const role = `reader_${new URL(database.url).pathname.slice(1)}`
    await runAsAdmin(`create role ${role} login`)
    onTestFinished(() => runAsAdmin(`drop role ${role}`))
    onTestFinished(() => database.drop())
    const url = new URL(database.url)
    url.username = role
    expect(await up(cwd, url.href)).toMatch(/^exit 7\nerror permission-denied\n.*may not be\s+read by this role/s)
    const connection = await database.connect()
    await connection.run(
      `grant usage on schema migrate to ${role}; grant select on all tables in schema migrate to ${role}`,
    )
    expect((await up(cwd, url.href)).replaceAll(role, 'reader')).toMatchInlineSnapshot(`
      "exit 7
      error permission-denied
        The server refuses: permission denied for table lease (SQLSTATE 42501).

        Give the role what it lacks: GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES
        ON lease TO reader
      "
    `)
    expect(await tables(database)).toEqual(['books'])
  })
})

describe('applied files', () => {
  test('an edited file is refused before anything runs', async () => {
    const { cwd, database } = await appliedFirst()
    await writeFile(join(cwd, 'migrations/20260101000000_books.sql'), first.replaceAll('books', 'tomes'))
    await writeFile(join(cwd, 'migrations/20260102000000_pens.sql'), second.replaceAll('books', 'pens'))
    expect(await up(cwd, database.url)).toMatchInlineSnapshot(`
      "exit 1
      error history-edited migrations/20260101000000_books.sql:1:1
        The file of 20260101000000 was changed after the migration had been applied.
        Nothing was changed.

        Restore the file (git log -p shows what changed), and write the change as a
        new migration. Where the database has what the file says now: migrate repair
        20260101000000 --accept-edit
      "
    `)
    expect(await tables(database)).toEqual(['books'])
  })

  test('a file that was only reformatted is noted', async () => {
    const { cwd, database } = await appliedFirst()
    await writeFile(
      join(cwd, 'migrations/20260101000000_books.sql'),
      first.replace('create table', '-- why\nCREATE TABLE'),
    )
    expect(await up(cwd, database.url)).toMatchInlineSnapshot(`
      "exit 0
      note: 20260101000000 books was reformatted after it had been applied; it means
      the same.
      Nothing to apply: the database is up to date.
      "
    `)
  })

  test('a deleted file is refused', async () => {
    const { cwd, database } = await appliedFirst()
    await rm(join(cwd, 'migrations/20260101000000_books.sql'))
    await writeFile(join(cwd, 'migrations/20260102000000_title.sql'), second)
    expect(await up(cwd, database.url)).toMatchInlineSnapshot(`
      "exit 1
      error history-deleted
        20260101000000 is applied and has no file any more. Nothing was changed.

        Restore the file, or revert the migration with: migrate down --unproven (the
        journal keeps its downgrade). Where the database is to keep what it made:
        migrate repair 20260101000000 --forget. Where it belongs to another
        application on this database, give this one a journal of its own:
        "journalSchema" in the configuration.
      "
    `)
    expect(await tables(database)).toEqual(['books'])
  })

  test('a deleted file of one that is not the newest: what down would take first is said, also by status', async () => {
    const { cwd, database } = await appliedFirst()
    await writeFile(join(cwd, 'migrations/20260102000000_title.sql'), second)
    await up(cwd, database.url)
    await rm(join(cwd, 'migrations/20260101000000_books.sql'))
    expect(await up(cwd, database.url)).toMatchInlineSnapshot(`
      "exit 1
      error history-deleted
        20260101000000 is applied and has no file any more. Nothing was changed.

        Restore the file. The journal keeps its downgrade, but migrate down takes the
        newest first: 20260102000000, and what else was applied after it. Where the
        database is to keep what it made: migrate repair 20260101000000 --forget.
        Where it belongs to another application on this database, give this one a
        journal of its own: "journalSchema" in the configuration.
      "
    `)
    const { code, stdout } = await migrate(['status', '--url', database.url], { cwd })
    expect(`exit ${code}\n${stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME')}`).toMatchInlineSnapshot(`
      "exit 1
      applied    20260101000000 books (expand, TIME UTC) — its file was
                 deleted since
      applied    20260102000000 title (expand, TIME UTC)
      problem    20260101000000 is applied and has no file any more.
                 Restore the file. The journal keeps its downgrade, but migrate down
                 takes the newest first: 20260102000000, and what else was applied
                 after it. Where the database is to keep what it made: migrate repair
                 20260101000000 --forget. Where it belongs to another application on
                 this database, give this one a journal of its own: "journalSchema" in
                 the configuration.
      2 applied, 0 pending.
      "
    `)
  })

  test('a late migration is refused', async () => {
    const { cwd, database } = await appliedFirst()
    await writeFile(join(cwd, 'migrations/20251231000000_pens.sql'), first.replaceAll('books', 'pens'))
    expect(await up(cwd, database.url)).toMatchInlineSnapshot(`
      "exit 1
      error history-late migrations/20251231000000_pens.sql:1:1
        20251231000000 is not applied, and 20260101000000, which comes after it, is.
        Nothing was changed.

        It came with a merge. Give its file a newer id (git mv), or allow late
        migrations in the configuration ("run": { "late": "apply" }). Where the
        database has it already: migrate repair 20251231000000 --applied
      "
    `)
    expect(await tables(database)).toEqual(['books'])
  })

  test('a migration that fails leaves nothing behind', async () => {
    const database = await createDatabase()
    const failing =
      '-- migrate:up\ncreate table pens (id int);\nalter table ghosts add column é int;\n\n-- migrate:down\ndrop table pens;\n'
    const cwd = await directory({ 'migrations/20260101000000_pens.sql': failing })
    expect(await up(cwd, database.url)).toMatchInlineSnapshot(`
      "exit 1
      error migration-failed migrations/20260101000000_pens.sql:3:1
        Migration 20260101000000 (pens) failed and was rolled back: relation "ghosts"
        does not exist (SQLSTATE 42P01)

            alter table ghosts add column é int

        Nothing of it is left in the database. Correct the file and run the command
        again.
      "
    `)
    expect(await tables(database)).toEqual([])
  })
})

async function appliedFirst(): Promise<{ readonly cwd: string; readonly database: TestDatabase }> {
  const database = await createDatabase()
  const cwd = await directory({ 'migrations/20260101000000_books.sql': first })
  expect(await up(cwd, database.url)).toMatch(/^exit 0\n.*1 migration applied\.\n$/s)
  return { cwd, database }
}
