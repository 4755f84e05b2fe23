import type { LockMode } from '../lock.ts'
import type { Name } from '../name.ts'
import type { FactBase } from './base.ts'

export interface LockTable extends FactBase {
  readonly kind: 'lock-table'
  readonly tables: readonly Name[]
  readonly mode: LockMode
}
export interface SetSetting extends FactBase {
  readonly kind: 'set-setting'
  readonly setting: string
  /** Undefined for RESET and SET … TO DEFAULT. */
  readonly value?: string
  /** `value` of a timeout in milliseconds. */
  readonly milliseconds?: number
  /** An expression gives the value when it runs: `set_config('search_path', current_user, false)`. */
  readonly computed?: boolean
  readonly local: boolean
}
export interface TransactionControl extends FactBase {
  readonly kind: 'transaction'
  readonly action: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to' | 'prepare' | 'other'
}
export interface Vacuum extends FactBase {
  readonly kind: 'vacuum'
  readonly full: boolean
  readonly tables: readonly Name[]
}
export interface Cluster extends FactBase {
  readonly kind: 'cluster'
  readonly table?: Name
}
export interface Analyze extends FactBase {
  readonly kind: 'analyze'
  readonly tables: readonly Name[]
}

/** SQL that is put together or hidden at run time: nothing can be said about what it does. */
export interface DynamicSql extends FactBase {
  readonly kind: 'dynamic-sql'
  /** `elsewhere`: the tool runs SQL here that is not in the file. */
  readonly where: 'do-block' | 'call' | 'execute' | 'elsewhere'
  readonly reason: string
}
/** DDL that has no kind of its own; `tag` is the server's command tag, such as `CREATE OPERATOR`. */
export interface OtherDdl extends FactBase {
  readonly kind: 'other-ddl'
  readonly tag: string
}
/** Anything else: EXPLAIN, LISTEN, CHECKPOINT, … */
export interface OtherStatement extends FactBase {
  readonly kind: 'other-statement'
  readonly tag: string
  /** What SET CONSTRAINTS makes of the checks of constraints. */
  readonly constraints?: 'deferred' | 'immediate'
}
