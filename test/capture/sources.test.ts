import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { capturingServer, useShop } from './server.ts'

const migrations = { 'migrations/20261101093000_a.sql': '-- migrate:up\nselect 1;\n\n-- migrate:down\nselect 1;\n' }
const contract = (cwd: string): Promise<string> => readFile(join(cwd, 'migrations/queries/1.jsonl'), 'utf8')

test('pg_stat_statements: the statements of a role, mended, with the journal and the search_path of the database', async () => {
  const server = await capturingServer(['shared_preload_libraries=pg_stat_statements', 'pg_stat_statements.track=all'])
  const cwd = await directory(migrations)
  const capture = (...more: readonly string[]): ReturnType<typeof migrate> =>
    migrate(['queries', 'capture', '--release', '1', '--from-database', '--url', server.url, ...more], { cwd })
  expect(await capture()).toMatchObject({ code: 2, stderr: expect.stringContaining('create extension') })
  await server.run(
    'create extension pg_stat_statements; create schema shop; alter role shop_app set search_path = shop, public',
  )
  expect(await migrate(['up', '--url', server.url], { cwd })).toMatchObject({ code: 0 })
  await server.run(`create function touch() returns void language sql as 'update public.customer set seen = now()';
    grant execute on function touch to shop_app`)
  await server.application((client) => useShop(client, '(1)'))
  await server.application(async (client) => void (await client.query('select public.touch()')))
  const { code, stdout, stderr } = await capture('--role', 'shop_app')
  expect({ code, stderr, stdout }).toMatchSnapshot('said')
  expect(await contract(cwd)).toMatchSnapshot('contract')
  // From version 18 on a list is shown as its first element, whose text is mended.
  await server.application(async (client) => void (await client.query('select id from customer where id in (1, 2, 3)')))
  await capture('--role', 'shop_app', '--overwrite')
  expect(await contract(cwd)).toContain(`where id in ${serverMajor() < 18 ? '($1, $2, $3)' : '($1)'}"`)
  expect(await capture('--role', 'shop_ap')).toMatchObject({ code: 2 })
  // Without a role all are taken, whoever sent them.
  const all = await capture('--overwrite')
  expect(all.stdout).toContain('role         not known')
  await server.run('create role reader login')
  const reader = server.url.replace(/\/\/[^@]*@/, '//reader@')
  const hidden = await migrate(['queries', 'capture', '--release', '2', '--from-database', '--url', reader], { cwd })
  expect(hidden).toMatchObject({ code: 7, stderr: expect.stringContaining('pg_read_all_stats') })
})

test('pg_stat_statements that is not loaded', async () => {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run('create extension pg_stat_statements')
  const cwd = await directory(migrations)
  const { code, stderr } = await migrate(
    ['queries', 'capture', '--release', '1', '--from-database', '--url', database.url],
    { cwd },
  )
  expect({ code, stderr }).toMatchSnapshot()
})

const logged = ['logging_collector=on', 'log_directory=LOGS', 'log_filename=server.log', 'log_min_messages=warning']

const forms: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  [
    'stderr',
    'log',
    ['log_statement=all', 'log_line_prefix=%m [%p] %q%u@%d '],
    ['--log-line-prefix', '%m [%p] %q%u@%d '],
  ],
  ['csvlog', 'csv', ['log_statement=all', 'log_destination=csvlog'], []],
  ['jsonlog', 'json', ['log_min_duration_statement=0', 'log_destination=jsonlog'], []],
  [
    'auto_explain',
    'log',
    [
      'shared_preload_libraries=auto_explain',
      'auto_explain.log_min_duration=0',
      'auto_explain.log_format=json',
      'log_line_prefix=%u %d ',
    ],
    ['--log-line-prefix', '%u %d '],
  ],
]
// JSON came with version 15, parameters in plans with 16.
const known = forms.filter(([form]) => form !== 'jsonlog' || serverMajor() >= 15)

test.each(known)('a log of a server: %s', async (form, ending, settings, options) => {
  const server = await capturingServer([...logged, ...settings])
  await server.application(useShop)
  const cwd = await directory({ 'server.log': await server.log(ending) })
  const capture = (...more: readonly string[]): ReturnType<typeof migrate> =>
    migrate(['queries', 'capture', '--release', '1', '--from-log', 'server.log', ...options, ...more], { cwd })
  const { code, stdout, stderr } = await capture('--role', 'shop_app', '--database', 'shop')
  expect({ code, stderr, stdout }).toMatchSnapshot('said')
  const text = await contract(cwd)
  expect(text).not.toMatch(/secret|brien|1980|1970/)
  expect(text).toMatchSnapshot('contract')
  expect(await capture('--role', 'shop_app', '--database', 'shop', '--values', '--overwrite')).toMatchObject({
    code: 0,
  })
  const withValues = await contract(cwd)
  if (form !== 'auto_explain' || serverMajor() >= 16) expect(withValues).toMatchSnapshot('with values')
  expect(await capture('--overwrite')).toMatchObject({ code: 2, stderr: expect.stringContaining('several databases') })
})
