import type { ExitName } from '../core/error-codes.ts'
import type { ReportStyle } from '../model/report.ts'

/** What a command has to say: for people, for programs, and for the shell. */
export interface Answer {
  readonly exit: ExitName
  readonly json: unknown
  text(style: ReportStyle): string
}
