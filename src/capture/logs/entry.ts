/** One message of a server's log with what stands below it. */
export interface LogEntry {
  readonly message: string
  readonly detail: string | undefined
  /** Null: the form of the log does not say. */
  readonly user: string | null
  readonly database: string | null
  readonly application: string | null
  /** 1-based line of the file. */
  readonly line: number
}

/** Forms in which PostgreSQL writes its log. */
export const logForms = ['stderr', 'csvlog', 'jsonlog'] as const
export type LogForm = (typeof logForms)[number]

/** The form of a log, by its first line that says something. */
export function formOf(line: string): LogForm {
  if (line.startsWith('{')) return 'jsonlog'
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [^,"]+,(?:"|,)/.test(line) ? 'csvlog' : 'stderr'
}
