import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { systemClock } from '../../src/core/time.ts'
import type { ParsedMigration } from '../../src/model/migration.ts'
import type { ShadowServer } from '../../src/shadows/shadow.ts'
import { url } from '../../src/shadows/url.ts'
import { type VerifyReport, verify } from '../../src/verify/verify.ts'
import { adminUrl } from '../support/postgres.ts'
import { dialect, migrations, upDown } from './migrations.ts'

let server: ShadowServer
beforeAll(async () => {
  server = await url.start({ url: adminUrl(), cacheDirectory: '.cache', log: silentLog })
})
afterAll(() => server.stop())

/** Long enough for what does not hang, on a machine that is busy. */
const deadlineMs = 4000
const books = upDown('create table books (id int primary key)', 'drop table books')

async function verified(history: readonly ParsedMigration[], ids = [history.at(-1)?.id ?? '']): Promise<VerifyReport> {
  return verify({ history, ids, server, dialect, tool: 'test', clock: systemClock, deadlineMs })
}

test.each([
  ['sleeps', 'drop table notes; select pg_sleep(86400)'],
  ['goes round and round', 'do $$ begin loop end loop; end $$'],
  ['does so outside a transaction', 'drop table notes; select pg_sleep(86400)', ' transaction:false'],
])('a downgrade that %s is cancelled and broken', async (_title, sql, options = '') => {
  const text = upDown('create table notes (id int)', sql).replace('-- migrate:down', `-- migrate:down${options}`)
  const { results } = await verified(await migrations(books, text))
  const run = results[0]?.proof.levels.find(({ level }) => level === 'D1')
  expect(run).toMatchObject({
    standing: 'broken',
    evidence: expect.stringMatching(/^The downgrade fails on .*: it did not end within 4\.0 s and was cancelled/),
  })
})

test('an upgrade that hangs is tried once, and what comes after it has a database again', async () => {
  const history = await migrations(
    books,
    upDown('select pg_sleep(86400)', 'select 1'),
    books.replaceAll('books', 'more'),
  )
  const { results } = await verified(history, [history[1]?.id ?? ''])
  expect(results[0]?.proof.levels.find(({ level }) => level === 'D1')).toMatchObject({
    standing: 'broken',
    evidence: expect.stringMatching(/^The upgrade fails on .*: it did not end within 4\.0 s and was cancelled/),
  })
})

test('a history that hangs before what is asked for is an error that says where', async () => {
  const history = await migrations(upDown('select pg_sleep(86400)', 'select 1'), books)
  await expect(verified(history)).rejects.toMatchObject({
    code: 'migration-failed',
    message: expect.stringContaining('it did not end within 4.0 s and was cancelled'),
    at: { path: 'migrations/20260101000001_step_1.sql', line: 2, column: 1 },
  })
})
