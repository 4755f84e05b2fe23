import { formatBytes } from '../../core/bytes.ts'
import { indexesBuilt } from '../../model/builds-index.ts'
import type { Fact } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import type { PlannedLock, PlannedStatement } from '../../model/planned-run.ts'
import type { SnapshotTable } from '../../model/snapshot.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { type RowSources, rowNeeds } from './rows.ts'

/** What is written, and once more for the log, which stays until it is archived and the next checkpoint is over. */
const withLog = 2

/** At most how many bytes something writes, and what that is, in words. */
export interface DiskNeed {
  readonly bytes: number
  readonly what: string
}

/**
 * What migrations may write by writing tables anew, building indexes, and changing or copying rows: at most so much, as
 * an index is not larger than the rows that it is of. Tables that are not there yet do not count.
 */
export function diskNeeds(
  migrations: readonly ParsedMigration[],
  planned: ReadonlyMap<string, readonly PlannedStatement[]>,
  sources: RowSources,
): readonly DiskNeed[] {
  const { sizes } = sources
  return migrations.flatMap((migration) => [
    ...lockNeeds(migration, planned.get(migration.id) ?? [], sizes),
    ...rowNeeds(migration, sources),
  ])
}

function lockNeeds(
  { id, upSql }: ParsedMigration,
  planned: readonly PlannedStatement[],
  sizes: readonly SnapshotTable[],
): readonly DiskNeed[] {
  return upSql.statements.flatMap(({ facts }, index) =>
    (planned[index]?.locks ?? []).flatMap((lock): readonly DiskNeed[] => {
      const bytes = withLog * written(lock, facts, sizeOf(lock, sizes))
      const work = lock.rewritten ? 'written anew' : 'indexed'
      const what = `${id}, statement ${index + 1}: ${lock.relation} is ${work}, up to ${formatBytes(bytes)}`
      return bytes === 0 ? [] : [{ bytes, what }]
    }),
  )
}

function sizeOf({ relation }: PlannedLock, sizes: readonly SnapshotTable[]): SnapshotTable | undefined {
  return sizes.find(({ schema, name }) => nameText({ schema, name }) === relation)
}

function written({ rewritten, scanned }: PlannedLock, facts: readonly Fact[], size: SnapshotTable | undefined): number {
  if (size === undefined) return 0
  // Its indexes are built anew with it.
  if (rewritten) return size.bytes
  if (!scanned) return 0
  const rebuilds = facts.filter(({ kind }) => kind === 'reindex').length
  const built = facts.reduce((sum, fact) => sum + indexesBuilt(fact), 0)
  return rebuilds * size.bytes + built * size.heapBytes
}
