import { ToolkitError } from '../core/errors.ts'

interface DatabaseErrorFields {
  readonly sqlState?: string
  readonly detail?: string
  readonly hint?: string
  readonly position?: number
  readonly deniedTo?: string | undefined
  readonly cause?: unknown
}

/** What a server answered instead of a result. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  /** Five characters: `55P03` is lock_not_available. Undefined when the connection itself broke. */
  readonly sqlState: string | undefined
  readonly detail: string | undefined
  readonly serverHint: string | undefined
  /** 1-based character in the statement. */
  readonly position: number | undefined
  /** The role that the session had; only where the server says that it may not. */
  readonly deniedTo: string | undefined

  constructor(message: string, fields: DatabaseErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause })
    this.sqlState = fields.sqlState
    this.detail = fields.detail
    this.serverHint = fields.hint
    this.position = fields.position
    this.deniedTo = fields.deniedTo
  }
}

/** The SQLSTATE of the server's answer, also where it is the cause of an error of ours. */
export function sqlStateOf(error: unknown): string | undefined {
  const answer = error instanceof ToolkitError ? error.cause : error
  return answer instanceof DatabaseError ? answer.sqlState : undefined
}
