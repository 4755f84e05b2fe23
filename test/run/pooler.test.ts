import { describe, expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { refuseTransactionPooler } from '../../src/run/pooler.ts'
import { directory, migrate } from '../support/cli.ts'
import { pgbouncer } from '../support/pgbouncer.ts'
import { createDatabase } from '../support/postgres.ts'

const file = 'migrations/20260101000000_books.sql'
const text = '-- migrate:up\ncreate table books (id int);\n\n-- migrate:down\ndrop table books;\n'

async function tables(url: string): Promise<readonly string[]> {
  const connection = await connect(url)
  const { rows } = await connection.query<{ name: string }>(
    `select relname::text as name from pg_class where relname in ('books', 'migration') order by 1`,
  )
  await connection.close()
  return rows.map(({ name }) => name)
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1)
}

describe('a transaction pooler', () => {
  test('S8, P7: is refused before anything is changed, and the direct address leads past it', async () => {
    const { url } = await createDatabase()
    const pooled = await pgbouncer(nameOf(url), 'transaction')
    const cwd = await directory({ [file]: text })
    const refused = await migrate(['up', '--url', pooled], { cwd })
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({
      code: 7,
      stderr: expect.stringMatching(/transaction-pooler[\s\S]*--direct-url/),
    })
    expect(await tables(url)).toEqual([])
    const applied = await migrate(['up', '--url', pooled, '--direct-url', url], { cwd })
    expect({ code: applied.code, stderr: applied.stderr }).toMatchObject({ code: 0 })
    expect(await tables(url)).toEqual(['books', 'migration'])
    const reverted = await migrate(['down', '--unproven', '--yes', '--url', pooled], {
      cwd,
      env: { MIGRATE_DIRECT_URL: url },
    })
    expect(reverted.code).toBe(0)
    expect(await tables(url)).toEqual(['migration'])
  })

  test('may be asked what is applied: that changes nothing', async () => {
    const { url } = await createDatabase()
    const cwd = await directory({ [file]: text })
    const { code, stdout } = await migrate(['status', '--url', await pgbouncer(nameOf(url), 'transaction')], { cwd })
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('1 pending') })
  })
})

test('through a transaction pooler, who only reads and who is refused leave no setting behind for the application', async () => {
  const { url } = await createDatabase()
  const pooled = await pgbouncer(nameOf(url), 'transaction')
  const cwd = await directory({ [file]: text })
  const env = { MIGRATE_ROLE: 'pg_monitor' }
  expect((await migrate(['status', '--url', pooled], { cwd, env })).code).toBe(0)
  const refused = await migrate(['up', '--url', pooled], { cwd, env })
  expect([refused.code, refused.stderr]).toEqual([
    7,
    expect.stringMatching(/transaction-pooler[\s\S]*"pg_monitor"[\s\S]*--direct-url/),
  ])
  const application = await connect(pooled)
  const { rows } = await application.query(
    `select current_setting('default_transaction_read_only') as "readOnly", current_setting('role') as role`,
  )
  await application.close()
  expect(rows).toEqual([{ readOnly: 'off', role: 'none' }])
})

test('a session pooler and the server itself are not refused', async () => {
  const { url } = await createDatabase()
  for (const address of [url, await pgbouncer(nameOf(url), 'session')]) {
    const connection = await connect(address)
    const other = await connect(address)
    await expect(refuseTransactionPooler(connection, other)).resolves.toBeUndefined()
    await connection.close()
    await other.close()
  }
})
