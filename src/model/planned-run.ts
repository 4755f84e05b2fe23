import type { DatabaseIdentity } from './journal.ts'
import type { LockMode } from './lock.ts'
import type { Phase } from './migration.ts'
import type { Level } from './proof.ts'
import type { EstimateSource } from './rates.ts'
import type { Verdict } from './verdict.ts'

/** The form of a run plan. One of another version is refused. */
export const plannedRunVersion = 1

/** What one run of `up` would do, written down before it: `up --plan` does exactly this, or nothing. */
export interface PlannedRun {
  readonly version: typeof plannedRunVersion
  readonly kind: 'run-plan'
  /** SHA-256 over the JSON of everything else, in hexadecimal. */
  readonly digest: string
  /** Name and version of the tool that made it. */
  readonly tool: string
  readonly target: TargetIdentity
  /** Schema of the journal. */
  readonly journal: string
  readonly asked: AskedRun
  /** Ids that were applied when it was made, in the order of application. */
  readonly applied: readonly string[]
  /** In the order in which they are applied. */
  readonly migrations: readonly PlannedMigrationRun[]
  /** What is left, and why, in one line. */
  readonly held: readonly { readonly id: string; readonly why: string }[]
  readonly schema: SchemaPrint
}

/** Which database it is. Fields that the server does not tell are null, and then others stand in for them. */
export interface TargetIdentity extends DatabaseIdentity {
  /** When the server was started, where it does not tell `system`: then a restart makes it another one. */
  readonly started: string | null
  readonly database: string
  /** Major version. */
  readonly server: number
}

/** How the run was asked for, and how it waits: the run takes these from the plan. */
export interface AskedRun {
  readonly steps: number | null
  readonly to: string | null
  readonly phases: readonly Phase[] | null
  readonly late: 'refuse' | 'apply'
  readonly safe: boolean
  /** `lock_timeout` of each attempt, in milliseconds. */
  readonly lockTimeoutsMs: readonly number[]
  /** The pause after an attempt, as a multiple of its `lock_timeout`. */
  readonly pauseFactor: number
  /** What every backfill has asked before each batch, beside its own gates. */
  readonly batchGates: readonly PlannedBatchGate[]
}

/** A gate as it is written. */
export interface PlannedBatchGate {
  readonly gate: string
  readonly options: Readonly<Record<string, string>>
}

export interface PlannedMigrationRun {
  readonly id: string
  readonly name: string
  readonly phase: Phase
  readonly change: string | null
  /** Over everything that it does: SQL both ways, how it runs, gates. */
  readonly hash: string
  /** `together`: one transaction. `one by one`: each statement by itself. `batches`: a backfill. */
  readonly runs: 'together' | 'one by one' | 'batches'
  readonly statements: readonly PlannedStatement[]
  /** What must give true when it is applied. */
  readonly checks: readonly string[]
  readonly downgrade: PlannedDowngrade
  readonly gates: readonly PlannedGate[]
  /** Of a backfill: what is asked before each batch, its own gates and those of the run. */
  readonly batchGates: readonly PlannedBatchGate[]
}

export interface PlannedStatement {
  readonly sql: string
  /** Waits without a limit for each lock, because the server would leave it half done otherwise. */
  readonly waits: 'in short attempts' | 'without limit'
  /** Where the locks are known from; `unknown`: of this server's version nothing is. */
  readonly from: 'proof' | 'lint' | 'unknown'
  readonly locks: readonly PlannedLock[]
}

/** What a statement does to one table that is there before. */
export interface PlannedLock {
  readonly relation: string
  readonly lock: LockMode
  readonly rewritten: boolean
  readonly scanned: boolean
  /** About how many rows, and bytes on disk with indexes; null: not known, or not there yet. */
  readonly rows: number | null
  readonly bytes: number | null
  /** About how long that takes, in milliseconds; null where it takes a moment. */
  readonly estimateMs: number | null
  /** Whose rate that is: of this database in earlier runs, or an ordinary server's; null where there is no estimate. */
  readonly estimateFrom: EstimateSource | null
}

export interface PlannedDowngrade {
  readonly standing: 'proven' | 'broken' | 'stale' | 'missing' | 'irreversible'
  readonly level: Level | null
}

export interface PlannedGate extends PlannedBatchGate {
  readonly status: Verdict['status']
  /** It is closed, and an approval of this plan opens it. */
  readonly opensWithPlan: boolean
}

/** A live schema, so that it can be told later which objects are others. */
export interface SchemaPrint {
  /** Catalogues that the role could not read; objects in them are not told. */
  readonly unread: readonly string[]
  /** A hash for each object, by kind and name: `table public.books`. */
  readonly objects: Readonly<Record<string, string>>
}
