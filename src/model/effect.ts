import type { LockMode } from './lock.ts'
import type { Name } from './name.ts'

/** What a statement does to one table that existed before it: the claim that a real server is asked to confirm. */
export interface Effect {
  readonly table: Name
  readonly lock: LockMode
  /** The table's rows are written anew into another file. */
  readonly rewrites: boolean
  /** Every row is read while the lock is held: a check, a validation, or an index being built. */
  readonly scans: boolean
}

/** What takes the longer the larger the table is; whatever else is at stake is as bad for a table of one row. */
export const hazardsOfSize: ReadonlySet<Hazard> = new Set<Hazard>([
  'blocks-reads',
  'blocks-writes',
  'rewrites-table',
  'scans-table',
  'bloats',
  'slows-queries',
])

/** What a finding puts at stake. */
export type Hazard =
  | 'blocks-reads'
  | 'blocks-writes'
  | 'rewrites-table'
  | 'scans-table'
  | 'loses-data'
  | 'exposes-data'
  | 'breaks-running-version'
  | 'fails'
  | 'not-repeatable'
  | 'not-understood'
  | 'bloats'
  | 'slows-queries'
  | 'corrupts-index'
