import { expect, test } from 'vitest'
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

test('it is one major version only', async () => {
  expect([await pglite.available(shadowOptions), await pglite.available({ ...shadowOptions, major: 15 })]).toEqual([
    { available: true, major: 18, description: 'embedded PostgreSQL 18 (PGlite)' },
    { available: false, reason: '@electric-sql/pglite is PostgreSQL 18, not 15' },
  ])
})
