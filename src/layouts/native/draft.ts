import type { Span } from '../../core/span.ts'
import type { Allow, BackfillOptions, Check, GateUse, Phase, SourceFile } from '../../model/migration.ts'
import type { Directive } from '../../sql/directives.ts'
import type { Problems } from '../directives/problems.ts'
import type { LayoutOptions } from '../layout.ts'

/** A section as its directive opens it; it reaches to the next section or the end. */
export interface SectionStart {
  readonly directive: Directive
  readonly transaction: boolean
}

/** What the directives of a file have said so far. Only `readFile` and the directive readers change it. */
export interface Draft {
  readonly file: SourceFile
  readonly options: LayoutOptions
  readonly problems: Problems
  up: SectionStart | undefined
  down: SectionStart | undefined
  /** A down directive stands where it cannot; the statements below it are not strays of their own. */
  downAboveUp: boolean
  noDown: { readonly reason: string; readonly span: Span } | undefined
  backfill: BackfillOptions | undefined
  change: string | undefined
  phase: Phase | undefined
  readonly gates: GateUse[]
  readonly requires: string[]
  readonly checks: Check[]
  readonly allows: Allow[]
  readonly downLoses: string[]
}

export function newDraft(file: SourceFile, options: LayoutOptions, problems: Problems): Draft {
  return {
    file,
    options,
    problems,
    up: undefined,
    down: undefined,
    downAboveUp: false,
    noDown: undefined,
    backfill: undefined,
    change: undefined,
    phase: undefined,
    gates: [],
    requires: [],
    checks: [],
    allows: [],
    downLoses: [],
  }
}

/** Where in the file a directive stands. */
export function sectionOf(draft: Draft): 'header' | 'up' | 'down' {
  if (draft.down !== undefined || draft.noDown !== undefined) return 'down'
  return draft.up === undefined ? 'header' : 'up'
}
