import type { Proof } from '../model/proof.ts'
import type { VerifyResult } from './verify.ts'

/** What `verify` has to say of the migrations that it was asked about, for people and for other programs. */
export interface ProofReport {
  readonly entries: readonly ProofEntry[]
  /** What they were verified on: `PostgreSQL 18.4`, and where it came from. Null where no server was needed. */
  readonly server: string | null
  readonly shadow: string | null
  /** What the difference between that server and the target may hide, a sentence each. */
  readonly hides: readonly string[]
  /** Scratch servers that would have gone before it, each with why it was not taken. */
  readonly passedOver: readonly string[]
  /** Why nothing could be verified anew. */
  readonly unable?: string
  /** Whether the files were to be checked and not written. */
  readonly check: boolean
  /** Proof files of migrations that there are not, as paths are shown. */
  readonly obsolete: readonly string[]
  /** Proof files that were written, and obsolete ones that were removed. */
  readonly written: readonly string[]
  readonly removed: readonly string[]
  /** Where proof files lie, as it is shown. */
  readonly folder: string
}

/** One migration of a report. */
export interface ProofEntry {
  readonly id: string
  readonly name: string
  readonly path: string
  /** Absent where it has none that counts and could not be verified anew. */
  readonly proof?: Proof
  /** Verified in this run, or read from a file that counts. */
  readonly from: 'run' | 'file'
  /** Why the downgrade is not covered to the level that is asked for, as a sentence; absent where it is. */
  readonly refused?: string
  /** With `check`: why the proof file does not hold; absent where it does. */
  readonly file?: FileProblem
  /** What a run saw besides; absent where none was needed. */
  readonly seen?: Omit<VerifyResult, 'migration' | 'proof'>
}

export interface FileProblem {
  /** `differs`: its key is that of the files, and yet it says something else than what was found now. */
  readonly state: 'missing' | 'stale' | 'differs'
  /** A sentence. */
  readonly text: string
}
