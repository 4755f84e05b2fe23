import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { url } from '../../src/shadows/url.ts'
import { ownServer } from '../support/own-server.ts'
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
  expect([/^migrate_shadow_[0-9a-f]{12}_1$/.test(name), during.includes(name), after.includes(name)]).toEqual([
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

test('databases that a killed run has left are dropped by the next, those of a living one are not', async () => {
  const living = await url.start({ ...shadowOptions, url: adminUrl() })
  onTestFinished(() => living.stop())
  const used = await living.createDatabase()
  const left = `migrate_shadow_${randomBytes(6).toString('hex')}_1`
  await runAsAdmin(`create database ${left} template template0`)
  const next = await url.start({ ...shadowOptions, url: adminUrl() })
  await next.stop()
  const names = await shadowDatabases()
  const name = new URL(used.url ?? '').pathname.slice(1)
  expect([names.includes(left), names.includes(name)]).toEqual([false, true])
})

describe('what looks like a database in use is refused', () => {
  const refusal = (named: string): object => ({
    code: 'shadow-refused',
    message: expect.stringContaining(`looks like a database in use: ${named}.`),
    hint: expect.stringContaining('empty database of a server for tests'),
  })

  test('one with a journal of migrations', async () => {
    const database = await createDatabase()
    const connection = await database.connect()
    await connection.run('create schema history; create table history.migration ()')
    const options = { ...shadowOptions, url: database.url, journalSchema: 'history' }
    await expect(url.start(options)).rejects.toMatchObject(refusal('it has a journal of migrations'))
  })

  test('one whose name says so', async () => {
    const name = `shop_prod_${randomBytes(6).toString('hex')}`
    await runAsAdmin(`create database ${name} template template0`)
    onTestFinished(() => runAsAdmin(`drop database ${name}`))
    const options = { ...shadowOptions, url: urlOf(name) }
    await expect(url.available(options)).rejects.toMatchObject(refusal(`its name says so ("${name}")`))
  })

  test('one whose address says so is not even connected to', async () => {
    const options = { ...shadowOptions, url: 'postgres://app@shop-prod.invalid/app' }
    await expect(url.available(options)).rejects.toMatchObject(refusal('its name says so ("shop-prod.invalid")'))
  })

  test('one to which many are connected', async () => {
    const server = await ownServer(async () => {})
    const sessions = await Promise.all(
      Array.from({ length: 20 }, () => connect(server.url(), { applicationName: 'shop' })),
    )
    const options = { ...shadowOptions, url: server.url() }
    await expect(url.start(options)).rejects.toMatchObject(
      refusal('20 sessions of other programs are connected to its server'),
    )
    await Promise.all(sessions.map((session) => session.close()))
  })

  test('a replica', async () => {
    const server = await ownServer(async (data) => {
      await writeFile(join(data, 'standby.signal'), '')
      return ['hot_standby=on']
    })
    await expect(url.start({ ...shadowOptions, url: server.url() })).rejects.toMatchObject(
      refusal('it is a replica of another server'),
    )
  })

  test('one that replicas stream from', async () => {
    const server = await ownServer(async () => {})
    const replica = new pg.Client(`${server.url()}&replication=true`)
    await replica.connect()
    await expect(url.start({ ...shadowOptions, url: server.url() })).rejects.toMatchObject(
      refusal('1 replica streams from it'),
    )
    await replica.end()
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
