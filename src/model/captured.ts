/** Where captured statements come from, the most exact first. */
export const captureSources = ['hook', 'file', 'log', 'pg_stat_statements'] as const
export type CaptureSource = (typeof captureSources)[number]

export interface CapturedParameter {
  /** The type as the application declared it, such as `int8`; null: left to the server. */
  readonly type: string | null
  /** Samples as text, null for NULL; absent unless values were asked for. */
  readonly values?: readonly (string | null)[]
}

/** A statement as an application sends it. */
export interface CapturedStatement {
  readonly sql: string
  /** `$1 …`, in order. */
  readonly parameters: readonly CapturedParameter[]
  /** How often it was seen; null where nobody counted. */
  readonly calls: number | null
  readonly from: CaptureSource
  /** Where it stands, for people: `queries/a.sql:3`. */
  readonly place?: string
  /** What was mended in the text, for statements that no longer were what the application had sent. */
  readonly repaired?: readonly string[]
}

/** The statements of one release of an application: what the schema owes it. */
export interface ReleaseContract {
  readonly release: string
  /** The newest migration that was applied when it was captured; null: not known. */
  readonly migration: string | null
  /** The role that sends the statements; null: not known. */
  readonly role: string | null
  /** The role's `search_path`; null: not known. */
  readonly searchPath: string | null
  /** Sorted, each once. */
  readonly statements: readonly CapturedStatement[]
}
