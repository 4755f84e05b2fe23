import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { compare } from '../../src/verify/compare.ts'
import { fingerprint } from '../../src/verify/fingerprint.ts'
import { createDatabase, runAsAdmin } from '../support/postgres.ts'

/** Statements that do not need each other: whatever their order, the schema is the same. */
const independent: readonly string[] = [
  'create table public.authors (id int primary key, name text not null default $$x$$)',
  'create table public.books (id bigint generated always as identity, title text unique, price numeric check (price > 0))',
  'create type public.status as enum ($$new$$, $$paid$$)',
  'create domain public.price as numeric check (value >= 0)',
  'create function public.answer() returns int language sql as $$ select 42 $$',
  'create sequence public.numbers owned by none',
  'create schema other',
  'create view public.five as select 5 as five',
  'create publication news',
  'create collation public.plain from "C"',
  'create text search configuration public.words (copy = simple)',
  'alter default privileges for role pg_monitor grant select on tables to public',
]

/** A role of this test, and the URL of the database for it. */
async function loginOf(url: string): Promise<{ name: string; url: string }> {
  const name = `reader_${randomBytes(4).toString('hex')}`
  await runAsAdmin(`create role ${name} login password 'reader'`)
  onTestFinished(() => runAsAdmin(`drop role ${name}`))
  const address = new URL(url)
  Object.assign(address, { username: name, password: 'reader' })
  return { name, url: address.href }
}

test('whatever the order in which objects are made, the JSON is the same', async () => {
  const order = fc.shuffledSubarray([...independent], { minLength: independent.length })
  const found = new Set<string>()
  await fc.assert(
    fc.asyncProperty(order, async (statements) => {
      const database = await createDatabase()
      const connection = await database.connect()
      for (const statement of statements) await connection.run(statement)
      found.add(JSON.stringify(await fingerprint(connection)))
      await database.drop()
    }),
    { numRuns: 6 },
  )
  expect(found.size).toBe(1)
})

test('keys are sorted at every level, the version is told, and the session keeps its settings', async () => {
  const session = await (await createDatabase()).connect()
  await session.run(`${independent.join('; ')}; set search_path to other; set datestyle to german`)
  const found = await fingerprint(session)
  const keys = (value: object): readonly string[] => Object.keys(value)
  const levels = [found.objects, ...Object.values(found.objects).flatMap((parts) => [parts, ...Object.values(parts)])]
  const { rows } = await session.query(
    `select current_setting('search_path') as path, current_setting('datestyle') as style`,
  )
  expect({ version: found.version, unread: found.unread, session: rows[0] }).toEqual({
    version: 1,
    unread: [],
    session: { path: 'other', style: 'German, DMY' },
  })
  for (const level of levels) expect(keys(level)).toEqual(keys(level).toSorted())
})

test('a role without any rights reads the same, and user mappings are not guessed', async () => {
  const database = await createDatabase()
  const owner = await database.connect()
  await owner.run(`${independent.join('; ')};
    create schema hidden; create table hidden.t (id int default 7 check (id > 0)); alter table hidden.t enable row level security;
    revoke all on schema hidden from public; create policy p on hidden.t using (id > 3);
    create foreign data wrapper elsewhere; create server far foreign data wrapper elsewhere;
    create user mapping for public server far options (password 'hidden')`)
  const login = await loginOf(database.url)
  const reader = await connect(login.url, { readOnly: true })
  const [all, seen] = [await fingerprint(owner), await fingerprint(reader)]
  await reader.close()
  expect(compare(all, seen)).toEqual([])
  expect(seen.objects['user mapping for public on server far']).toEqual({
    '': { options: 'not readable by this role' },
  })
  expect(all.objects['user mapping for public on server far']).toEqual({ '': { options: 'options password' } })
})

test('a catalogue that may not be read is named, and left out on the other side too', async () => {
  const database = await createDatabase()
  const owner = await database.connect()
  await owner.run(`create table t (id int); create policy p on t; revoke select on pg_catalog.pg_policy from public`)
  const login = await loginOf(database.url)
  const reader = await connect(login.url)
  const seen = await fingerprint(reader)
  await reader.close()
  const all = await fingerprint(owner)
  const fair = await fingerprint(owner, { leaveOut: seen.unread.map(({ catalogue }) => catalogue) })
  expect(seen.unread).toEqual([{ kind: 'policies', catalogue: 'pg_policy' }])
  expect([compare(all, seen).length, compare(fair, seen).length]).toEqual([1, 0])
})

test('objects of extensions are told by the version, and what was granted on them apart', async () => {
  const connection = await (await createDatabase()).connect()
  const before = await fingerprint(connection)
  await connection.run(`create extension postgres_fdw; grant usage on foreign data wrapper postgres_fdw to pg_monitor`)
  const added = compare(before, await fingerprint(connection)).map(({ object, change }) => `${object} ${change}`)
  expect(added).toEqual(['extension postgres_fdw added', 'foreign data wrapper postgres_fdw changed'])
})
