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
  /**
   * What a block of procedural code runs, as far as it is written there; what is not is a statement of `dynamic-sql`.
   * Its `facts` hold those of all of them behind its own, which is `dynamic-sql`. Absent where the block cannot be followed.
   */
  readonly inner?: readonly Statement[]
  /** It stands inside such a block where it runs, or does not, or is undone: in a branch, a loop, a handler. */
  readonly mayRun?: true
  /** What of it the oldest supported server does not have. */
  readonly features?: readonly Feature[]
  /** Names in it that are longer than the server keeps. */
  readonly cutNames?: readonly CutName[]
}

/** The statements that run one after the other: those of a block that can be followed stand for it. */
export function stepsOf(statement: Statement): readonly Statement[] {
  return statement.inner?.flatMap(stepsOf) ?? [statement]
}

/** A name that the server cuts off without an error. */
export interface CutName {
  /** As written, without quotes. */
  readonly written: string
  /** What the server makes of it. */
  readonly kept: string
  readonly span: Span
}

/** Syntax or a function that came with a major version of the server. */
export interface Feature {
  /** As people write it; a function with `()` behind its name. */
  readonly name: string
  /** The major version that brought it. */
  readonly since: number
  readonly span: Span
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

/**
 * Whether all statements run in one transaction. A section that says so and holds a statement that the server refuses
 * in a transaction is run statement by statement, as the parser knows better.
 */
export function inOneTransaction(section: { readonly transaction: boolean }, sql: ParsedSql): boolean {
  return section.transaction && sql.statements.every((statement) => !statement.needsNoTransaction)
}
