import type { Name } from '../name.ts'
import type { Expression } from '../type.ts'
import type { FactBase, TableFact } from './base.ts'

export interface CreateIndex extends TableFact {
  readonly kind: 'create-index'
  /** Undefined where the server chooses the name. */
  readonly index?: string
  readonly concurrently: boolean
  readonly unique: boolean
  readonly ifNotExists: boolean
  /** `ON ONLY parent`: not on the partitions. */
  readonly only: boolean
  readonly method: string
  /** Key columns; an expression gives ''. */
  readonly columns: readonly string[]
  /** What each key gives to a name that the server chooses, where an expression calls something: `lower` for `lower(title)`. */
  readonly keyNames?: readonly string[]
  /** Columns that key expressions and the predicate name. */
  readonly expressionColumns: readonly string[]
  /** Functions that key expressions and the predicate call, as written. */
  readonly functions?: readonly string[]
  readonly include: readonly string[]
  readonly where?: Expression
  /** Keys are bare columns in default order, operator class and collation; no INCLUDE, WHERE, WITH, TABLESPACE or NULLS NOT DISTINCT. */
  readonly plain?: boolean
}
export interface DropIndex extends FactBase {
  readonly kind: 'drop-index'
  readonly index: Name
  readonly concurrently: boolean
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface Reindex extends FactBase {
  readonly kind: 'reindex'
  readonly target: 'index' | 'table' | 'schema' | 'database' | 'system'
  readonly name?: Name
  readonly concurrently: boolean
}

/** ALTER INDEX … ATTACH PARTITION: the last step of making an index of a partitioned table; it waits for nobody. */
export interface AttachIndex extends FactBase {
  readonly kind: 'attach-index'
  /** That of the partitioned table. */
  readonly index: Name
  /** That of the partition. */
  readonly partition: Name
}
/** ALTER INDEX … SET TABLESPACE. */
export interface MoveIndex extends FactBase {
  readonly kind: 'move-index'
  readonly index: Name
  readonly tablespace: string
}
/** REFRESH VERSION: what was sorted by an older version of a collation is said to be sorted by the present one. */
export interface RefreshCollation extends FactBase {
  readonly kind: 'refresh-collation'
  /** Undefined: the database's default one. */
  readonly collation?: Name
}
