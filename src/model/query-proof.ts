/** A state of the schema in which the old version's queries were asked. */
export type QueryState = 'before the upgrade' | 'during the backfill' | 'after the upgrade' | 'after the downgrade'

/** What the queries of earlier releases gave before, during and after one migration; a part of its proof. */
export interface QueryProof {
  /** The releases whose captured queries count, by name. */
  readonly releases: readonly string[]
  /** Over what was captured of them. */
  readonly hash: string
  /** How many statements were captured. */
  readonly captured: number
  /** Those that name nothing that the migration touches, nor what depends on it: they were not asked again. */
  readonly untouched: number
  /** Of the others those that work before the migration. */
  readonly checkable: number
  /** Roles of the releases that the scratch server does not have: what they may do was not checked. */
  readonly missingRoles: readonly string[]
  readonly states: readonly QueryCounts[]
  /** Each statement at the first state in which it is broken. */
  readonly broken: readonly BrokenQuery[]
  readonly notCovered: readonly UncoveredQuery[]
}

/** How the statements that the migration may touch fared in one state; afterwards only the checkable ones count. */
export interface QueryCounts {
  readonly state: QueryState
  readonly proven: number
  readonly broken: number
  readonly notCovered: number
}

export interface BrokenQuery {
  readonly sql: string
  readonly state: QueryState
  /** What the server said, with its SQLSTATE, or what differs. */
  readonly error: string
  /** The statement of the migration that breaks it; null where that could not be told. */
  readonly step: string | null
}

export interface UncoveredQuery {
  readonly sql: string
  readonly why: string
}
