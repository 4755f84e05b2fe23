import type { Span } from '../core/span.ts'
import type { RecordedScript } from './recording.ts'
import type { ParsedSql, SyntaxProblem } from './statement.ts'

/** A text file as it lies on disk: UTF-8 without its byte order mark; CRLF is kept. */
export interface SourceFile {
  /** As named on the command line, or below the directory as given. */
  readonly path: string
  readonly text: string
  /** SHA-256 of the bytes on disk, in hexadecimal. */
  readonly sha256: string
  /** The text is no file: it is the SQL that the program of this path sent, and this says from where. */
  readonly recorded?: RecordedScript
}

/** The step of an evolution that a migration belongs to. */
export type Phase = 'expand' | 'backfill' | 'contract'
export const phases: readonly Phase[] = ['expand', 'backfill', 'contract']

/** A migration's way forward or its way back. */
export type Direction = 'up' | 'down'

/** The SQL of one direction. */
export interface Section {
  /** The file that the span is a piece of, where it is not the migration's own: a downgrade in a file of its own. */
  readonly source?: SourceFile
  readonly span: Span
  /**
   * As long as the span, so that every place stays the same. What the tool replaces is a name in characters of the
   * private use area (`asWritten` in `core/placeholder.ts`); what it does not send to the server is blank.
   */
  readonly sql: string
  /** What the file or its layout says; statements that cannot run in a transaction are found by the parser anyway. */
  readonly transaction: boolean
  /** The transaction is the server's own, for a text that is sent as one query: the file may end it. */
  readonly implicit?: boolean
  /** Where the tool runs SQL that is not in the file, such as an included script. */
  readonly hidden?: readonly HiddenSql[]
  /** What the tool itself refuses, or would send to the server in pieces. */
  readonly problems?: readonly SyntaxProblem[]
}

/** A place at which SQL runs that nobody can see there. */
export interface HiddenSql {
  readonly span: Span
  /** One sentence: what it is. */
  readonly reason: string
}

/** What the tool that runs a migration is called, and what it wants written. */
export interface Tool {
  readonly name: string
  /** Whether the tool begins and ends the transaction of a migration, or leaves that to the file. */
  readonly transactions: 'tool' | 'file'
  /** What makes a migration run outside a transaction: a line to paste, or an SQL comment that says it. */
  readonly withoutTransaction: string
  /** How a downgrade is written, as an SQL comment; absent where the tool has none. */
  readonly downgrade?: string
}

/** What `-- migrate:backfill table:users key:id` says. */
export interface BackfillOptions {
  readonly table: string
  readonly key: string
  /** Rows a batch, as a first size; undefined leaves it to the engine. */
  readonly batch?: number
  readonly span: Span
}

/** The way back. */
export type Down =
  | { readonly kind: 'sql'; readonly section: Section }
  | { readonly kind: 'none'; readonly reason: string; readonly span: Span }
  /** `expected` is false where the layout knows no downgrades, so that nobody forgot one. */
  | { readonly kind: 'missing'; readonly expected: boolean }

/** `-- migrate:gate soak duration:7d`. */
export interface GateUse {
  readonly gate: string
  readonly options: Readonly<Record<string, string>>
  readonly span: Span
}

/** `-- migrate:check select …`: a query that gives one boolean. */
export interface Check {
  readonly sql: string
  readonly span: Span
}

/** `-- migrate:allow <rule> because <reason>`. */
export interface Allow {
  readonly rule: string
  readonly reason: string
  /** The file that it stands in, where it is not the migration's own. */
  readonly source?: SourceFile
  readonly span: Span
  /** It counts for other migrations of the same file as well, so nobody can say that it silences nothing. */
  readonly shared?: boolean
  /** The statement that it stands above starts after this offset; undefined: the whole file. */
  readonly appliesFrom?: number
}

/**
 * `resets-settings`: it puts settings back after each migration. `resumes`: outside a transaction it notes each statement,
 * and after a failure begins with the one that failed.
 */
export type RunnerHabit = 'resets-settings' | 'resumes'

/** One migration as its layout read it; no SQL is understood yet. */
export interface Migration {
  /** The digits that order it, such as `20261101093000`; what its tool calls it elsewhere; the file name for plain SQL. */
  readonly id: string
  readonly name: string
  readonly source: SourceFile
  /** The tool that runs it, where that is not ours. */
  readonly tool?: Tool
  readonly up: Section
  readonly down: Down
  readonly backfill?: BackfillOptions
  /** The evolution that this migration is a part of. */
  readonly change?: string
  /** The phase that the file declares; `phaseOf` in `lint/` derives one where it is absent. */
  readonly declaredPhase?: Phase
  readonly gates: readonly GateUse[]
  readonly requires: readonly string[]
  /** What must give true when it is applied; absent: nothing is asked. */
  readonly checks?: readonly Check[]
  readonly allows: readonly Allow[]
  /** `table.column` that a downgrade loses. */
  readonly downLoses: readonly string[]
  /** Settings that the runner of such files sets itself for each statement: `lock_timeout`. Absent: nothing is known. */
  readonly runnerSets?: readonly string[]
  /** What else is known of the runner; absent: nothing. */
  readonly runnerDoes?: readonly RunnerHabit[]
}

/** The sections that hold SQL, the upgrade first. */
export function sectionsOf({ up, down }: Pick<Migration, 'up' | 'down'>): readonly Section[] {
  return down.kind === 'sql' ? [up, down.section] : [up]
}

/** A migration whose SQL the dialect has read. Spans are offsets into the text of the section's file. */
export interface ParsedMigration extends Migration {
  readonly upSql: ParsedSql
  readonly downSql: ParsedSql
}
