/** Downgrade levels that this version can certify. D0 parses and touches only what the up touched, D1 up-down-up runs on seeded rows, D2 the schema is the same again. */
export const levels = ['D0', 'D1', 'D2'] as const
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

/** What `verify` found out about one migration; written to `migrations/proofs/<id>.json`. */
export interface Proof {
  readonly version: 1
  readonly id: string
  /** Hashes of the meaning (comments and white space left out) of up and down. */
  readonly up: string
  readonly down: string | null
  readonly before: string
  readonly after: string
  readonly server: string
  readonly shadow: string
  readonly tool: string
  /** The highest level that is proven, with all below it; null when not even D0 is. */
  readonly level: Level | null
  readonly levels: readonly LevelResult[]
  /** Why there is no downgrade, where the migration declares that there is none. */
  readonly irreversible?: string
  readonly losses: readonly string[]
  readonly columnOrderDiffers: boolean
  readonly seededRows: number
}
