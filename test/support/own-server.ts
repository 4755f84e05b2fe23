import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { connect } from '../../src/db/connect.ts'
import { findBinaries } from '../../src/shadows/local/binaries.ts'
import { startLocalServer } from '../../src/shadows/local/server.ts'
import { serverMajor } from './postgres.ts'

const root = join(import.meta.dirname, '../..')

/** A server of one test alone, for what the shared one cannot be: a replica, or one that asks for passwords. */
export interface OwnServer {
  /** Its database `postgres`. */
  url(login?: { readonly user: string; readonly password: string }): string
  /** Runs SQL as the superuser. */
  run(sql: string): Promise<void>
}

/**
 * Starts it with the major version of the shared server; `configure` changes its data directory before, and may answer
 * with settings. Stopped with the test.
 */
export async function ownServer(configure: (data: string) => Promise<readonly string[] | void>): Promise<OwnServer> {
  const found = await findBinaries([join(root, 'test/matrix')])
  const binaries = found.find(({ major }) => major === serverMajor())
  if (binaries === undefined) throw new Error(`There are no binaries of PostgreSQL ${serverMajor()}.`)
  const server = await startLocalServer(binaries, join(root, '.cache'), configure)
  onTestFinished(() => server.stop())
  const url: OwnServer['url'] = (login) => {
    const address = new URL(server.adminUrl)
    if (login !== undefined) Object.assign(address, { username: login.user, password: login.password })
    return address.href
  }
  const run = async (sql: string): Promise<void> => {
    const connection = await connect(url())
    await connection.run(sql).finally(() => connection.close())
  }
  return { url, run }
}
