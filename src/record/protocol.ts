import type { Direction } from '../model/migration.ts'
import type { ProgramPosition, ProgramTool } from '../model/recording.ts'

/** What the process that runs programs is told, as JSON on its standard input. */
export interface Job {
  readonly tool: ProgramTool
  /** Whether the tool is told to run migrations in transactions at all. */
  readonly inTransaction: boolean
  /** Run one after the other. */
  readonly steps: readonly Step[]
}

export interface Step {
  /** Absolute, and without links in it. */
  readonly file: string
  readonly direction: Direction
}

/** What it answers: one line of JSON for each, on its fourth stream. */
export type Report =
  | { readonly kind: 'began'; readonly step: number }
  | SentReport
  | ({ readonly kind: 'ended'; readonly step: number } & Ending)
  /** Nothing can be run: a package is missing. */
  | { readonly kind: 'unable'; readonly reason: string }
  | { readonly kind: 'done' }

export interface SentReport {
  readonly kind: 'sent'
  readonly step: number
  readonly sql: string
  /** SQL literals for `$1`, `$2`, …. */
  readonly parameters: readonly string[]
  readonly at?: ProgramPosition
}

export interface Ending {
  readonly transaction: boolean
  readonly without?: Without
  /** What it threw. */
  readonly failed?: { readonly message: string; readonly at?: ProgramPosition }
}

/** The program has no such direction, or says that there is no way back. */
export type Without = 'absent' | 'irreversible'

/** The number of the stream that answers go to. */
export const reportStream = 3
