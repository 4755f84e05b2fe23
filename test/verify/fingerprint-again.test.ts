import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPglite, openPglite } from '../../src/db/pglite.ts'
import type { Connection } from '../../src/model/database.ts'
import { type Fingerprint, FingerprintReader, fingerprint } from '../../src/verify/fingerprint.ts'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { createDatabase, runAsAdmin } from '../support/postgres.ts'
import { given, schemaChanges } from './schema-changes.ts'

const role = `again_${randomBytes(4).toString('hex')}`

/** More than a hundred changes, and two readings after each. */
const historyTimeoutMs = 600_000

/** Objects that are not the very same in memory. Autovacuum may make the reader look again, and find nothing else. */
function changedObjects(before: Fingerprint, after: Fingerprint): readonly string[] {
  return Object.keys(before.objects).filter((object) => after.objects[object] !== before.objects[object])
}

/** What more may change the text of something else: all of these are read by one reader, one after the other. */
const further: readonly string[] = [
  `create table shop.lines (id int, book int references shop.books, state shop.status default 'new', number bigint default nextval('shop.numbers'))`,
  'create view shop.lines_list as select l.id, b.title, l.state from shop.lines l join shop.books b on b.id = l.book',
  'create view shop.both as select * from shop.lines_list join shop.authors using (id)',
  'alter table shop.books rename column id to number',
  'alter table shop.lines add column title text',
  'alter table shop.authors add column state text',
  `alter type shop.status rename value 'new' to 'fresh'`,
  'alter type shop.status rename to state',
  'alter sequence shop.numbers rename to figures',
  'alter schema shop rename to store',
  'alter schema store rename to shop',
  'create schema migrate; alter table shop.lines set schema migrate',
  'alter table migrate.lines set schema shop',
  'create unique index lines_id on shop.lines (id)',
  'alter table shop.lines add constraint lines_id unique using index lines_id',
  'alter table shop.lines rename constraint lines_id to lines_key',
  `alter table shop.lines add constraint lines_check check (title <> ''), alter column title set default 'x'`,
  'alter table shop.lines drop constraint lines_check, alter column title drop default',
  `alter table shop.lines set (toast.autovacuum_enabled = off); alter index shop.lines_key set (fillfactor = 70)`,
  'alter table shop.lines drop constraint lines_book_fkey',
  'grant select (title) on shop.lines to public; comment on column shop.lines.title is $$x$$',
  'alter table shop.lines owner to ROLE',
  'alter role ROLE rename to ROLE_other; alter role ROLE_other rename to ROLE',
  'alter extension plpgsql add table shop.lines',
  'alter extension plpgsql drop table shop.lines',
  'create or replace view shop.lines_list as select l.id, b.title, l.state, 1 as one from shop.lines l join shop.books b on b.number = l.book',
  'drop view shop.both, shop.lines_list; drop table shop.lines',
  'vacuum (freeze) pg_class',
]

const servers: Readonly<Record<string, () => Promise<{ connection: Connection; close: () => Promise<void> }>>> = {
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

describe.each(Object.keys(servers))('what is read again of a %s database is what is there', (kind) => {
  const reader = new FingerprintReader()
  let connection: Connection
  let close: () => Promise<void>

  beforeAll(async () => {
    ;({ connection, close } = await (servers[kind]?.() ?? Promise.reject(new Error(kind))))
    await connection.run(`${given.replaceAll('ROLE', role)}; create table public.parent (id int)`)
    await reader.read(connection)
  }, embeddedTimeoutMs)
  afterAll(() => close())

  async function expectTheSame(after: string): Promise<void> {
    expect({ after, found: await reader.read(connection) }).toEqual({ after, found: await fingerprint(connection) })
  }

  async function isMade(sql: string): Promise<boolean> {
    try {
      await connection.run(sql)
      return true
    } catch {
      return false
    }
  }

  test(
    'whatever changes, one after the other',
    async () => {
      for (const sql of further) {
        await connection.run(sql.replaceAll('ROLE', role))
        await expectTheSame(sql)
      }
      let made = 0
      for (const { sql } of schemaChanges) {
        // A database with a subscription cannot be dropped; other tests would see settings of roles.
        if (/subscription|alter role/.test(sql)) continue
        // Some need what an earlier one has changed.
        if (!(await isMade(sql.replaceAll('ROLE', role)))) continue
        made += 1
        await expectTheSame(sql)
      }
      expect(made).toBeGreaterThan(schemaChanges.length / 2)
    },
    historyTimeoutMs,
  )

  test('what is undone is not remembered', async () => {
    await connection.run('begin; create table shop.undone (id int)')
    await expectTheSame('in the transaction').finally(() => connection.run('rollback'))
    await expectTheSame('after it')
  })

  test('a schema that nobody changed is the very same', async () => {
    const before = await reader.read(connection)
    await connection.run('insert into public.parent values (1)')
    expect(changedObjects(before, await reader.read(connection))).toEqual([])
  })

  test('of a changed schema, what did not change is the very same', async () => {
    const before = await reader.read(connection)
    await connection.run('alter table public.parent add column note text')
    expect(changedObjects(before, await reader.read(connection))).toEqual(['table public.parent'])
  })
})
