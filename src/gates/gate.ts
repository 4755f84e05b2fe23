import type { Clock } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import type { JournalState } from '../model/journal.ts'
import type { Migration } from '../model/migration.ts'
import type { Verdict } from '../model/verdict.ts'

/** A question that must be answered with yes before a step runs. Adding a gate is adding a file. */
export interface Gate {
  readonly id: string
  readonly summary: string
  readonly why: string
  /** The options that `-- migrate:gate <id> name:value` takes. */
  readonly options: readonly GateOption[]
  readonly examples: readonly string[]
  /** The batches of a backfill may shut it by themselves: it is asked again before each of them. */
  readonly eachBatch?: true
  /** Asks. What it cannot find out is `unknown`; it throws only for a lost connection. */
  ask(context: GateContext): Promise<Verdict>
}

export interface GateOption {
  readonly name: string
  readonly summary: string
  /** What it is when not written; undefined: it must be written. */
  readonly fallback?: string
  /** An example of a value; also tells the format. */
  readonly example: string
  /** What is wrong with a value, or undefined when it is right. */
  check(value: string): string | undefined
}

export interface GateContext {
  readonly connection: Connection
  readonly journal: JournalState
  /** The migration that waits. */
  readonly migration: Migration
  /** All migrations on disk, in order. */
  readonly migrations: readonly Migration[]
  /** Digest of what the migration, or its whole change, would do: an approval must have been given for it. */
  readonly digest: string
  /** Every option of `options`, written or fallen back. */
  readonly settings: Readonly<Record<string, string>>
  readonly clock: Clock
}
