export type Row = Readonly<Record<string, unknown>>

export interface QueryResult<R = Row> {
  readonly rows: readonly R[]
  /** Rows read or changed; 0 where the command counts none. */
  readonly count: number
}

/** A column of a result, as the server announces it. */
export interface ResultColumn {
  readonly name: string
  /** OID of its type. */
  readonly type: number
}

/** What a statement gave, each value as the server writes it. */
export interface TextResult {
  readonly rows: readonly (readonly (string | null)[])[]
  /** Rows read or changed; 0 where the command counts none. */
  readonly count: number
}

/** A message that the server sends beside a result: NOTICE, WARNING, DEBUG. */
export interface Notice {
  readonly severity: string
  readonly message: string
}

/** One statement of several that are sent at once. What it gives is not kept. */
export interface SeriesStep {
  readonly sql: string
  readonly parameters?: readonly (string | number | boolean | null)[]
  /**
   * It comes again and again, so the server need read and plan it only once. Not behind a transaction pooler, where the
   * next may meet a server process that has never seen it.
   */
  readonly often?: boolean
  /** Called when the server turns to it: those before it are answered. */
  readonly turn?: () => void
  /** That call may wait for the next answer that the server gives anyway: to be asked for one costs it time. */
  readonly unhurried?: boolean
}

/**
 * One session on a server. Errors of the server are `DatabaseError`s. A call need not wait for the one before it: they
 * reach the server in the order they are made, all at once, and are answered in that order, each for itself.
 */
export interface Connection {
  /** `server`: a real PostgreSQL over the wire; `embedded`: one session inside this process. */
  readonly kind: 'server' | 'embedded'
  /** Server version as `server_version_num` gives it: 180004. */
  readonly versionNumber: number
  /** The role that was taken with SET ROLE; undefined: that of the login. */
  readonly role?: string | undefined
  /** One statement with parameters `$1 …`. */
  query<R = Row>(sql: string, parameters?: readonly unknown[]): Promise<QueryResult<R>>
  /** Statements that are sent at once and run one after the other; those behind one that fails are not run. */
  series(steps: readonly SeriesStep[]): Promise<void>
  /** The same, made ready while the server works on something else; what it gives sends it, once and at once. */
  readySeries(steps: readonly SeriesStep[]): () => Promise<void>
  /** The columns that one statement would give; it is not run. Empty for one that gives no rows. */
  describe(sql: string): Promise<readonly ResultColumn[]>
  /** One statement without parameters; nothing of what it gives is converted, and equal names of columns hide nothing. */
  texts(sql: string): Promise<TextResult>
  /** One or several statements without parameters, over the simple protocol; nothing is returned. */
  run(sql: string): Promise<void>
  /** Adds a listener for notices; call what it returns to remove it. */
  onNotice(listen: (notice: Notice) => void): () => void
  /** Asks the server to cancel what this session is running, over another connection. Does nothing when embedded. */
  cancel(): Promise<void>
  close(): Promise<void>
}
