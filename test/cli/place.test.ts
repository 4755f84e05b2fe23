import { describe, expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { type CliResult, directory } from '../support/cli.ts'
import { migrateHere as migrate } from '../support/cli-here.ts'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { createDatabase, runAsAdmin, urlOf } from '../support/postgres.ts'
import { guardedDatabase } from '../support/roles.ts'

const add =
  '-- migrate:up\nalter table books add column isbn text;\n-- migrate:down\nalter table books drop column isbn;\n'
const files = {
  'migrations/1_books.sql': '-- migrate:up\ncreate table books (id int);\n-- migrate:down\ndrop table books;\n',
  'migrations/2_isbn.sql': add,
}
const drop = {
  'migrations/3_drop.sql':
    '-- migrate:up\nalter table books drop column isbn;\n-- migrate:down none because it is gone\n',
}

async function rows(url: string, sql: string): Promise<readonly unknown[]> {
  const connection = await connect(url)
  const found = await connection.query<{ row: unknown }>(sql).finally(() => connection.close())
  return found.rows.map(({ row }) => row)
}

const labels = (url: string): Promise<readonly unknown[]> =>
  rows(url, 'select name as row from migrate.label order by id')
const applied = (url: string): Promise<readonly unknown[]> =>
  rows(url, 'select id as row from migrate.migration order by position')

/** How a command ended, and the code and words of its error. */
function ended({ code, stderr }: CliResult): readonly [number | null, string] {
  return [code, stderr.replaceAll(/\s+/g, ' ').trim()]
}

function has(...parts: readonly string[]): string {
  return expect.stringMatching(new RegExp(parts.join('[\\s\\S]*')))
}

describe('migrate init --label', () => {
  test('labels a database once; another label only takes the place of the one that is named', async () => {
    const { url } = await createDatabase()
    const cwd = await directory(files)
    const label = (...args: readonly string[]): Promise<CliResult> =>
      migrate(['init', '--label', ...args, '--url', url], { cwd })
    expect(ended(await label('staging', '--relabel', 'production'))).toEqual([
      7,
      has('label-mismatch', 'no label, so there is no "production"'),
    ])
    expect((await label('production')).stdout).toContain('The database is labelled "production".')
    expect((await label('production')).stdout).toContain('already')
    expect(ended(await label('staging'))).toEqual([
      7,
      has('label-mismatch', 'labelled "production" already', '--relabel production'),
    ])
    expect(ended(await label('staging', '--relabel', 'test'))).toEqual([7, has('label-mismatch')])
    expect(await labels(url)).toEqual(['production'])
    expect((await label('staging', '--relabel', 'production')).stdout).toContain('no longer "production"')
    expect(await labels(url)).toEqual(['production', 'staging'])
    expect(await rows(url, `select concat_ws(' ', command, outcome) as row from migrate.run order by id`)).toEqual([
      'init done',
      'init done',
    ])
  })

  test('refuses what is no name, and --relabel by itself', async () => {
    const cwd = await directory({})
    expect(ended(await migrate(['init', '--label', 'pro duction', '--url', 'postgres://x/y'], { cwd }))).toEqual([
      2,
      has('command-invalid'),
    ])
    expect(ended(await migrate(['init', '--relabel', 'production'], { cwd }))).toEqual([
      2,
      has('command-invalid', '--label'),
    ])
  })

  test('works on an embedded database', { timeout: embeddedTimeoutMs }, async () => {
    const cwd = await directory(files)
    const on = ['--url', `pglite://${cwd}/data`] as const
    expect((await migrate(['init', '--label', 'test', ...on], { cwd })).code).toBe(0)
    expect(ended(await migrate(['up', '--label', 'production', ...on], { cwd }))).toEqual([7, has('label-mismatch')])
    expect((await migrate(['up', '--label', 'test', ...on], { cwd })).code).toBe(0)
  })
})

describe('a database with another label than the expected one is refused, and nothing is changed', () => {
  test('P12: by every command that asks or changes it, wherever the label is named', async () => {
    const { url } = await createDatabase()
    const cwd = await directory(files)
    expect(ended(await migrate(['up', '--label', 'production', '--url', url], { cwd }))).toEqual([
      7,
      has('label-mismatch', 'no label; "production" was expected', 'init --label production'),
    ])
    await migrate(['init', '--label', 'test', '--url', url], { cwd })
    const refused = [7, has('label-mismatch', 'labelled "test"; "production" was expected')]
    for (const command of [
      ['up'],
      ['up', '--dry-run'],
      ['down'],
      ['down', '--dry-run'],
      ['status'],
      ['approve', '1'],
      ['gate', '1'],
      ['drift'],
    ]) {
      const result = ended(await migrate([...command, '--label', 'production', '--url', url], { cwd }))
      expect([command, ...result]).toEqual([command, ...refused])
    }
    expect(ended(await migrate(['up', '--url', url], { cwd, env: { MIGRATE_LABEL: 'production' } }))).toEqual(refused)
    const configured = await directory({ ...files, 'migrate.config.json': '{ "label": "production" }' })
    expect(ended(await migrate(['up', '--url', url], { cwd: configured }))).toEqual(refused)
    expect(await applied(url)).toEqual([])
    expect((await migrate(['up', '--label', 'test', '--url', url], { cwd: configured })).code).toBe(0)
    expect(await applied(url)).toEqual(['1', '2'])
  })

  test('status shows the label', async () => {
    const { url } = await createDatabase()
    const cwd = await directory(files)
    const status = async (): Promise<unknown> =>
      JSON.parse((await migrate(['status', '--json', '--url', url], { cwd })).stdout)
    expect(await status()).toMatchObject({ label: null })
    await migrate(['init', '--label', 'test', '--url', url], { cwd })
    expect(await status()).toMatchObject({ label: 'test' })
    expect((await migrate(['status', '--url', url], { cwd })).stdout).toMatch(/^label {6}test\n/)
  })
})

describe('a copy of a labelled database', () => {
  test('on the same server is refused until it is labelled itself; the original is not touched by that', async () => {
    const original = await createDatabase()
    const cwd = await directory(files)
    await migrate(['init', '--label', 'production', '--url', original.url], { cwd })
    const name = `${new URL(original.url).pathname.slice(1)}_copy`
    await runAsAdmin(`create database ${name} template ${new URL(original.url).pathname.slice(1)}`)
    const url = urlOf(name)
    try {
      const refused = [
        7,
        has('label-copied', 'label "production", which was given to another', '--label staging --relabel production'),
      ]
      for (const args of [['up', '--label', 'production'], ['up'], ['up', '--dry-run'], ['down'], ['status']])
        expect([args, ...ended(await migrate([...args, '--url', url], { cwd }))]).toEqual([args, ...refused])
      expect(ended(await migrate(['init', '--label', 'staging', '--url', url], { cwd }))).toEqual([
        7,
        has('label-mismatch', 'a copy of'),
      ])
      await migrate(['init', '--label', 'staging', '--relabel', 'production', '--url', url], { cwd })
      expect((await migrate(['up', '--label', 'staging', '--url', url], { cwd })).code).toBe(0)
      expect([await applied(original.url), await applied(url)]).toEqual([[], ['1', '2']])
    } finally {
      await runAsAdmin(`drop database ${name} with (force)`)
    }
  })

  test('on another server is refused too; it may take the place of the original', async () => {
    const { url } = await createDatabase()
    const cwd = await directory(files)
    await migrate(['init', '--label', 'production', '--url', url], { cwd })
    // What a dump of a database that had the same oid on another server brings along.
    const connection = await connect(url)
    await connection.run('update migrate.label set system_identifier = system_identifier - 1')
    await connection.close()
    expect(ended(await migrate(['up', '--url', url], { cwd }))).toEqual([7, has('label-copied', 'pg_upgrade')])
    const again = await migrate(['init', '--label', 'production', '--relabel', 'production', '--url', url], { cwd })
    expect(again.stdout).toContain('labelled "production" anew')
    expect((await migrate(['up', '--url', url], { cwd })).code).toBe(0)
  })
})

describe('in a labelled database what destroys needs the label named', () => {
  test('up refuses before anything is changed, and says what it is', async () => {
    const { url } = await createDatabase()
    const cwd = await directory({ ...files, ...drop })
    await migrate(['init', '--label', 'production', '--url', url], { cwd })
    const dry = await migrate(['up', '--dry-run', '--url', url], { cwd })
    expect([dry.code, dry.stderr]).toEqual([0, has('3 \\(drop\\) is a contract', 'labelled "production"')])
    expect(ended(await migrate(['up', '--url', url], { cwd }))).toEqual([
      7,
      has('label-needed', '3 \\(drop\\) is a contract', '--label production'),
    ])
    expect(await applied(url)).toEqual([])
    expect((await migrate(['up', '--phase', 'expand', '--url', url], { cwd })).code).toBe(0)
    expect(await applied(url)).toEqual(['1', '2'])
    expect((await migrate(['up', '--label', 'production', '--url', url], { cwd })).code).toBe(0)
    expect(await applied(url)).toEqual(['1', '2', '3'])
  })

  test.each([
    [
      'is declared irreversible',
      '-- migrate:up\ncreate table t ();\n-- migrate:down none because\n'.replace('because', 'because it stays'),
    ],
    ['drops an index', '-- migrate:up\ndrop index i;\n-- migrate:down\ncreate index i on books (id);\n'],
    ['deletes rows', '-- migrate:phase expand\n-- migrate:up\ndelete from books;\n-- migrate:down\nselect 1;\n'],
    [
      'runs SQL that cannot be read beforehand',
      "-- migrate:up\ndo $$ begin execute 'drop table ' || 'books'; end $$;\n-- migrate:down\nselect 1;\n",
    ],
  ])('what %s', async (words, text) => {
    const { url } = await createDatabase()
    const cwd = await directory({ ...files, 'migrations/3_last.sql': text })
    await migrate(['init', '--label', 'production', '--url', url], { cwd })
    expect(ended(await migrate(['up', '--url', url], { cwd }))).toEqual([7, has('label-needed', words)])
  })

  test('what waits behind its gate does not hold up the rest', async () => {
    const { url } = await createDatabase()
    const gated = { 'migrations/3_drop.sql': `-- migrate:gate approval\n\n${drop['migrations/3_drop.sql']}` }
    const cwd = await directory({ ...files, ...gated })
    await migrate(['init', '--label', 'production', '--url', url], { cwd })
    const { code, stdout } = await migrate(['up', '--url', url], { cwd })
    expect([code, stdout]).toEqual([0, has('2 migrations applied, 1 held back')])
    await migrate(['approve', '3', '--url', url], { cwd })
    expect(ended(await migrate(['up', '--url', url], { cwd }))).toEqual([7, has('label-needed')])
    expect(await applied(url)).toEqual(['1', '2'])
  })

  test('down refuses, also with --yes; its dry run says so', async () => {
    const { url } = await createDatabase()
    const cwd = await directory(files)
    await migrate(['up', '--url', url], { cwd })
    await migrate(['init', '--label', 'production', '--url', url], { cwd })
    const down = (...args: readonly string[]): Promise<CliResult> =>
      migrate(['down', '--unproven', ...args, '--url', url], { cwd })
    expect(ended(await down('--yes'))).toEqual([7, has('label-needed', 'The downgrade of 2 may lose')])
    const dry = await down('--dry-run')
    expect([dry.code, dry.stderr, dry.stdout]).toEqual([0, has('labelled "production"'), has('would revert {2}2')])
    expect(await applied(url)).toEqual(['1', '2'])
    expect((await down('--yes', '--label', 'production')).code).toBe(0)
    expect(await applied(url)).toEqual(['1'])
  })
})

describe('where the server does not tell its identifier', () => {
  const notTold = 'revoke execute on function pg_control_system() from public'

  test("a label holds with the database's own number", async () => {
    const database = await guardedDatabase()
    await database.admin(notTold)
    const cwd = await directory(files)
    const on = ['--url', database.as(database.deployer), '--role', database.migrator] as const
    expect((await migrate(['init', '--label', 'production', ...on], { cwd })).stdout).toContain('labelled "production"')
    expect((await migrate(['up', '--label', 'production', ...on], { cwd })).code).toBe(0)
    expect(await rows(database.url, 'select system_identifier as row from migrate.label')).toEqual([null])
    // What a dump of another database brings along.
    await database.admin('update migrate.label set database_oid = database_oid - 1')
    expect(ended(await migrate(['up', ...on], { cwd }))).toEqual([7, has('label-copied', 'system identifier not told')])
  })

  test('a label that was given with the identifier is not taken on trust', async () => {
    const database = await guardedDatabase()
    const cwd = await directory(files)
    const on = ['--url', database.as(database.deployer), '--role', database.migrator] as const
    await migrate(['init', '--label', 'production', ...on], { cwd })
    await database.admin(notTold)
    expect(ended(await migrate(['up', '--label', 'production', ...on], { cwd }))).toEqual([
      7,
      has('permission-denied', 'GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system'),
    ])
    expect(await applied(database.url)).toEqual([])
  })
})
