import { errorCodes, exitCodes } from './error-codes.ts'
import type { ErrorCode } from './error-codes.ts'
import type { Place } from './span.ts'

export interface ToolkitErrorInit {
  readonly code: ErrorCode
  /** What happened, and to what: one or two sentences. Never holds a secret. */
  readonly message: string
  /** What to type or do next. */
  readonly hint?: string
  /** Where in a file it is. */
  readonly at?: Place
  /** Several lines that show it: an excerpt, a list of blockers, a difference. */
  readonly details?: string
  /** The details are sentences, one a line, which a terminal may break where it ends; without, they stay as they are. */
  readonly sentences?: true
  readonly cause?: unknown
}

/** Inability to do what was asked. Answers (a finding, a closed gate, drift) are values, not errors. */
export class ToolkitError extends Error {
  override readonly name = 'ToolkitError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly at: Place | undefined
  readonly details: string | undefined
  readonly sentences: boolean

  constructor(init: ToolkitErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.code = init.code
    this.hint = init.hint
    this.at = init.at
    this.details = init.details
    this.sentences = init.sentences === true
  }

  /** The exit code of a process that ends with this error. */
  get exitCode(): number {
    return exitCodes[errorCodes[this.code].exit]
  }
}

/** The words of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
