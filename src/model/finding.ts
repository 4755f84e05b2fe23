import type { Span } from '../core/span.ts'
import type { Effect, Hazard } from './effect.ts'
import type { SourceFile } from './migration.ts'

export type Severity = 'error' | 'warning' | 'info'

/** One thing that lint has to say. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly file: SourceFile
  readonly span: Span
  /** 1-based number of the statement in the file; 0 where the finding is about the file. */
  readonly statement: number
  /** One or two sentences that name the user's own objects. */
  readonly message: string
  readonly why: string
  /** What to write instead: SQL to paste, or a sentence. */
  readonly instead?: string
  /** SQL that can replace the statement as it is. */
  readonly rewrite?: string
  readonly hazards: readonly Hazard[]
  /** What the statement does to each table that existed before it, strongest lock first. */
  readonly effects: readonly Effect[]
  /** The rule's page: a path below the package's root (`lockstep/` before it resolves), or a full address. */
  readonly docs?: string
}

/** What `lint` answers. */
export interface LintReport {
  readonly findings: readonly Finding[]
  readonly files: number
  /** Major version of the server that was assumed. */
  readonly target: number
  /** Findings that a `-- migrate:allow` with a reason silenced. */
  readonly allowed: number
}
