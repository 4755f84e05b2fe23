import { join } from 'node:path'
import { silentLog } from '../../src/core/log.ts'
import { connect } from '../../src/db/connect.ts'
import { local } from '../../src/shadows/local.ts'
import { say } from './stage.ts'

/** The database that the demo runs on: of a real server where there are binaries for the machine, else embedded. */
export interface DemoDatabase {
  readonly url: string
  readonly description: string
  execute(sql: string): Promise<void>
  /** Asks for one number, says what was found, and fails when it is another than `wanted`. */
  expect(claim: string, sql: string, wanted: number): Promise<void>
  remove(): Promise<void>
}

export async function demoDatabase(root: string): Promise<DemoDatabase> {
  const options = { cacheDirectory: join(import.meta.dirname, '../../.cache'), log: silentLog }
  const found = await local.available(options)
  if (!found.available) {
    return database(
      `pglite://${join(root, 'data')}`,
      `PGlite, because there are no server binaries (${found.reason})`,
      noServer,
    )
  }
  const server = await local.start(options)
  const { url } = await server.createDatabase()
  if (url === undefined) throw new Error('The server for the demo has no URL.')
  return database(url, server.description, () => server.stop())
}

function database(url: string, description: string, remove: () => Promise<void>): DemoDatabase {
  return {
    url,
    description,
    remove,
    execute: async (sql) => {
      const connection = await connect(url)
      await connection.run(sql).finally(() => connection.close())
    },
    expect: async (claim, sql, wanted) => {
      const connection = await connect(url)
      const { rows } = await connection.query<{ n: number }>(sql).finally(() => connection.close())
      const found = rows[0]?.n
      if (found !== wanted) throw new Error(`The demo did not go as told: ${claim}: ${found}, not ${wanted}.`)
      say(`Checked: ${claim} (${wanted.toLocaleString('en-US')}).`)
    },
  }
}

async function noServer(): Promise<void> {}
