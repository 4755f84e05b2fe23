import type { QueryProof } from './query-proof.ts'
import type { MeasuredLocks } from './statement-locks.ts'

/**
 * Downgrade levels, each claiming more than the one before it. D0 parses and touches only what the up touched, D1
 * up-down-up runs on seeded rows, D2 the schema is the same again, D3 the data is the same again but for declared
 * losses, D4 rows written after the upgrade survive, are refused beforehand or are set aside, D5 the old version's
 * queries give the same answers.
 */
export const levels = ['D0', 'D1', 'D2', 'D3', 'D4', 'D5'] as const
export type Level = (typeof levels)[number]

/** A claim with how far it was checked. Never a bare "safe". */
export type Standing = 'proven' | 'broken' | 'not covered'

export interface LevelResult {
  readonly level: Level
  readonly standing: Standing
  /** What was run and seen; for `broken` the error or the difference, for `not covered` why. */
  readonly evidence: string
}

/** One difference between two fingerprints, as a person would say it. */
export interface Difference {
  /** `table public.books`, `index public.books_title_idx`. */
  readonly object: string
  readonly change: 'added' | 'removed' | 'changed'
  /** `column title: nullable → not null`. */
  readonly detail: string
}

/** What a proof was made from, as hashes. A proof counts while these are those of the files. */
export interface ProofKey {
  readonly id: string
  /** Over the upgrades of everything before this migration, in their order. */
  readonly history: string
  /** Over how a section runs and what it means: comments and white space left out. */
  readonly up: string
  readonly down: string | null
  /** What the downgrade is declared to lose. */
  readonly losses: readonly string[]
  /** Why there is no downgrade, where the migration declares that there is none. */
  readonly irreversible: string | null
  /** Over the user's own seed files; null where there are none, so that rows are made up. */
  readonly seed: string | null
  /** Over the captured queries that count for this migration; null where none do. */
  readonly queries: string | null
}

/**
 * Objects by kind and name, as they are after an upgrade: their parts, and of each part the aspects, in words. Null: gone.
 * What is told of roles is left out, but for what everybody may do.
 */
export type SchemaChange = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>> | null>>

/** What `verify` found out about one migration; written to `migrations/proofs/<id>.json`. */
export interface Proof {
  readonly version: typeof proofVersion
  readonly id: string
  readonly history: string
  readonly up: string
  readonly down: string | null
  /** Why there is no downgrade, where the migration declares that there is none. */
  readonly irreversible: string | null
  readonly losses: readonly string[]
  /**
   * Columns that the downgrade drops, and whose values another column of the row holds then: `public.customers.email`.
   * Absent where there are none.
   */
  readonly kept?: readonly string[]
  /** The highest level that is proven, with all below it; null when not even D0 is. */
  readonly level: Level | null
  /** Those that were judged, in their order. */
  readonly levels: readonly LevelResult[]
  /** Fingerprint of the schema on either side of the upgrade; `after` is null where the upgrade did not run. */
  readonly before: string
  readonly after: string | null
  /** The objects that the upgrade makes others; empty where it did not run. */
  readonly changes: SchemaChange
  readonly columnOrderDiffers: boolean
  /** How many rows were in the tables, and the hash of the files they came from; null: made up. */
  readonly seed: { readonly rows: number; readonly hash: string | null }
  /** What the old version's queries gave; null: none were captured. */
  readonly queries: QueryProof | null
  /** What each statement was measured to lock, write anew and read; null: not measured. */
  readonly locks: MeasuredLocks | null
  readonly server: string
  readonly shadow: string
  /** What the difference between the scratch server and a target may hide. */
  readonly hides: readonly string[]
  readonly tool: string
}

/** The form of a proof file. One of another version counts as missing. */
export const proofVersion = 3
