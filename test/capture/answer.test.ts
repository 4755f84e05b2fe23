import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { searchPathOf } from '../../src/capture/search-path.ts'
import { directory, migrate } from '../support/cli.ts'
import { createDatabase, runAsAdmin } from '../support/postgres.ts'

const migration = '-- migrate:up\nselect 1;\n\n-- migrate:down\nselect 1;\n'
const files = {
  'migrations/20261101093000_a.sql': migration,
  'migrations/20261102093000_b.sql': migration,
  'q/a.sql': 'select * from book where id = $1;\n',
  'q/b.sql': 'select 1;\n',
}

async function capture(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly cwd: string; readonly said: string }> {
  const cwd = await directory({ ...files, ...more })
  const { code, stdout, stderr } = await migrate(['queries', 'capture', ...args], { cwd })
  return { cwd, said: `exit ${code}\n${stdout}${stderr}` }
}

test.each([
  ['no source', ['--release', '1']],
  ['no release', ['--from-files', 'q']],
  ['a release that is no file name', ['--release', 'a/b', '--from-files', 'q']],
  ['a file that is not there', ['--release', '1', '--from-files', 'nowhere']],
  ['a directory without SQL', ['--release', '1', '--from-log', 'q']],
  ['a glob that fits nothing', ['--release', '1', '--from-files', '**/*.psql']],
  ['a migration that there is not', ['--release', '1', '--from-files', 'q', '--at', '20261101093001']],
  ['nothing to capture', ['--release', '1', '--from-files', 'q/b.sql']],
  ['a log that is none', ['--release', '1', '--from-log', 'q/a.sql']],
  ['a file of hooks that is none', ['--release', '1', '--from-jsonl', 'q/a.sql']],
  ['files of another release', ['--release', '1', '--from-jsonl', 'two.jsonl']],
  ['no database', ['--release', '1', '--from-database']],
  ['a misspelt option', ['--release', '1', '--from-file', 'q']],
])('%s is an error', async (_, args) => {
  const other =
    '{"lockstep":"queries","version":1,"release":"2","migration":null,"role":null,"searchPath":null,"source":[]}'
  expect((await capture(args, { 'two.jsonl': other })).said).toMatchSnapshot()
})

test('a command that only holds others', async () => {
  expect(await migrate(['queries'], { cwd: await directory({}) })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('migrate queries capture'),
  })
})

test('files belong to the newest migration beside them; the answer as JSON', async () => {
  const { said } = await capture(['--release', '1', '--from-files', 'q', '--json'])
  expect(said).toMatchSnapshot()
})

test('a contract is not overwritten unless that is said; the same again changes nothing; it can be joined', async () => {
  const { cwd } = await capture(['--release', '1', '--from-files', 'q/a.sql', '--at', '20261101093000'])
  const again = (...args: readonly string[]): ReturnType<typeof migrate> =>
    migrate(['queries', 'capture', '--release', '1', '--from-files', 'q/a.sql', ...args], { cwd })
  expect((await again('--at', '20261101093000')).stdout).toMatch(/^Nothing changed/)
  expect(await again()).toMatchObject({ code: 2, stderr: expect.stringContaining('--overwrite') })
  expect(await again('--from-jsonl', 'migrations/queries/1.jsonl', '--role', 'shop')).toMatchObject({ code: 0 })
  expect(await readFile(join(cwd, 'migrations/queries/1.jsonl'), 'utf8')).toMatchSnapshot('joined')
  expect(await again('--overwrite')).toMatchObject({ code: 0 })
})

test('in the directory of another tool nothing is written unasked', async () => {
  const cwd = await directory({
    'prisma/schema.prisma': 'datasource db { provider = "postgresql" }',
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"',
    'prisma/migrations/20261101093000_a/migration.sql': 'select 1;',
    'q/a.sql': 'select * from book;',
  })
  const args = ['queries', 'capture', '--release', '1', '--from-files', 'q', '--dir', 'prisma/migrations']
  expect(await migrate(args, { cwd })).toMatchObject({ code: 2, stderr: expect.stringContaining('another tool') })
  expect(await migrate([...args, '--output', 'contracts/1.jsonl'], { cwd })).toMatchObject({ code: 0 })
})

test('a packed log; order by 2 is not order by 1, and what cannot be taken out is left out without being shown', async () => {
  const log = [
    'LOG:  statement: select id, name from book order by 1',
    'LOG:  statement: select id, name from book order by 2',
    "LOG:  statement: select id from book where name = 'secret'",
    "LOG:  statement: select extract('year' from day) from book where name = 'secret'",
    "LOG:  statement: selct 'secret'",
  ]
  const cwd = await directory({ 'server.log.gz': gzipSync(log.join('\n')) })
  const { code, stdout } = await migrate(['queries', 'capture', '--release', '1', '--from-log', 'server.log.gz'], {
    cwd,
  })
  expect({ code, stdout }).toMatchSnapshot('said')
  expect(await readFile(join(cwd, 'migrations/queries/1.jsonl'), 'utf8')).toMatchSnapshot('contract')
})

test('the search_path that a role begins with', async () => {
  const database = await createDatabase()
  const connection = await database.connect()
  const name = new URL(database.url).pathname.slice(1)
  const role = `role_of_${name}`
  await connection.run(`create role ${role}`)
  onTestFinished(() => runAsAdmin(`drop role ${role}`))
  const seen = [await searchPathOf(connection, 'nobody_of_that_name'), await searchPathOf(connection, role)]
  for (const sql of [
    `alter database ${name} set search_path = of_database, public`,
    `alter role ${role} set search_path = of_role`,
    `alter role ${role} in database ${name} set search_path = of_role_here`,
  ]) {
    await connection.run(sql)
    seen.push(await searchPathOf(connection, role))
  }
  expect(seen).toEqual([null, '"$user", public', 'of_database, public', 'of_role', 'of_role_here'])
})
