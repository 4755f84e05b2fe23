import { connect } from '../db/connect.ts'
import type { ServerFacts } from '../model/server-facts.ts'
import { readServerFacts } from './facts.ts'
import type { ShadowDatabase } from './shadow.ts'

const pollMs = 5

/** Nothing here must outlive a crash of the machine, and nothing must run beside what is measured. */
export const scratchSettings: readonly string[] = [
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'autovacuum=off',
  'jit=off',
  'max_wal_size=1GB',
  'log_min_messages=fatal',
]

/** A way to make databases on a server that is ours alone; `adminUrl` names the one that others are created from. */
export function databaseMaker(adminUrl: string): () => Promise<ShadowDatabase> {
  let count = 0
  return async () => {
    count += 1
    const name = `shadow_${count}`
    const url = new URL(adminUrl)
    url.pathname = `/${name}`
    await runAsAdmin(adminUrl, `create database ${name} template template0`)
    return {
      url: url.href,
      connect: () => connect(url.href),
      drop: () => runAsAdmin(adminUrl, `drop database if exists ${name} with (force)`),
    }
  }
}

/**
 * Waits for the first answer of a server that was just started: what it says of itself.
 *
 * @param failure what it wrote when it ended by itself; undefined while it runs
 */
export async function firstAnswer(
  adminUrl: string,
  { failure, timeoutMs }: { readonly failure: () => string | undefined; readonly timeoutMs: number },
): Promise<ServerFacts> {
  const end = Date.now() + timeoutMs
  for (;;) {
    try {
      const connection = await connect(adminUrl)
      return await readServerFacts(connection, 'scratch').finally(() => connection.close())
    } catch (error) {
      const reason = failure()
      if (reason !== undefined) throw new Error(reason, { cause: error })
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }
}

async function runAsAdmin(adminUrl: string, sql: string): Promise<void> {
  const connection = await connect(adminUrl)
  try {
    await connection.run(sql)
  } finally {
    await connection.close()
  }
}
