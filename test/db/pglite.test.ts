import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { connect } from '../../src/db/connect.ts'

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pglite-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

test(
  'an embedded database behaves like a server to those who ask it',
  async () => {
    const connection = await connect('pglite://memory')
    const heard: string[] = []
    connection.onNotice(({ message }) => heard.push(message))
    await connection.run(`create table t (id int); do $$ begin raise notice 'hello'; end $$`)
    expect([
      connection.kind,
      await connection.query('insert into t select generate_series(1, $1::int)', [3]),
      await connection.query('select count(*) as count from t'),
      await connection.run('select nothing').catch((reason: unknown) => reason),
      await connection.run('copy t from stdin').catch((reason: unknown) => reason),
      heard,
    ]).toMatchObject([
      'embedded',
      { rows: [], count: 3 },
      { rows: [{ count: '3' }], count: 1 },
      { name: 'DatabaseError', sqlState: '42703' },
      { name: 'DatabaseError', sqlState: '0A000' },
      ['hello'],
    ])
    await connection.close()
  },
  embeddedTimeoutMs,
)

test(
  'a directory keeps what was written, and has one session at a time',
  async () => {
    const url = `pglite://${join(temporaryDirectory(), 'data')}`
    const first = await connect(url)
    await first.run('create table t (id int)')
    await expect(connect(url)).rejects.toMatchObject({ code: 'runner-locked' })
    await first.close()
    const second = await connect(url, { readOnly: true })
    await expect(second.run('insert into t values (1)')).rejects.toMatchObject({ sqlState: '25006' })
    expect((await second.query('select * from t')).rows).toEqual([])
    await second.close()
  },
  embeddedTimeoutMs,
)

test('who only asks makes no database', async () => {
  const path = join(temporaryDirectory(), 'data')
  await expect(connect(`pglite://${path}`, { readOnly: true })).rejects.toMatchObject({ code: 'cannot-connect' })
  expect(existsSync(path)).toBe(false)
})

test('a file is no embedded database, and stays as it is', async () => {
  const path = join(temporaryDirectory(), 'data')
  writeFileSync(path, 'mine')
  await expect(connect(`pglite://${path}`)).rejects.toMatchObject({
    code: 'cannot-connect',
    message: expect.stringContaining('it is a file'),
  })
  expect(readFileSync(path, 'utf8')).toBe('mine')
})

test(
  'the lock of a process that has ended counts for nothing',
  async () => {
    const directory = join(temporaryDirectory(), 'data')
    // Larger than any process id there can be.
    writeFileSync(`${directory}.lock`, '4194305')
    const connection = await connect(`pglite://${directory}`)
    expect((await connection.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await connection.close()
  },
  embeddedTimeoutMs,
)
