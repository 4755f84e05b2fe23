import { postgres } from '../../src/dialects/postgres/postgres.ts'
import type { Connection } from '../../src/model/database.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { readSnapshot } from '../../src/verify/snapshot/read-snapshot.ts'

/** What is read of a database in which our journal knows nothing. */
export function snapshotOf(connection: Connection): Promise<Snapshot> {
  return readSnapshot(connection, {
    dialect: postgres,
    journalSchema: 'migrate',
    readApplied: () => Promise.resolve([]),
  })
}
