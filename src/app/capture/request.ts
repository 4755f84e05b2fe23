/** What `migrate queries capture` is asked. */
export interface CaptureRequest {
  /** Absent: that of the files of hooks. */
  readonly release?: string | undefined
  readonly fromDatabase: boolean
  /** Files, directories and globs of SQL. */
  readonly fromFiles: readonly string[]
  /** Logs of a server. */
  readonly fromLog: readonly string[]
  /** Files of hooks, or contracts to join. */
  readonly fromJsonl: readonly string[]
  /** The newest migration that was applied. */
  readonly at?: string | undefined
  /** Only what these roles sent. */
  readonly roles: readonly string[]
  readonly searchPath?: string | undefined
  /** Only what a log says of this database. */
  readonly database?: string | undefined
  /** The server's setting of this name, for logs on stderr. */
  readonly logLinePrefix?: string | undefined
  /** Keep constants of logs and values of parameters. */
  readonly values: boolean
  readonly output?: string | undefined
  readonly overwrite: boolean
  readonly onProgress: (text: string) => void
}
