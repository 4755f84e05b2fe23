import type { Effect } from '../model/effect.ts'
import type { Fact } from '../model/fact.ts'
import type { Statement } from '../model/statement.ts'

/** How long things may take, in milliseconds; 0: as long as they like. */
export interface Limits {
  /** A statement that only changes the catalogue: waiting for its locks and all. */
  readonly brief: number
  /** A statement that reads or writes rows: validation, index, rewrite, data, whatever is not understood. */
  readonly scan: number
  /** A statement that the server refuses in a transaction: CREATE INDEX CONCURRENTLY and its like. */
  readonly concurrent: number
  /** One batch of a backfill. */
  readonly batch: number
  /** How long reads and writes of others may stand behind a lock that we wait for: then we give way, and try again. */
  readonly queue: number
  /** How long reads and writes of others may wait for what we hold: then the migration is rolled back. */
  readonly stall: number
  /** How long a backfill waits before a batch for its gates to open; then it stops, to be resumed. */
  readonly gate: number
}

/**
 * What only changes the catalogue takes milliseconds, so that after half a minute something is wrong, and others wait.
 * Reading a large table takes as long as it takes, and an hour is a long time; an index of a terabyte is built for hours
 * and harms nobody meanwhile. 150 ms behind a queue is what users do not notice; after 5 s they have. A replica
 * that has not caught up within an hour does not by itself.
 */
export const defaultLimits: Limits = {
  brief: 30_000,
  scan: 3_600_000,
  concurrent: 43_200_000,
  batch: 30_000,
  queue: 150,
  stall: 5_000,
  gate: 3_600_000,
}

/** The kinds of statement that have limits of their own. */
export type LimitClass = 'brief' | 'scan' | 'concurrent' | 'batch'

/** Kinds that read or write rows, or may, without an effect on a table that the dialect claims. */
const unbounded: ReadonlySet<Fact['kind']> = new Set([
  'select',
  'insert',
  'update',
  'delete',
  'merge',
  'copy',
  'create-table-as',
  'refresh-materialized-view',
  'refresh-collation',
  'move-index',
  'vacuum',
  'cluster',
  'analyze',
  'create-extension',
  'alter-extension',
  'dynamic-sql',
  'other-ddl',
  'other-statement',
] as const)

/** Whether how long something takes is not told by the effects on tables that are claimed of it. */
export function isUnbounded({ kind }: Fact): boolean {
  return unbounded.has(kind)
}

/** Which limit a statement falls under. What is not known to be brief is not. */
export function limitClassOf(statement: Statement, effects: readonly Effect[] | undefined): LimitClass {
  if (statement.needsNoTransaction) return 'concurrent'
  if (effects === undefined) return 'scan'
  const long = effects.some(({ rewrites, scans }) => rewrites || scans) || statement.facts.some(isUnbounded)
  return long || statement.facts.length === 0 ? 'scan' : 'brief'
}
