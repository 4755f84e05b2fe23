import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPglite, openPglite } from '../../src/db/pglite.ts'
import type { Connection } from '../../src/model/database.ts'
import { type Fingerprint, fingerprint } from '../../src/verify/fingerprint.ts'
import { differences } from '../support/differences.ts'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { createDatabase, runAsAdmin } from '../support/postgres.ts'
import { given, schemaChanges } from './schema-changes.ts'

interface Opened {
  readonly connection: Connection
  readonly close: () => Promise<void>
}

/** Roles belong to the server, which other tests use too. */
const role = `changes_${randomBytes(4).toString('hex')}`

const servers: Readonly<Record<string, () => Promise<Opened>>> = {
  server: async () => {
    const database = await createDatabase()
    const close = async (): Promise<void> => {
      await database.drop()
      await runAsAdmin(`drop role if exists ${role}`)
    }
    return { connection: await database.connect(), close }
  },
  embedded: async () => {
    const instance = await createPglite()
    return { connection: await openPglite(instance, {}, () => Promise.resolve()), close: () => instance.close() }
  },
}

describe.each(Object.keys(servers))('on a %s database', (kind) => {
  let opened: Opened
  let base: Fingerprint
  let self = ''

  beforeAll(async () => {
    opened = await (servers[kind]?.() ?? Promise.reject(new Error(kind)))
    await opened.connection.run(given.replaceAll('ROLE', role))
    base = await fingerprint(opened.connection)
    const { rows } = await opened.connection.query<{ name: string }>('select current_user::text as name')
    self = rows[0]?.name ?? ''
  }, embeddedTimeoutMs)
  afterAll(() => opened.close())

  /** What `sql` changes; the database is as before afterwards. */
  async function changes(sql: string): Promise<readonly string[]> {
    try {
      await opened.connection.run(`begin; ${sql.replaceAll('ROLE', role)}`)
      return differences(base, await fingerprint(opened.connection), role)
    } finally {
      await opened.connection.run('rollback')
    }
  }

  test.each(schemaChanges)('$sql', async ({ sql, says, since = 14, embedded = true }) => {
    const isKnown = opened.connection.versionNumber >= since * 10_000 && (embedded || kind !== 'embedded')
    const found = isKnown ? await changes(sql) : says
    const told = found.map((text) => text.replaceAll(role, 'ROLE').replace(/version [\d.]+/, 'version N'))
    expect(told.map((text) => text.replaceAll(new RegExp(`\\b${self}\\b`, 'g'), 'SELF'))).toEqual(says)
  })

  test.each([
    [`alter table shop.books add column isbn text; alter table shop.books drop column isbn`],
    [
      'alter table shop.books alter column author set not null; alter table shop.books alter column author drop not null',
    ],
    ['grant select on shop.books to public; revoke select on shop.books from public'],
    ['revoke execute on function shop.answer() from public; grant execute on function shop.answer() to public'],
    ['alter table shop.books rename column title to name; alter table shop.books rename column name to title'],
    ['drop index shop.books_title; create index books_title on shop.books (title)'],
    [`select nextval('shop.numbers')`],
    [
      'create schema migrate; create table migrate.migration (id text primary key); comment on table migrate.migration is $$x$$',
    ],
    [`set local search_path to shop; set local quote_all_identifiers to on; set local datestyle to german`],
    ['create temporary table scratch (id int)'],
    ['insert into shop.authors values (1, $$x$$)'],
  ])('no change: %s', async (sql) => {
    expect(await changes(sql)).toEqual([])
  })

  test('no OID, password or OID-like number is told', () => {
    const text = JSON.stringify(base.objects)
    expect(text.match(/hidden|hush|\b(?:1[6-9]|[2-9]\d)\d{3}\b/g)).toBeNull()
  })

  test('the order of columns is told apart', async () => {
    await opened.connection.run(
      'begin; alter table shop.books drop column title cascade; alter table shop.books add column title text',
    )
    const { columnOrder } = await fingerprint(opened.connection)
    await opened.connection.run('rollback')
    expect({ before: base.columnOrder['shop.books'], after: columnOrder['shop.books'] }).toEqual({
      before: ['id', 'title', 'author', 'price', 'state'],
      after: ['id', 'author', 'price', 'state', 'title'],
    })
  })

  test('owners and privileges can be left out', async () => {
    const { connection } = opened
    await connection.run(`begin; alter table shop.books owner to ${role}; grant select on shop.books to public`)
    const [without, within] = [await fingerprint(connection, { owners: false }), await fingerprint(connection)]
    await connection.run('rollback')
    const before = await fingerprint(connection, { owners: false })
    expect([without.hash === before.hash, within.hash === base.hash]).toEqual([true, false])
  })
})
