import type { Level } from '../../src/model/proof.ts'

/** One migration of the planted history: both directions, and what is wrong with it, if anything. */
export interface Step {
  readonly name: string
  readonly up: string
  /** Statements, or the reason why there are none. */
  readonly down: string | { readonly none: string }
  /** Lines such as `-- migrate:down-loses books.note`. */
  readonly directives?: readonly string[]
  /** Levels at which `verify` may say `broken`; it has to say so at one of them. Absent: the step is good. */
  readonly brokenAt?: readonly Level[]
  /** False: a statement cannot run in a transaction. */
  readonly transaction?: false
}

/** A table of the history with all that the other steps lean on. Its old queries are in the release's contract. */
export interface Entity {
  /** `invoice`: also the prefix of everything that belongs to it. */
  readonly name: string
  readonly parent: string | undefined
}
