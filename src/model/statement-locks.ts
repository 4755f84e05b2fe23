import type { LockMode } from './lock.ts'

/** What a server was seen to do to one relation that existed before the migration, while one statement ran. */
export interface RelationLock {
  /** `public.books`, quoted where needed: the name that it had before. */
  readonly relation: string
  readonly kind: 'table' | 'index' | 'view' | 'sequence'
  /**
   * The strongest lock that is held when the statement ends; of a statement outside a transaction, the strongest that it
   * asked for. `not observed`: one session cannot look at itself while it runs.
   */
  readonly lock: LockMode | 'not observed'
  /** The rows were written anew into another file, under that lock. */
  readonly rewritten: boolean
  /** All rows were read, under that lock. */
  readonly scanned: boolean
}

/** The locks of one statement; the same input gives the same value. */
export interface StatementLocks {
  /** 1-based number of the statement in its section. */
  readonly statement: number
  /** In the order of their names; a relation whose lock an earlier statement of the transaction took is told there. */
  readonly relations: readonly RelationLock[]
}

/** What else was measured of a statement: it differs from run to run, so it stands in no certificate. */
export interface StatementCost {
  readonly statement: number
  /** Time on the seeded rows, in milliseconds. */
  readonly durationMs: number
  /** Bytes of write-ahead log. */
  readonly walBytes: number
}

/** What one section of a migration was measured to do. */
export interface SectionLocks {
  readonly statements: readonly StatementLocks[]
  readonly costs: readonly StatementCost[]
}

/** The locks of both directions, as a proof holds them. */
export interface MeasuredLocks {
  readonly up: readonly StatementLocks[]
  readonly down: readonly StatementLocks[]
}
