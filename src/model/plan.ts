import type { LockMode } from './lock.ts'
import type { Phase } from './migration.ts'

/** The expand/contract plan of one change. Data: it is printed, reviewed, hashed, written as files. */
export interface Plan {
  /** Ties the migrations of one evolution together: `users-email`. */
  readonly change: string
  readonly title: string
  /** The statement that asked for it. */
  readonly asked: string
  readonly recipe: string
  readonly steps: readonly PlanStep[]
  /** What a person must know or do: deploys between phases, limits, what is not carried over. */
  readonly notes: readonly string[]
}

/** One step: becomes one migration file, unless it is for people. */
export type PlanStep = SqlStep | BackfillStep | DeployStep

interface StepBase {
  /** Unique in the plan, letters and hyphens: `add-column`. Becomes part of the file's name. */
  readonly id: string
  readonly phase: Phase
  readonly title: string
  readonly why: string
  /** Rules that do not apply to this step, each with its reason; written as `-- migrate:allow-file`. */
  readonly allows?: readonly { readonly rule: string; readonly reason: string }[]
}

/** SQL that runs in one transaction, or one statement that runs outside any. */
export interface SqlStep extends StepBase {
  readonly kind: 'sql'
  readonly up: string
  readonly down: StepDown
  readonly transaction: boolean
  /** The strongest lock it takes on a table that existed before, and about how long it holds it. */
  readonly lock: LockMode | 'none'
  readonly holds: 'moment' | 'scan' | 'rewrite'
  readonly gates: readonly StepGate[]
}

/** A data change, cut into batches by the backfill engine. */
export interface BackfillStep extends StepBase {
  readonly kind: 'backfill'
  readonly up: string
  readonly down: StepDown
  readonly table: string
  readonly key: string
  readonly gates: readonly StepGate[]
}

/** Something people do between phases: deploy a version. No file is written for it. */
export interface DeployStep extends StepBase {
  readonly kind: 'deploy'
}

export type StepDown =
  | {
      readonly kind: 'sql'
      readonly sql: string
      readonly loses: readonly string[]
      /** False where each statement commits on its own. Absent: in one transaction if the step's up is. */
      readonly transaction?: boolean
    }
  | { readonly kind: 'none'; readonly reason: string }

export interface StepGate {
  readonly gate: string
  readonly options: Readonly<Record<string, string>>
}
