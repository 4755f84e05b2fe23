import { describe, expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { type CliResult, directory } from '../support/cli.ts'
import { migrateHere as migrate } from '../support/cli-here.ts'
import { adminUrl } from '../support/postgres.ts'
import { type GuardedDatabase, guardedDatabase, journalGrants } from '../support/roles.ts'

const files = {
  'migrations/1_books.sql':
    '-- migrate:up\ncreate table books (id bigint primary key, n int);\n-- migrate:down\ndrop table books;\n',
  'migrations/2_fill.sql':
    '-- migrate:backfill table:books key:id\n-- migrate:up\nupdate books set n = 1 where n is null;\n-- migrate:down\nselect 1;\n',
  'migrations/3_index.sql':
    '-- migrate:up transaction:false\ncreate index concurrently books_n on books (n);\n-- migrate:down transaction:false\ndrop index concurrently books_n;\n',
}

async function column(database: GuardedDatabase, sql: string): Promise<readonly unknown[]> {
  const connection = await database.connect()
  const { rows } = await connection.query<{ value: unknown }>(sql)
  await connection.close()
  return rows.map(({ value }) => value)
}

/** Everything of the database that is not its template's, with who owns it. */
const owners = `
  select distinct relowner::regrole::text as value from pg_class
   where relnamespace in (select oid from pg_namespace where nspname in ('public', 'migrate'))`

/** A command that did what it is for: drift finds that the schema public is not the one of a new database. */
function ended(command: string): readonly [string, number, string] {
  return [command, command === 'drift' ? 3 : 0, '']
}

function errorOf({ code, stderr }: CliResult): readonly [number | null, string] {
  return [code, stderr.replaceAll(/\s+/g, ' ').trim()]
}

function has(...parts: readonly string[]): string {
  return expect.stringMatching(new RegExp(parts.join('[\\s\\S]*')))
}

describe('a login that may only take the role of the owner', () => {
  test('labels, applies, shows, compares, approves and reverts; everything belongs to the role', async () => {
    const database = await guardedDatabase()
    const cwd = await directory(files)
    const env = { DATABASE_URL: database.as(database.deployer), MIGRATE_ROLE: database.migrator }
    const codes = []
    for (const args of [
      ['init', '--label', 'production'],
      ['up', '--label', 'production'],
      ['status'],
      ['approve', '3'],
      ['gate', '3'],
      ['drift', '--shadow-url', adminUrl(), '--roles', 'none'],
      ['up', '--dry-run'],
      ['down', '--dry-run', '--unproven'],
      ['down', '--unproven', '--label', 'production'],
    ]) {
      const { code, stderr } = await migrate([...args, '--quiet'], { cwd, env })
      codes.push([args[0], code, stderr])
    }
    expect(codes).toEqual(['init', 'up', 'status', 'approve', 'gate', 'drift', 'up', 'down', 'down'].map(ended))
    expect(await column(database, owners)).toEqual([database.migrator])
    expect(await column(database, 'select id as value from migrate.migration order by 1')).toEqual(['1', '2'])
  })

  test('is let through by the gate long-transactions, whose own session that watches hides nothing', async () => {
    const database = await guardedDatabase()
    const cwd = await directory({
      'migrations/1_books.sql': `-- migrate:gate long-transactions\n${files['migrations/1_books.sql']}`,
    })
    const env = { DATABASE_URL: database.as(database.deployer), MIGRATE_ROLE: database.migrator }
    expect(await migrate(['up', '--quiet'], { cwd, env })).toMatchObject({ code: 0 })
  })

  test('keeps the role whatever a migration does to it', async () => {
    const database = await guardedDatabase()
    const cwd = await directory({
      'migrations/1_one.sql': `-- migrate:up\ncreate table one ();\nreset role;\n-- migrate:down\nselect 1;\n`,
      'migrations/2_two.sql': `-- migrate:up\ncreate table two ();\ndo $$ begin perform set_config('role', 'none', false); end $$;\n-- migrate:down\nselect 1;\n`,
      'migrations/3_three.sql': `-- migrate:up transaction:false
create table three ();
vacuum one;
-- migrate:down
select 1;
`,
      'migrations/4_four.sql': '-- migrate:up\ncreate table four ();\n-- migrate:down\nselect 1;\n',
    })
    const { code, stderr } = await migrate(
      ['up', '--quiet', '--url', database.as(database.deployer), '--role', database.migrator],
      { cwd },
    )
    expect([code, stderr]).toEqual([0, ''])
    expect(await column(database, owners)).toEqual([database.migrator])
  })

  test('is told which grant is missing', async () => {
    const database = await guardedDatabase()
    const { migrator, deployer, name } = database
    const cwd = await directory(files)
    const up = async (role = migrator): Promise<readonly [number | null, string]> =>
      errorOf(await migrate(['up', '--quiet', '--url', database.as(deployer), '--role', role], { cwd }))
    expect(await up('nobody_of_that_name')).toEqual([2, has('role-unknown', '"nobody_of_that_name"')])
    await database.admin(`revoke ${migrator} from ${deployer}`)
    expect(await up()).toEqual([7, has('permission-denied', `GRANT ${migrator} TO ${deployer}`)])
    await database.admin(`grant ${migrator} to ${deployer}; revoke create on database ${name} from ${migrator}`)
    expect(await up()).toEqual([7, has('permission-denied', `GRANT CREATE ON DATABASE ${name} TO ${migrator}`)])
    await database.admin(
      `grant create on database ${name} to ${migrator}; revoke create on schema public from ${migrator}`,
    )
    expect(await up()).toEqual([1, has('migration-failed', `GRANT USAGE, CREATE ON SCHEMA public TO ${migrator}`)])
    await database.admin(`grant create on schema public to ${migrator}; create table foreign_table ()`)
    const alter = '-- migrate:up\nalter table foreign_table add column a int;\n-- migrate:down\nselect 1;\n'
    const other = await directory({ 'migrations/1_alter.sql': alter })
    const refused = await migrate(['up', '--url', database.as(deployer), '--role', migrator], { cwd: other })
    expect(errorOf(refused)).toEqual([1, has('migration-failed', `ALTER TABLE foreign_table OWNER TO ${migrator}`)])
    const read = '-- migrate:up\ncreate table mine as select * from foreign_table;\n-- migrate:down\ndrop table mine;\n'
    const reading = await directory({ 'migrations/1_read.sql': read })
    const unread = await migrate(['up', '--url', database.as(deployer), '--role', migrator], { cwd: reading })
    expect(errorOf(unread)).toEqual([
      1,
      has('migration-failed', `GRANT SELECT, INSERT.* ON foreign_table TO ${migrator}`),
    ])
    expect(await up()).toEqual([0, ''])
  })

  test('needs no right to create schemas where the journal has one already', async () => {
    const database = await guardedDatabase()
    const { migrator, deployer, name } = database
    await database.admin(
      `revoke create on database ${name} from ${migrator}; create schema migrate authorization ${migrator}`,
    )
    const cwd = await directory(files)
    expect(
      errorOf(await migrate(['up', '--quiet', '--url', database.as(deployer), '--role', migrator], { cwd })),
    ).toEqual([0, ''])
  })
})

describe('a login that may only read the journal', () => {
  const commands = [
    ['status'],
    ['up', '--dry-run'],
    ['down', '--dry-run', '--unproven'],
    ['drift', '--shadow-url', adminUrl, '--roles', 'none'],
    ['snapshot'],
  ] as const

  async function asked(database: GuardedDatabase, cwd: string, env = {}): Promise<readonly unknown[]> {
    const found = []
    for (const args of commands) {
      const words = args.map((word) => (typeof word === 'string' ? word : word()))
      const { code, stderr } = await migrate([...words, '--quiet', '--url', database.as(database.reader)], { cwd, env })
      found.push([args[0], code, stderr])
    }
    const { code, stderr } = await migrate(['lint', '--url', database.as(database.reader)], { cwd, env })
    return [...found, ['lint', code, stderr]]
  }
  const fine = ['status', 'up', 'down', 'drift', 'snapshot', 'lint'].map(ended)

  test('may ask everything, with and without the role of others in the configuration, and changes nothing', async () => {
    const database = await guardedDatabase()
    const cwd = await directory(files)
    await migrate(['up', '--url', database.as(database.deployer), '--role', database.migrator], { cwd })
    await database.admin(journalGrants(database))
    const before = await column(database, 'select count(*)::int as value from migrate.run')
    const more = {
      'migrations/4_effect.sql': `-- migrate:up\nselect nextval('s');\ncreate table t ();\n-- migrate:down\ndrop table t;\n`,
    }
    const pending = await directory({ ...files, ...more })
    await database.admin('create sequence s')
    expect(await asked(database, pending)).toEqual(fine)
    expect(await asked(database, cwd, { MIGRATE_ROLE: database.migrator })).toEqual(fine)
    expect(await column(database, 'select last_value::int as value from s where not is_called')).toEqual([1])
    expect(await column(database, 'select count(*)::int as value from migrate.run')).toEqual(before)
  })

  test('may ask where there is no journal yet, and makes none', async () => {
    const database = await guardedDatabase()
    const cwd = await directory({ 'migrations/1_none.sql': '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n' })
    expect(await asked(database, cwd)).toEqual(fine)
    expect(await column(database, `select to_regnamespace('migrate') as value`)).toEqual([null])
  })

  test('is told which grant is missing', async () => {
    const database = await guardedDatabase()
    const cwd = await directory(files)
    await migrate(['up', '--url', database.as(database.deployer), '--role', database.migrator], { cwd })
    const refused = [
      7,
      has(
        'permission-denied',
        `GRANT USAGE ON SCHEMA migrate TO ${database.reader}`,
        `GRANT SELECT ON ALL TABLES IN SCHEMA migrate TO ${database.reader}`,
      ),
    ]
    const status = async (): Promise<unknown> =>
      errorOf(await migrate(['status', '--url', database.as(database.reader)], { cwd }))
    expect(await status()).toEqual(refused)
    await database.admin(`grant usage on schema migrate to ${database.reader}`)
    expect(await status()).toEqual(refused)
    const labelled = await migrate(['status', '--label', 'production', '--url', database.as(database.reader)], { cwd })
    expect(errorOf(labelled)).toEqual(refused)
  })
})

test('the session of a dry run can write nothing, sequences and temporary functions included', async () => {
  const database = await guardedDatabase()
  await database.admin('create sequence s')
  const connection = await connect(database.url, { readOnly: true })
  for (const sql of [
    `select nextval('s')`,
    'create table t ()',
    `select setval('s', 5)`,
    'create function f() returns int language sql as $$ select 1 $$',
  ])
    await expect(connection.run(sql)).rejects.toMatchObject({ sqlState: '25006' })
  await connection.close()
})
