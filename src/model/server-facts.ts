/** What a server, and a database on it, say of themselves: what a proof depends on beside the SQL. */
export interface ServerFacts {
  /** `server_version_num`: 180004. */
  readonly versionNumber: number
  /** `UTF8`. */
  readonly encoding: string
  readonly collation: Collation
  /** Whether the session's role is a superuser. */
  readonly superuser: boolean
  /** Extensions that can be created, each with the version that is created by default; in a target those that are installed. */
  readonly extensions: Readonly<Record<string, string>>
  /** Values of `comparedSettings`, as `current_setting` gives them. */
  readonly settings: Readonly<Record<string, string>>
}

/** How text is compared and sorted in a database. */
export interface Collation {
  readonly provider: 'libc' | 'icu' | 'builtin'
  readonly locale: string
}

/** What is known of the database that migrations are meant for: all, only the major version, or nothing. */
export type TargetFacts =
  | { readonly known: 'all'; readonly facts: ServerFacts }
  | { readonly known: 'major'; readonly major: number }
  | { readonly known: 'nothing' }

/** Settings on which it depends what a migration does, or whether it gets that far. */
export const comparedSettings: readonly string[] = [
  'lock_timeout',
  'statement_timeout',
  'idle_in_transaction_session_timeout',
  'search_path',
  'TimeZone',
  'DateStyle',
  'IntervalStyle',
  'default_transaction_isolation',
  'default_table_access_method',
  'default_tablespace',
  'default_toast_compression',
  'max_locks_per_transaction',
  'max_prepared_transactions',
  'wal_level',
  'check_function_bodies',
  'row_security',
  'session_replication_role',
]
