import type { Position, Span } from '../core/span.ts'
import type { HiddenSql, SourceFile } from './migration.ts'
import type { SyntaxProblem } from './statement.ts'

/** Tools whose migrations are programs. */
export type ProgramTool = 'kysely' | 'knex' | 'node-pg-migrate' | 'typeorm'

/** What a program sent when it was run against a connection that only records. */
export interface Recording {
  readonly up: RecordedDirection
  /** `absent`: the program has no way back; `irreversible`: it says that there is none. */
  readonly down: RecordedDirection | 'absent' | 'irreversible'
}

export interface RecordedDirection {
  readonly statements: readonly RecordedStatement[]
  /** What the program says of itself; its tool may be told otherwise. */
  readonly transaction: boolean
  /** Why the rest was not seen, and where it ended; absent: it ran to its end. */
  readonly unseen?: { readonly reason: string; readonly at?: ProgramPosition }
}

export interface RecordedStatement {
  readonly sql: string
  /** SQL literals for `$1`, `$2`, …. */
  readonly parameters: readonly string[]
  /** The call in the program; absent where no call of it led there. */
  readonly at?: ProgramPosition
}

/** As JavaScript counts: the column in UTF-16 code units, both from 1. */
export type ProgramPosition = Position

/** An SQL text that was recorded from a program: what is known of its places. */
export interface RecordedScript {
  readonly written: SourceFile
  /** Pieces of the SQL text, in order. */
  readonly pieces: readonly RecordedPiece[]
  readonly up: RecordedSection
  readonly down: RecordedSection | 'absent' | 'irreversible'
}

export interface RecordedPiece {
  /** In the SQL text. */
  readonly span: Span
  /** In the program. */
  readonly at: Span
  /** Where the same text stands in the program, so that each place in it is known: an offset. */
  readonly verbatim?: number
}

export interface RecordedSection {
  readonly span: Span
  readonly transaction: boolean
  readonly hidden: readonly HiddenSql[]
  readonly problems: readonly SyntaxProblem[]
}
