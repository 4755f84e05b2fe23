import { expect, onTestFinished, test } from 'vitest'
import { pglite } from '../../src/shadows/pglite.ts'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { shadowOptions } from '../support/shadow.ts'

test(
  'an embedded server gives separate databases that keep what was written, until they are dropped',
  async () => {
    const server = await pglite.start(shadowOptions)
    const [one, other] = [await server.createDatabase(), await server.createDatabase()]
    await (await one.connect()).run('create table t ()')
    await (await one.connect()).close()
    const again = await one.connect()
    const elsewhere = await other.connect()
    const look = `select to_regclass('t')::text as t`
    const seen = [(await again.query(look)).rows, (await elsewhere.query(look)).rows]
    await server.stop()
    expect({ description: server.description, sessions: server.sessions, url: one.url, seen }).toEqual({
      description: expect.stringMatching(/^embedded PostgreSQL 18\.\d+ \(PGlite\)$/),
      sessions: 'one',
      url: undefined,
      seen: [[{ t: 't' }], [{ t: null }]],
    })
    await expect(again.query('select 1')).rejects.toMatchObject({ code: 'connection-lost' })
  },
  embeddedTimeoutMs,
)

test(
  'extensions that ship with it are loaded when the history asks for them, with those that they need',
  async () => {
    const extensions = ['uuid-ossp', 'pg_trgm', 'earthdistance', 'plpgsql']
    const server = await pglite.start({ ...shadowOptions, extensions })
    onTestFinished(() => server.stop())
    const connection = await (await server.createDatabase()).connect()
    for (const name of extensions) await connection.run(`create extension if not exists "${name}" cascade`)
    const { rows } = await connection.query<{ name: string }>(
      'select extname::text as name from pg_extension order by 1',
    )
    expect(rows.map(({ name }) => name)).toEqual(['cube', 'earthdistance', 'pg_trgm', 'plpgsql', 'uuid-ossp'])
  },
  embeddedTimeoutMs,
)

test('one that does not ship with it is said to be missing', async () => {
  expect(await pglite.available({ ...shadowOptions, extensions: ['hstore', 'postgis'] })).toEqual({
    available: false,
    reason: 'embedded PostgreSQL 18 (PGlite) has no extension postgis',
  })
})

test('it is one major version only', async () => {
  expect([await pglite.available(shadowOptions), await pglite.available({ ...shadowOptions, major: 15 })]).toEqual([
    { available: true, major: 18, description: 'embedded PostgreSQL 18 (PGlite)' },
    { available: false, reason: '@electric-sql/pglite is PostgreSQL 18, not 15' },
  ])
})
