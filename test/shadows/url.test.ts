import { expect, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { url } from '../../src/shadows/url.ts'
import { adminUrl, createDatabase, runAsAdmin, urlOf } from '../support/postgres.ts'
import { shadowOptions } from '../support/shadow.ts'

async function shadowDatabases(): Promise<readonly string[]> {
  const connection = await connect(adminUrl())
  const { rows } = await connection.query<{ name: string }>(
    `select datname::text as name from pg_database where datname like 'migrate_shadow_%'`,
  )
  await connection.close()
  return rows.map(({ name }) => name)
}

test('databases are created beside the one that is named, and dropped again', async () => {
  const { url: named } = await createDatabase()
  const server = await url.start({ ...shadowOptions, url: named })
  const [one, other] = [await server.createDatabase(), await server.createDatabase()]
  const connection = await one.connect()
  await connection.run('create table t ()')
  const inside = await connection.query<{ name: string }>('select current_database()::text as name')
  const name = inside.rows[0]?.name ?? ''
  const during = await shadowDatabases()
  await connection.close()
  await other.drop()
  await server.stop()
  const after = await shadowDatabases()
  expect([/^migrate_shadow_[0-9a-f]{12}$/.test(name), during.includes(name), after.includes(name)]).toEqual([
    true,
    true,
    false,
  ])
})

test('a database that is not empty is refused, and nothing is created', async () => {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run('create table customers ()')
  await expect(url.start({ ...shadowOptions, url: database.url })).rejects.toMatchObject({
    code: 'shadow-refused',
    message: expect.stringContaining('is not empty: it holds 1 tables or views'),
  })
})

test('the target is refused, however it is written', async () => {
  const { url: target } = await createDatabase()
  const other = new URL(target)
  other.username = 'someone'
  await expect(url.start({ ...shadowOptions, url: other.href, targetUrl: target })).rejects.toMatchObject({
    code: 'shadow-refused',
  })
})

test('a user who may not create databases is refused', async () => {
  const database = await createDatabase()
  await runAsAdmin(`do $$ begin create role reader login; exception when duplicate_object then null; end $$`)
  const as = new URL(database.url)
  as.username = 'reader'
  await expect(url.start({ ...shadowOptions, url: as.href })).rejects.toMatchObject({ code: 'shadow-refused' })
})

test('availability says why not', async () => {
  expect([
    await url.available(shadowOptions),
    await url.available({ ...shadowOptions, url: adminUrl(), major: 9 }),
    await url.available({ ...shadowOptions, url: urlOf('nowhere') }),
  ]).toEqual([
    { available: false, reason: 'no --shadow-url is given' },
    { available: false, reason: expect.stringMatching(/^PostgreSQL \d+\.\d+ at --shadow-url is not PostgreSQL 9$/) },
    { available: false, reason: expect.stringContaining('database "nowhere" does not exist') },
  ])
})
