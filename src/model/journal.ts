import type { Phase } from './migration.ts'

/** A migration that the database holds. */
export interface AppliedMigration {
  readonly id: string
  readonly name: string
  readonly sha256: string
  /** Hash of the up's meaning: comments and white space left out. */
  readonly meaning: string
  readonly phase: Phase
  readonly change: string | null
  /** The text of the way back, so that an older image can still revert. Null: declared to have none. */
  readonly down: string | null
  readonly downTransaction: boolean
  readonly appliedAt: Date
}

/** A section whose statements run one by one, outside one transaction, that began and is not at its end yet. */
export interface UnfinishedStep {
  readonly migration: string
  readonly direction: 'up' | 'down'
  /** 0-based number of the statement in the section that was begun last. */
  readonly statement: number
  /** That statement as it was begun. */
  readonly sql: string
  /** `began`: an intent without a result, so only the catalogue can tell. */
  readonly state: 'began' | 'failed' | 'done'
  /** What the server answered when it failed. */
  readonly sqlState: string | null
  /** The statements of the section that are done, in order. */
  readonly done: readonly string[]
}

/** How far a backfill came. */
export interface BackfillProgress {
  readonly migration: string
  readonly status: 'running' | 'done'
  /** The last key of the last committed batch, as text; null before the first. */
  readonly cursor: string | null
  /** The largest key when it began: rows after it were written by the new version. */
  readonly upperBound: string | null
  readonly rowsDone: number
  readonly rowsEstimated: number
}

export interface Approval {
  /** A change's name or a migration's id. */
  readonly subject: string
  readonly by: string
  readonly at: Date
  /** Digest of what was approved: the meaning of the files behind the subject. */
  readonly digest: string
}

/** What the journal says, read once at the start of a run. `decide` sees nothing else of the database. */
export interface JournalState {
  readonly applied: readonly AppliedMigration[]
  readonly unfinished: readonly UnfinishedStep[]
  readonly backfills: readonly BackfillProgress[]
  readonly approvals: readonly Approval[]
  /** Ids that an earlier run held back on purpose while it applied later ones: they are not late. */
  readonly deferred: readonly string[]
  /** Ids that are applied and whose checks nobody answered yet, or answered with no. */
  readonly unchecked: readonly string[]
}

/** Which database this is, in numbers that a copy made by pg_dump does not share. */
export interface DatabaseIdentity {
  /**
   * `system_identifier`, a `bigint` as text. Made when the server's data directory is; what is copied file by file
   * keeps it, so do replicas. Null where the server does not tell it to this role.
   */
  readonly system: string | null
  readonly databaseOid: number
}

/** The name of an environment, and the database that was given it. */
export interface Label {
  readonly name: string
  readonly identity: DatabaseIdentity
}
