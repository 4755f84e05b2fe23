import { formatBytes, formatRoughly } from '../core/bytes.ts'
import { formatDuration } from '../core/time.ts'
import type { SnapshotTable } from '../model/snapshot.ts'
import type { RelationLock, StatementLocks } from '../model/statement-locks.ts'
import type { Rates } from './rates.ts'

/** How long a statement may hold a lock on a table of the real database. */
export interface Estimate {
  /** 1-based number of the statement in its section. */
  readonly statement: number
  readonly relation: string
  readonly lock: RelationLock['lock']
  readonly milliseconds: number
  /** What the number is made of, in one sentence. */
  readonly basis: string
}

/**
 * Scales what was measured up to the sizes of a live database. Only what takes the longer the larger the table is:
 * rows that are written anew or read under a lock. Pure.
 */
export function estimates(
  measured: readonly StatementLocks[],
  tables: readonly SnapshotTable[],
  rates: Rates,
): readonly Estimate[] {
  const sizes = new Map(tables.map((table) => [bare(`${table.schema}.${table.name}`), table]))
  return measured.flatMap(({ statement, relations }) =>
    relations.flatMap((relation): readonly Estimate[] => {
      const size = sizes.get(bare(relation.relation))
      if (size === undefined || !(relation.rewritten || relation.scanned)) return []
      const rate = relation.rewritten ? rates.rewritePerSecond : rates.readPerSecond
      const milliseconds = Math.round((size.heapBytes / rate) * 1000)
      const { lock } = relation
      return [{ statement, relation: relation.relation, lock, milliseconds, basis: basisText(size, relation, rate) }]
    }),
  )
}

function basisText(size: SnapshotTable, { rewritten }: RelationLock, rate: number): string {
  const rows = size.rows === undefined ? '' : ` in ${formatRoughly(size.rows)} rows`
  const work = rewritten ? 'written anew' : 'read'
  return `${formatBytes(size.heapBytes)}${rows} (snapshot), ${work} at ${formatBytes(rate)} a second as on this scratch server`
}

/** `about 4m 10s under ACCESS EXCLUSIVE`. */
export function estimateText({ relation, lock, milliseconds, basis }: Estimate): string {
  return `${relation}: about ${formatDuration(milliseconds)} under ${lock}, an estimate: ${basis}.`
}

/** Names as the catalogue and as a snapshot write them, without quotes. */
function bare(name: string): string {
  return name.replaceAll('"', '')
}
