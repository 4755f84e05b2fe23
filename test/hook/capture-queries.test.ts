import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import knex from 'knex'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { readContract } from '../../src/capture/read-contract.ts'
import { captureQueries } from '../../src/hook/capture-queries.ts'
import type { CaptureOptions, QueryCapture } from '../../src/hook/capture-queries.ts'
import { directory } from '../support/cli.ts'
import { adminUrl } from '../support/postgres.ts'

interface Captured {
  readonly capture: QueryCapture
  readonly warnings: readonly string[]
  lines(): Promise<readonly string[]>
}

async function begin(options: Partial<CaptureOptions> = {}): Promise<Captured> {
  const file = join(await directory({}), 'hook.jsonl')
  const warnings: string[] = []
  const onWarning = (message: string): void => void warnings.push(message)
  const capture = captureQueries({ file, release: '1', onWarning, ...options })
  onTestFinished(() => capture.close())
  const lines = async (): Promise<readonly string[]> => {
    capture.flush()
    const text = await readFile(file, 'utf8')
    readContract(text, file)
    return text.trimEnd().split('\n').slice(1)
  }
  return { capture, warnings, lines }
}

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: adminUrl() })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

test('a client of pg: texts, values, names, objects and callbacks', async () => {
  const { capture, lines } = await begin()
  const client = capture.pg(await connected())
  await client.query('begin')
  await client.query('select 1 as plain')
  for (const id of [1, 2]) await client.query('select $1::int as id', [id])
  await client.query({ name: 'by_name', text: 'select $1::text as named', values: ['x'] })
  await client.query({ name: 'by_name', text: '', values: ['y'] })
  await client.query({ text: 'select $1::int as row', rowMode: 'array' }, [1])
  const submitted = new pg.Query('select $1::int as submitted', [1])
  await new Promise((resolve) => client.query(submitted).on('end', resolve))
  await new Promise((resolve) => client.query('select $1::int as called_back', [1], resolve))
  await expect(client.query('select nothing from nowhere')).rejects.toThrow('nowhere')
  await client.query('rollback')
  expect(await lines()).toMatchSnapshot()
})

test('a pool, whose clients were there before or come later, and the module itself', async () => {
  const { capture, lines } = await begin()
  const pool = new pg.Pool({ connectionString: adminUrl(), max: 2 })
  onTestFinished(() => pool.end())
  await pool.query('select 1 as before')
  capture.pg(pool)
  capture.pg(pool)
  await pool.query('select $1::int as pooled', [1])
  const client = await pool.connect()
  await client.query('select 2 as checked_out')
  client.release()
  const query: unknown = Reflect.get(pg.Client.prototype, 'query')
  onTestFinished(() => void Reflect.set(pg.Client.prototype, 'query', query))
  capture.pg(pg)
  await (await connected()).query('select 3 as of_the_module')
  expect(await lines()).toMatchSnapshot()
})

test('Kysely', async () => {
  const { capture, lines } = await begin()
  const pool = new pg.Pool({ connectionString: adminUrl() })
  const database = new Kysely<{ pg_class: { relname: string; relpages: number } }>({
    dialect: new PostgresDialect({ pool }),
    log: capture.kyselyLog,
  })
  onTestFinished(() => database.destroy())
  await database.selectFrom('pg_class').select('relname').where('relpages', '>', 5).limit(1).execute()
  await database.transaction().execute((transaction) => sql`select ${1}::int as one`.execute(transaction))
  await expect(sql`select nothing from nowhere`.execute(database)).rejects.toThrow('nowhere')
  expect(await lines()).toMatchSnapshot()
})

test('Knex, through the module that it uses', async () => {
  const { capture, lines } = await begin()
  const query: unknown = Reflect.get(pg.Client.prototype, 'query')
  onTestFinished(() => void Reflect.set(pg.Client.prototype, 'query', query))
  capture.pg(pg)
  const database = knex({ client: 'pg', connection: adminUrl() })
  onTestFinished(() => database.destroy())
  await database('pg_class').select('relname').where('relname', 'pg_class')
  expect((await lines()).at(-1)).toContain('select \\"relname\\" from \\"pg_class\\" where \\"relname\\" = $1')
})

test('Prisma, Drizzle and postgres.js, by the shapes of their events', async () => {
  const { capture, lines } = await begin({ values: true })
  const listeners: ((event: { query: string; params: string }) => void)[] = []
  const prisma = capture.prisma({ $on: (_: 'query', listen) => listeners.push(listen) })
  expect(prisma).toHaveProperty('$on')
  const trace = "/* traceparent='00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' */"
  listeners[0]?.({ query: `SELECT "id" FROM "User" WHERE "name" = $1 ${trace}`, params: '["O\'Brien"]' })
  listeners[0]?.({ query: `SELECT "id" FROM "User" WHERE "name" = $1 /* traceparent='00-1-2-01' */`, params: '["x"]' })
  listeners[0]?.({ query: 'SELECT $1, $2', params: '[1,2026-11-01 00:00:00 UTC]' })
  capture.drizzleLogger.logQuery('select "id" from "users" where "id" = $1', [7])
  capture.postgresDebug(
    1,
    'insert into t values ($1, $2, $3, $4)',
    [1n, null, new Date(0), ['a"b', null]],
    [20, 0, 1184, 1009],
  )
  expect(await lines()).toMatchSnapshot()
})

test('values only where they are asked for', async () => {
  const { capture, lines } = await begin()
  capture.drizzleLogger.logQuery('select $1', ['secret'])
  expect((await lines()).join()).not.toContain('secret')
})

test('without a file or a release nothing happens', async () => {
  for (const options of [{ file: undefined }, { file: '' }, { release: undefined }, { release: '' }]) {
    const capture = captureQueries({ file: '/nowhere/x.jsonl', release: '1', ...options })
    capture.drizzleLogger.logQuery('select 1', [])
    expect(capture.pg(await connected()).query).toBe(pg.Client.prototype.query)
    expect(capture.state).toEqual({ statements: 0, errors: 0, active: false })
  }
})

test('memory has a bound, and that is said once', async () => {
  const { capture, lines, warnings } = await begin({ maxStatements: 3 })
  for (let n = 0; n < 10; n += 1) capture.drizzleLogger.logQuery(`select ${n}`, [])
  expect(await lines()).toHaveLength(3)
  expect(capture.state).toEqual({ statements: 3, errors: 0, active: false })
  expect(warnings).toEqual([
    '3 distinct statements were captured, which is the most that is kept; further ones are not',
  ])
})

test('what cannot be read is counted and never thrown', async () => {
  const { capture, warnings } = await begin({ values: true })
  const circle: Record<string, unknown> = {}
  circle['of'] = circle
  capture.drizzleLogger.logQuery('select $1', [circle])
  capture.drizzleLogger.logQuery('select $1, $2', [circle])
  capture.prisma({
    $on: () => {
      throw new Error('no events')
    },
  })
  expect(capture.pg({})).toEqual({})
  expect(capture.state).toMatchObject({ errors: 3, active: true })
  expect(warnings).toHaveLength(1)
})
