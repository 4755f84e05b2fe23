import type { Name } from './name.ts'

/** What is known of the size of a table; a part that is not known is absent. */
export interface TableSize {
  /** About how many rows, as the planner reckons: rows a page when it was last analysed, times the pages of today. */
  readonly rows?: number | undefined
  /** Bytes on disk, with indexes and TOAST; of a partitioned table those of all its partitions. */
  readonly bytes?: number | undefined
}

/** A table, and how large it is. */
export interface SizedTable extends TableSize {
  readonly table: Name
}

/**
 * Of what `migrate snapshot` writes. Version 1 knew fewer kinds of objects: it is refused, for rules would take what it
 * lacks for something that is not there.
 */
export const snapshotVersion = 2

/**
 * The schema of a live database as a document: what is there, as statements that would create it, and how large the
 * tables are. It holds no rows, and of the connection
 * no host and no login; of the bodies of functions, of policies and of rules only the names in them, and no options of
 * foreign data and no connections of subscriptions, which may hold passwords. Everything in it has one order.
 */
export interface Snapshot {
  readonly version: typeof snapshotVersion
  /** Major version of the server. */
  readonly server: number
  /** Ids that our journal says are applied there; absent where there is no journal, or it could not be read. */
  readonly applied?: readonly string[] | undefined
  /** There is a journal, and the role may not read it. */
  readonly journal?: 'unreadable' | undefined
  /** Kinds of objects that the role may not read anything of: nothing is known of them. */
  readonly unread?: readonly string[] | undefined
  /** In an order in which they can be replayed. */
  readonly statements: readonly SnapshotStatement[]
  readonly tables: readonly SnapshotTable[]
}

export interface SnapshotStatement {
  readonly sql: string
  /** The object that it makes; of a part of a table or view that one. */
  readonly of: Name
  /** The index that it makes is INVALID: a build that failed or is still running. */
  readonly invalid?: true | undefined
  /** Of a view with a NATURAL JOIN, which its text has as JOIN … USING. */
  readonly natural?: true | undefined
  /** What the table that it makes an heir or a partition has for the sake of its parents alone. */
  readonly inherited?: InheritedParts | undefined
}

export interface InheritedParts {
  readonly columns: readonly string[]
  /** Names of CHECK constraints. */
  readonly constraints: readonly string[]
  /** Columns whose NOT NULL it is. */
  readonly notNulls: readonly string[]
}

export interface SnapshotTable extends TableSize {
  readonly schema: string
  readonly name: string
  readonly bytes: number
  /** Bytes of the rows alone, without indexes and TOAST. */
  readonly heapBytes: number
}
