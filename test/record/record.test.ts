import { mkdir, symlink } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Recording } from '../../src/model/recording.ts'
import { record } from '../../src/record/record.ts'
import type { RecordRequest } from '../../src/record/record.ts'
import { directory } from '../support/cli.ts'
import { refusalOf } from '../support/run.ts'

/** Migrations of Knex in a project that has the packages of this repository. */
async function recordings(
  programs: Readonly<Record<string, string>>,
  more: Partial<RecordRequest> & { readonly beside?: Readonly<Record<string, string>> } = {},
): Promise<readonly Recording[]> {
  const { beside = {}, ...request } = more
  const cwd = await directory({ 'package.json': '{}', ...beside, ...programs })
  await symlink(join(import.meta.dirname, '../../node_modules'), join(cwd, 'node_modules'), 'dir')
  const files = Object.keys(programs).map((name) => join(cwd, name))
  return record({ tool: 'knex', files, cwd, env: process.env, ...request })
}

/** What was sent, and why the rest was not seen. */
function upOf({ up }: Recording | undefined = { up: { statements: [], transaction: true }, down: 'absent' }): unknown {
  return [...up.statements.map(({ sql }) => sql), ...(up.unseen === undefined ? [] : [up.unseen])]
}

/** A server that counts who knocks. */
async function listener(): Promise<{ readonly port: number; readonly visits: () => number }> {
  let visits = 0
  const server = createServer((socket) => {
    visits += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { port: address.port, visits: () => visits }
}

const unseen = 'What comes after this is not known, because the program did not get further:'

test('nobody connects to the database that the environment or a file names, however a program tries', async () => {
  const { port, visits } = await listener()
  const url = `postgres://127.0.0.1:${port}/shop`
  const attempts = {
    'env.js': `exports.up = (knex) => knex.raw('select ?', [process.env.DATABASE_URL ?? 'no url'])
      .then(() => knex.raw('select ?', [process.env.PGPORT ?? 'no port']))`,
    'pg.js': `const { Client } = require('pg')
exports.up = async (knex) => {
  await knex.raw('select 1')
  const client = new Client({ host: '127.0.0.1', port: ${port} })
  await client.connect()
}`,
    'net.js': `exports.up = async () => require('node:net').connect(${port}, '127.0.0.1')`,
    'fetch.js': `exports.up = async () => { await fetch('http://127.0.0.1:${port}/') }`,
    'spawn.js': `exports.up = async () => require('node:child_process').execSync('psql ${url}')`,
    'worker.js': `exports.up = async () => new (require('node:worker_threads').Worker)('net', { eval: true })`,
    'import.mjs': `import { connect } from 'node:net'
export async function up() { connect(${port}, '127.0.0.1') }`,
  }
  const env = { ...process.env, DATABASE_URL: url, PGHOST: '127.0.0.1', PGPORT: String(port) }
  const seen = await recordings(attempts, { env, beside: { '.env': `DATABASE_URL=${url}\n` } })
  const shut = 'Migrations are read here, not run: no connection is made and no program is started.'
  expect(seen.map(upOf)).toEqual([
    ['select $1', 'select $1'],
    ['select 1', { reason: `${unseen} ${shut}`, at: { line: 5, column: 16 } }],
    [{ reason: `${unseen} ${shut}`, at: { line: 1, column: 46 } }],
    [{ reason: `${unseen} fetch failed.`, at: { line: 1, column: 28 } }],
    [{ reason: `${unseen} ${shut}`, at: { line: 1, column: 56 } }],
    [{ reason: `${unseen} ${shut}`, at: { line: 1, column: 26 } }],
    [{ reason: `${unseen} ${shut}`, at: { line: 2, column: 30 } }],
  ])
  expect(seen[0]?.up.statements.map(({ parameters }) => parameters)).toEqual([["'no url'"], ["'no port'"]])
  expect(visits()).toBe(0)
})

test('what a program does to its process is told, and the others are still read', async () => {
  const seen = await recordings(
    {
      'exits.js': `exports.up = async (knex) => { await knex.raw('select 1'); process.exit(0) }`,
      'waits.js': `exports.up = async (knex) => { await knex.raw('select 2'); await new Promise(() => {}) }`,
      'spins.js': `exports.up = async (knex) => { await knex.raw('select 3'); for (;;) {} }`,
      'broken.js': 'exports.up = async (knex) => {',
      'rejects.js': `exports.up = async (knex) => { Promise.reject(new TypeError('late')); await new Promise((r) => setTimeout(r, 1e6)) }`,
      'says.js': `console.log('{"kind":"done"}'); exports.up = async (knex) => { await knex.raw('select 4') }`,
    },
    { patience: 5000 },
  )
  expect(seen.map(upOf)).toEqual([
    ['select 1', { reason: `${unseen} the process that it ran in ended.` }],
    ['select 2', { reason: `${unseen} the process that it ran in ended.` }],
    ['select 3', { reason: `${unseen} it said nothing for 5 seconds and was ended.` }],
    [
      {
        reason: `${unseen} Transform failed with 1 error: broken.js:1:30: ERROR: Unexpected end of file.`,
        at: { line: 1, column: 31 },
      },
    ],
    [{ reason: `${unseen} TypeError: late.` }],
    ['select 4'],
  ])
})

test('parameters are written as the server is to read them', async () => {
  const values = `["it's", 1, null, true, new Date(0), Buffer.from('a'), { a: [1] }, [1, 2]]`
  const [seen] = await recordings({
    'a.js': `exports.up = (knex) => knex.raw('select ?, ?, ?, ?, ?, ?, ?, ?', ${values})`,
  })
  expect(seen?.up.statements[0]?.parameters).toEqual([
    "'it''s'",
    '1',
    'NULL',
    'TRUE',
    "'1970-01-01T00:00:00.000Z'",
    String.raw`'\x61'`,
    `'{"a":[1]}'`,
    'ARRAY[1, 2]',
  ])
})

test('without the tool it is said what to install', async () => {
  const cwd = await directory({ 'package.json': '{}', 'a.js': 'exports.up = (knex) => {}' })
  await mkdir(join(cwd, 'node_modules'))
  const { code, message } = await refusalOf(record({ tool: 'knex', files: [join(cwd, 'a.js')], cwd, env: process.env }))
  expect({ code, message }).toEqual({
    code: 'program-unrunnable',
    message: "The migrations of knex cannot be run to see what they send: Cannot find module 'knex'.",
  })
})

describe('transactions that a migration begins or ends itself', () => {
  const kysely = {
    'a.mjs': `export async function up(db) {
  await db.transaction().execute((trx) => trx.schema.dropTable('a').execute())
}`,
  }
  const typeorm = (more: string): Readonly<Record<string, string>> => ({
    'a.js': `module.exports = class A1 {
  ${more}
  async up(queryRunner) {
    await queryRunner.commitTransaction()
    await queryRunner.query('vacuum a')
    await queryRunner.startTransaction()
    await queryRunner.startTransaction()
    await queryRunner.query('select 1')
    await queryRunner.commitTransaction()
  }
  async down(queryRunner) {}
}`,
  })

  test('Kysely refuses one inside that of its Migrator', async () => {
    const [seen] = await recordings(kysely, { tool: 'kysely' })
    expect(upOf(seen)).toEqual([
      {
        reason: `${unseen} calling the transaction method for a Transaction is not supported.`,
        at: { line: 2, column: 12 },
      },
    ])
  })

  test('where it is told to use none, they are its own', async () => {
    const [seen] = await recordings(kysely, { tool: 'kysely', inTransaction: false })
    expect(upOf(seen)).toEqual(['begin', 'drop table "a"', 'commit'])
  })

  test('TypeORM begins savepoints inside of one', async () => {
    const [seen] = await recordings(typeorm(''), { tool: 'typeorm' })
    expect(upOf(seen)).toEqual([
      'COMMIT',
      'vacuum a',
      'START TRANSACTION',
      'SAVEPOINT typeorm_1',
      'select 1',
      'RELEASE SAVEPOINT typeorm_1',
    ])
  })

  test('and has nothing to end outside of one', async () => {
    const [seen] = await recordings(typeorm('transaction = false'), { tool: 'typeorm' })
    expect([seen?.up.transaction, upOf(seen)]).toEqual([
      false,
      [
        {
          reason: `${unseen} Transaction is not started yet, start transaction before committing or rolling it back.`,
          at: { line: 4, column: 23 },
        },
      ],
    ])
  })

  test('node-pg-migrate gives back what was asked for before a program failed', async () => {
    const program = `exports.up = (pgm) => {
  pgm.noTransaction()
  pgm.sql('select 1')
  pgm.nothing()
}`
    const [seen] = await recordings({ '1_a.js': program }, { tool: 'node-pg-migrate' })
    expect([seen?.up.transaction, upOf(seen)]).toEqual([
      false,
      ['select 1;', { reason: `${unseen} pgm.nothing is not a function.`, at: { line: 4, column: 7 } }],
    ])
  })
})
