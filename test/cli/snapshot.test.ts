import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directory, migrate } from '../support/cli.ts'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { createDatabase } from '../support/postgres.ts'

const orders =
  '-- migrate:up\ncreate table orders (id bigint primary key, note text);\n\n-- migrate:down\ndrop table orders;\n'
const index = '-- migrate:up\ncreate index by_note on orders (note);\n\n-- migrate:down\ndrop index by_note;\n'
const files = { 'migrations/20260101000000_orders.sql': orders }
const pending = { ...files, 'migrations/20260102000000_index.sql': index }

test('lint on a live database and on its snapshot says the same, and names sizes', async () => {
  const database = await createDatabase()
  expect(await migrate(['up', '--url', database.url], { cwd: await directory(files) })).toMatchObject({ code: 0 })
  const connection = await database.connect()
  await connection.run("insert into orders select n, 'x' from generate_series(1, 20000) n")
  await connection.run('vacuum analyze orders')
  const cwd = await directory(pending)
  const written = await migrate(['snapshot', '--url', database.url, '--output', 'out/snapshot.json'], { cwd })
  expect(written).toMatchObject({ code: 0, stderr: '' })
  const text = await readFile(join(cwd, 'out/snapshot.json'), 'utf8')
  expect((await migrate(['snapshot', '--url', database.url], { cwd })).stdout).toBe(text)
  const { hostname, password, username } = new URL(database.url)
  for (const secret of [hostname, password, username, '127.0.0.1'].filter((one) => one !== ''))
    expect(text).not.toContain(secret)
  // Which server the tests run on is no part of what is held here.
  const told = (shown: string): string =>
    shown.replaceAll(/PostgreSQL \d+/g, 'PostgreSQL N').replaceAll(/\d+(?:\.\d)? [kM]B/g, 'N kB')
  const live = await migrate(['lint', '--url', database.url], { cwd })
  expect(told(live.stdout)).toMatchSnapshot('live')
  expect(Math.max(...live.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  const offline = await migrate(['lint', '--snapshot', 'out/snapshot.json'], { cwd })
  expect(told(offline.stdout)).toMatchSnapshot('snapshot')
  expect([written.stdout, live.code, offline.code].map((one) => told(String(one)))).toEqual([
    'Wrote out/snapshot.json: PostgreSQL N, 1 table, 1 migration applied.\n',
    '1',
    '1',
  ])
})

test('lint never connects because a database is in the environment', async () => {
  const cwd = await directory(files)
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere' }
  expect(await migrate(['lint'], { cwd, env })).toMatchObject({ code: 0, stderr: '' })
})

test('an embedded database', { timeout: embeddedTimeoutMs }, async () => {
  const cwd = await directory(pending)
  const url = `pglite://${join(cwd, 'data')}`
  expect(await migrate(['up', '--url', url], { cwd })).toMatchObject({ code: 0 })
  const { code, stdout } = await migrate(['lint', '--url', url], { cwd })
  expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
    code: 0,
    last: expect.stringMatching(/^judged on a live PostgreSQL \d+, 2 applied migrations left out$/),
  })
})

const whole = { version: 2, server: 17, statements: [], tables: [] }

test.each([
  ['a file that is not there', undefined],
  ['a file that is no JSON', '{'],
  ['an older version', JSON.stringify({ ...whole, version: 1 })],
  ['a newer version', JSON.stringify({ ...whole, version: 3 })],
  ['another form', JSON.stringify({ ...whole, tables: [{ schema: 'public', name: 'x', bytes: -1, heapBytes: 0 }] })],
  ['a server whose effects nobody measured', JSON.stringify({ ...whole, server: 13 })],
])('%s is an error', async (_, text) => {
  const cwd = await directory({ ...files, ...(text === undefined ? {} : { 'snapshot.json': text }) })
  const { code, stdout, stderr } = await migrate(['lint', '--snapshot', 'snapshot.json'], { cwd })
  expect({ code, stdout, stderr }).toMatchSnapshot()
})

test('what the role could not read is said', async () => {
  const cwd = await directory({
    ...files,
    'snapshot.json': JSON.stringify({ ...whole, applied: [], unread: ['view', 'rule'] }),
  })
  const { stdout } = await migrate(['lint', '--snapshot', 'snapshot.json'], { cwd })
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'judged on snapshot.json (PostgreSQL 17), 0 applied migrations left out; the role may read nothing of these kinds there, so that they are not known: view, rule',
  )
  const json = await migrate(['lint', '--snapshot', 'snapshot.json', '--json'], { cwd })
  expect(JSON.parse(json.stdout)).toMatchObject({ live: { applied: 0, unread: ['view', 'rule'] } })
})

test('the configuration names a snapshot and what is small; the target follows the snapshot', async () => {
  const config = { lint: { snapshot: 'snapshot.json', smallTable: { rows: 100, bytes: '1MB' } } }
  const statements = [
    { sql: 'create table orders (id bigint primary key, note text)', of: { schema: 'public', name: 'orders' } },
  ]
  const tables = [{ schema: 'public', name: 'orders', rows: 10, bytes: 8192, heapBytes: 8192 }]
  const snapshot = { ...whole, applied: ['20260101000000'], statements, tables }
  const cwd = await directory({
    ...pending,
    'migrate.config.json': JSON.stringify(config),
    'snapshot.json': JSON.stringify(snapshot),
  })
  const { stdout } = await migrate(['lint', '--json'], { cwd })
  expect(JSON.parse(stdout)).toMatchObject({
    target: '17',
    files: 1,
    live: { path: 'snapshot.json', server: 17, applied: 1 },
    findings: expect.arrayContaining([
      expect.objectContaining({
        rule: 'create-index-without-concurrently',
        severity: 'warning',
        sizes: [{ table: 'public.orders', rows: 10, bytes: 8192 }],
      }),
    ]),
  })
  const both = await migrate(['lint', '--snapshot', 'snapshot.json', '--url', 'postgres://x@127.0.0.1:1/x'], { cwd })
  expect(both).toMatchObject({ code: 2, stdout: '' })
})
