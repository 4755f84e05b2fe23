import type { Name } from './name.ts'

/** One statement as an application sends it, seen from outside. */
export interface QueryShape {
  /** Without comments before and behind it and without the semicolon. */
  readonly sql: string
  /** `query`: it reads or changes rows and can be prepared; `utility`: any other statement. */
  readonly kind: 'query' | 'utility'
  /** What it begins with, in lower case: `select`, `begin`, `copy`. */
  readonly verb: string
  /** The tables and views that it names; what a WITH defines is left out. */
  readonly relations: readonly Name[]
  /**
   * What it depends on: objects of the database (`schema`), only what the server brings along (`catalogue`), or not even
   * that (`nothing`), such as `select 1`.
   */
  readonly touches: 'schema' | 'catalogue' | 'nothing'
  /** The highest `$n`. */
  readonly parameters: number
}

/** A statement after its text was changed on purpose. */
export interface RewrittenQuery {
  readonly sql: string
  /** Type of each parameter; null: what the server deduces. */
  readonly types: readonly (string | null)[]
  /** What was changed, in words; empty: nothing. */
  readonly changes: readonly string[]
}
