import type { Span } from '../core/span.ts'
import type { Effect, Hazard } from './effect.ts'
import type { Phase, SourceFile } from './migration.ts'
import type { SizedTable } from './snapshot.ts'

export type Severity = 'error' | 'warning' | 'info'

/** One thing that lint has to say. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  /** Id of the migration that it is about. */
  readonly migration: string
  readonly file: SourceFile
  readonly span: Span
  /** The whole statement that the place is in, without its semicolon; the place itself where it is in none. */
  readonly within: Span
  /**
   * What stays the same while the file around the statement changes: 32 hexadecimal digits of a hash over the rule, the
   * migration's id, the meaning of the statement, and which of several equal ones it is. No two findings share one.
   */
  readonly fingerprint: string
  /** 1-based number of the statement in the file; 0 where the finding is about the file. */
  readonly statement: number
  /** One or two sentences that name the user's own objects. */
  readonly message: string
  readonly why: string
  /** What to write instead: SQL to paste, or a sentence. */
  readonly instead?: string
  /** SQL that can replace the statement as it is: what is in `within`. */
  readonly rewrite?: string
  /** How a machine can mend what no `rewrite` can: the statement has to go to another migration. */
  readonly fix?: FindingFix
  readonly hazards: readonly Hazard[]
  /** What the statement does to each table that existed before it, strongest lock first. */
  readonly effects: readonly Effect[]
  /** How large the tables of `effects` are, as far as a live database or a snapshot says; absent where none is known. */
  readonly sizes?: readonly SizedTable[]
  /** The rule's page: a path below the package's root (`lockstep/` before it resolves), or a full address. */
  readonly docs?: string
}

/**
 * Which migration a statement has to go to. The order of the statements stays as it is, so the migration is cut:
 * `own-transaction`: before and after the statement, which then runs outside a transaction, as `sql` where that is
 * given; `own-migration`: before and after it; `next-migration`: before it.
 */
export type FindingFix =
  | { readonly kind: 'own-transaction'; readonly sql?: string }
  | { readonly kind: 'own-migration' }
  | { readonly kind: 'next-migration'; readonly phase?: Phase }

/** What reports say of a rule beside its findings. */
export interface RuleInfo {
  readonly id: string
  readonly summary: string
  readonly severity: Severity
  readonly why: string
  readonly hazards: readonly Hazard[]
  /** As in `Finding`. */
  readonly docs?: string
}

/** What a file of known findings did to a report. */
export interface BaselineUse {
  /** The file, as it was named. */
  readonly path: string
  /** Findings that the file knows: they are not among the others. */
  readonly known: readonly Finding[]
  /** Entries of the file that nothing was found for any more, in migrations that were looked at. */
  readonly gone: readonly BaselineEntry[]
}

export interface BaselineEntry {
  readonly migration: string
  readonly rule: string
  readonly fingerprint: string
}

/** The live database that a report was made for. */
export interface LiveUse {
  /** The snapshot's file, as it was named; absent where the database itself was read. */
  readonly path?: string
  /** Major version of its server. */
  readonly server: number
  /** Migrations that its journal says are applied: they are not judged. Absent where it has none that can be read. */
  readonly applied?: number
  /** It has one, and the role may not read it. */
  readonly journal?: 'unreadable'
  /** Kinds of objects that the role may read nothing of: the schema is not known whole. */
  readonly unread?: readonly string[]
}

/** What `lint` answers. */
export interface LintReport {
  readonly findings: readonly Finding[]
  readonly files: number
  /** Major version of the server that was assumed. */
  readonly target: number
  /** Findings that a `-- migrate:allow` with a reason silenced. */
  readonly allowed: number
  /** The rules that `findings` name, by id. */
  readonly rules: readonly RuleInfo[]
  readonly baseline?: BaselineUse
  readonly live?: LiveUse
  /** Where the pages are hosted: `docs` of findings is appended. */
  readonly docsUrl?: string
}
