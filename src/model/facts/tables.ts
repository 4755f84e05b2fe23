import type { ColumnDefinition } from '../column.ts'
import type { ConstraintDefinition } from '../constraint.ts'
import type { Name, ObjectKind } from '../name.ts'
import type { PartitionBound } from '../partition.ts'
import type { FactBase, Identified, TableFact } from './base.ts'
import type { QueryColumns } from './query-columns.ts'
import type { TableUse } from './views.ts'

export interface CreateTable extends TableFact {
  readonly kind: 'create-table'
  readonly columns: readonly ColumnDefinition[]
  readonly constraints: readonly ConstraintDefinition[]
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly unlogged: boolean
  /** The parent, for `CREATE TABLE … PARTITION OF parent`. */
  readonly partitionOf?: Name
  /** Which rows it holds, where it is a partition. */
  readonly partitionBound?: PartitionBound
  /** The columns of `PARTITION BY`; an expression gives ''. */
  readonly partitionBy?: readonly string[]
  readonly inherits: readonly Name[]
  readonly like: readonly TableLike[]
  /** The composite type of `CREATE TABLE … OF type`. */
  readonly ofType?: Name
  /** `WITH (…)`. */
  readonly options: readonly StorageOption[]
  /** The foreign server that has its rows: CREATE FOREIGN TABLE. */
  readonly server?: string
}
/** `LIKE table INCLUDING …` among the columns of a new table. */
export interface TableLike {
  readonly table: Name
  /** How many columns stand before it. */
  readonly at: number
  /** What is copied beside names, types and NOT NULL; comments and how values are stored are not looked at. */
  readonly including: readonly ('constraints' | 'defaults' | 'generated' | 'identity' | 'indexes' | 'statistics')[]
}
/** A storage parameter, such as `autovacuum_enabled = false`; both in lower case, the value '' where none is written. */
export interface StorageOption {
  readonly name: string
  readonly value: string
}
export interface CreateTableAs extends TableFact {
  readonly kind: 'create-table-as'
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly withData: boolean
  readonly reads: readonly TableUse[]
  /** The columns of its query, as far as its words tell them. */
  readonly query?: QueryColumns
  /** What its columns are called, from the first on. */
  readonly columnNames?: readonly string[]
}
export interface DropTable extends TableFact {
  readonly kind: 'drop-table'
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface RenameTable extends TableFact {
  readonly kind: 'rename-table'
  readonly to: string
}
export interface SetSchema extends FactBase, Identified {
  readonly kind: 'set-schema'
  readonly object: ObjectKind
  readonly name: Name
  readonly to: string
}
/** ALTER TABLE actions on the table as a whole that have no kind of their own. */
export interface ChangeTable extends TableFact {
  readonly kind: 'change-table'
  readonly action:
    | 'set-logged'
    | 'set-unlogged'
    | 'set-tablespace'
    | 'set-access-method'
    | 'set-options'
    | 'reset-options'
    | 'replica-identity'
    | 'owner'
    | 'enable-row-security'
    | 'disable-row-security'
    | 'force-row-security'
    | 'no-force-row-security'
    | 'inherit'
    | 'no-inherit'
    | 'cluster-on'
    | 'set-without-cluster'
    | 'of-type'
    | 'rule-state'
    | 'other'
  /** The other table, for `inherit` and `no-inherit`. */
  readonly other?: Name
  /** What identifies a row for logical replication from now on, for `replica-identity`. */
  readonly identity?: 'default' | 'full' | 'nothing' | 'index'
  /** What `set-options` sets. */
  readonly options?: readonly StorageOption[]
  /** What it is set to, for `owner`, `set-tablespace` and `set-access-method`. */
  readonly to?: string
}
