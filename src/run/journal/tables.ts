import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Phase } from '../../model/migration.ts'
import type { WorkKind } from '../../model/rates.ts'

/** The journal's tables as the newest version of `versions.ts` leaves them. */
export interface JournalTables {
  readonly journal_version: JournalVersionTable
  readonly migration: MigrationTable
  readonly run: RunTable
  readonly step: StepTable
  readonly backfill: BackfillTable
  readonly verdict: VerdictTable
  readonly approval: ApprovalTable
  readonly repair: RepairTable
  readonly label: LabelTable
}

/** Kysely over the session that runs the DDL, with the journal's schema filled in. */
export type JournalDatabase = Kysely<JournalTables>

type Given<T> = ColumnType<T, T, never>
type Stamp = ColumnType<Date, never, never>
/** `bigint` arrives as text, because a JavaScript number cannot hold every value of it. */
type Count = ColumnType<string, number, number>

interface JournalVersionTable {
  version: Given<number>
  installed_at: Stamp
}

/** The set of applied migrations. A row goes when its migration is reverted; `step` keeps what happened. */
export interface MigrationTable {
  id: Given<string>
  name: Given<string>
  sha256: ColumnType<string, string, string>
  meaning: ColumnType<string, string, string>
  phase: Given<Phase>
  change: Given<string | null>
  down: Given<string | null>
  down_transaction: Given<boolean>
  /** When another tool applied it, where its journal says so. */
  applied_at: ColumnType<Date, Date | undefined, never>
  /** The order of application, which is not the order of ids. */
  position: Generated<number>
  run: Given<number>
}

interface RunTable {
  id: Generated<number>
  command: Given<string>
  by_user: Given<string>
  host: Given<string>
  process: Given<number>
  tool: Given<string>
  git_sha: Given<string | null>
  ci_url: Given<string | null>
  /** Digest of the run plan that it was held to. */
  plan: Given<string | null>
  started_at: Stamp
  ended_at: ColumnType<Date | null, never, Date>
  outcome: ColumnType<string | null, never, 'done' | 'failed'>
  error_code: ColumnType<string | null, never, string>
  error: ColumnType<string | null, never, string>
  sql_state: ColumnType<string | null, never, string | null>
  /** Server processes of its two sessions; null where it had no second one. */
  backend: Given<number | null>
  watcher: Given<number | null>
}

/** Append-only. `statement` null: the migration as a whole. */
export interface StepTable {
  id: Generated<number>
  run: Given<number>
  migration: Given<string>
  direction: Given<'up' | 'down'>
  statement: Given<number | null>
  event: Given<StepEvent>
  sql: Given<string | null>
  attempt: Given<number | null>
  lock_wait_ms: Given<number | null>
  duration_ms: Given<number | null>
  error: Given<string | null>
  sql_state: Given<string | null>
  /** 1-based character of the statement at which the server stopped. */
  position: Given<number | null>
  /** What took its time by the size of one table, and the bytes of its rows. */
  work: Given<WorkKind | null>
  bytes: ColumnType<string | null, number | null, never>
  at: Stamp
}

/**
 * `rolled-back`: nothing of it is left. `failed`: outside a transaction, so something may be. `baselined`, `imported`:
 * written down as applied and not run. `forgotten`: what the journal knew of it counts no more.
 */
export type StepEvent =
  | 'intent'
  | 'done'
  | 'failed'
  | 'rolled-back'
  | 'deferred'
  | 'baselined'
  | 'imported'
  | 'forgotten'
  | 'check-due'
  | 'checked'
  | 'check-failed'

interface BackfillTable {
  migration: Given<string>
  status: ColumnType<'running' | 'done', 'running' | 'done', 'running' | 'done'>
  cursor: ColumnType<string | null, string | null, string | null>
  upper_bound: ColumnType<string | null, string | null, string | null>
  rows_done: Count
  rows_changed: Count
  rows_estimated: Count
  started_at: Stamp
  updated_at: ColumnType<Date, never, Date>
}

interface VerdictTable {
  id: Generated<number>
  run: Given<number>
  migration: Given<string>
  gate: Given<string>
  options: Given<string>
  status: Given<'open' | 'closed' | 'unknown'>
  reason: Given<string>
  at: Stamp
}

interface ApprovalTable {
  id: Generated<number>
  subject: Given<string>
  by_user: Given<string>
  digest: Given<string>
  at: Stamp
}

/** Append-only: what `migrate repair` changed. `migration` null: it is about runs. */
interface RepairTable {
  id: Generated<number>
  run: Given<number>
  migration: Given<string | null>
  action: Given<string>
  /** JSON, like the next. */
  state_before: Given<string>
  state_after: Given<string>
  at: Stamp
}

/** Append-only: the newest row holds. */
interface LabelTable {
  id: Generated<number>
  name: Given<string>
  /** Null where the server did not tell it. */
  system_identifier: Given<string | null>
  database_oid: ColumnType<string, number, never>
  run: Given<number>
  at: Stamp
}
