import type { Connection } from '../model/database.ts'
import type { SnapshotTable } from '../model/snapshot.ts'
import { type Fingerprint, fingerprint } from '../verify/fingerprint.ts'
import { readSizes } from '../verify/snapshot/read-snapshot.ts'

export interface LiveSchema {
  readonly schema: Fingerprint
  readonly sizes: readonly SnapshotTable[]
}

/**
 * What a live database holds and how large it is, in one transaction that sees one state, cannot write and waits for
 * nobody for long.
 */
export function readLiveSchema(
  connection: Connection,
  options: { readonly journalSchema: string; readonly leaveOut?: readonly string[] },
): Promise<LiveSchema> {
  return inOneLook(connection, async () => ({
    schema: await fingerprint(connection, options),
    sizes: await readSizes(connection, options.journalSchema),
  }))
}

/** How large its tables are. */
export function readSizesOf(connection: Connection, journalSchema: string): Promise<readonly SnapshotTable[]> {
  return inOneLook(connection, () => readSizes(connection, journalSchema))
}

async function inOneLook<T>(connection: Connection, look: () => Promise<T>): Promise<T> {
  await connection.run(
    `begin isolation level repeatable read, read only; set local lock_timeout = '5s'; set local statement_timeout = '60s'`,
  )
  try {
    return await look()
  } finally {
    await connection.run('rollback')
  }
}
