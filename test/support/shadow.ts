import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Log, silentLog } from '../../src/core/log.ts'
import { local } from '../../src/shadows/local.ts'
import type { ShadowServer } from '../../src/shadows/shadow.ts'
import { serverMajor } from './postgres.ts'

/** Options with which a shadow is had in tests. */
export const shadowOptions: {
  readonly cacheDirectory: string
  readonly searchIn: readonly string[]
  readonly log: Log
} = {
  cacheDirectory: join(import.meta.dirname, '../../.cache'),
  searchIn: [join(import.meta.dirname, '../matrix')],
  log: silentLog,
}

/**
 * A server of the test's own, for tests that change the server itself (passwords, pg_hba.conf, restarts). It is stopped
 * when the test ends.
 */
export async function startShadow(): Promise<ShadowServer> {
  const server = await local.start({ ...shadowOptions, major: serverMajor() })
  onTestFinished(() => server.stop())
  return server
}
