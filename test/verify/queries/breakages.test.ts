import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { local } from '../../../src/shadows/local.ts'
import { pglite } from '../../../src/shadows/pglite.ts'
import type { ShadowServer } from '../../../src/shadows/shadow.ts'
import { embeddedTimeoutMs } from '../../support/embedded.ts'
import { serverMajor } from '../../support/postgres.ts'
import { shadowOptions } from '../../support/shadow.ts'
import { ask } from './asking.ts'
import { breakages, shop } from './breakages.ts'
import { harmless } from './harmless.ts'

const servers: readonly (readonly [string, () => Promise<ShadowServer>])[] = [
  ['a server', () => local.start({ ...shadowOptions, major: serverMajor() })],
  ['an embedded database', () => pglite.start(shadowOptions)],
]

describe.each(servers)('%s', (_name, start) => {
  let server: ShadowServer
  beforeAll(async () => {
    server = await start()
  }, embeddedTimeoutMs)
  afterAll(() => server.stop())

  test.each(breakages)(
    'finds that $title',
    async ({ error, change, queries: given, role }) => {
      const { level, queries } = await ask(server, {
        given: shop,
        change,
        queries: given,
        ...(role === undefined ? {} : { role }),
      })
      expect({ level, queries }).toMatchObject({
        level: { standing: 'broken' },
        queries: { broken: [{ error: expect.stringMatching(error) }] },
      })
    },
    embeddedTimeoutMs,
  )

  test.each(harmless)(
    'says nothing against $title',
    async ({ standing = 'proven', evidence = /./, change, queries: given, role }) => {
      const { level, queries } = await ask(server, {
        given: shop,
        change,
        queries: given,
        ...(role === undefined ? {} : { role }),
      })
      expect({ level, broken: queries.broken }).toEqual({
        level: { level: 'D5', standing, evidence: expect.stringMatching(evidence) },
        broken: [],
      })
    },
    embeddedTimeoutMs,
  )
})
