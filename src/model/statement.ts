import type { Span } from '../core/span.ts'
import type { Fact } from './fact.ts'

/** One statement of a file, understood. */
export interface Statement {
  /** The statement in the file, without leading comments and white space and without the final semicolon. */
  readonly span: Span
  readonly sql: string
  readonly facts: readonly Fact[]
  /** The server refuses it inside a transaction block (`CREATE INDEX CONCURRENTLY`, `VACUUM`, …). */
  readonly needsNoTransaction: boolean
}

/** A statement that the server's grammar refuses. */
export interface SyntaxProblem {
  /** Where the grammar stopped. */
  readonly span: Span
  /** The whole statement that is refused. */
  readonly statement: Span
  readonly message: string
}

/** A text as the dialect understood it. A broken statement does not hide the others. */
export interface ParsedSql {
  readonly statements: readonly Statement[]
  readonly problems: readonly SyntaxProblem[]
}
