import type { Name } from '../name.ts'
import type { FactBase, Using } from './base.ts'
import type { QueryColumns } from './query-columns.ts'

/** A table that a query reads, with the columns it names. */
export interface TableUse {
  readonly table: Name
  /** Columns named for sure or possibly (an unqualified name in a query over several tables is listed for each). */
  readonly columns: readonly string[]
  /** `*` or a whole-row use. */
  readonly star: boolean
  /** The row is used as a whole, and no `*` names its columns: it goes on without one that is dropped. */
  readonly wholeRow?: true
  /** It is one side of a NATURAL JOIN. */
  readonly natural?: true
}
export interface CreateView extends FactBase, Pick<Using, 'calls'> {
  readonly kind: 'create-view'
  readonly view: Name
  readonly materialized: boolean
  readonly replace: boolean
  readonly temporary: boolean
  readonly ifNotExists: boolean
  readonly withData: boolean
  readonly reads: readonly TableUse[]
  /** Output column names where the query or the column list gives them; undefined where `*` hides them. */
  readonly columns?: readonly string[]
  /** Relations that its query names by constants, as `nextval('s')` does; absent: none. */
  readonly namedByConstants?: readonly Name[]
  /** Types that its query casts to; those of the server's own that are written bare are among them. */
  readonly types?: readonly Name[]
  /** The relation of `SELECT * FROM relation`: its columns are the view's. */
  readonly copies?: Name
  /** The columns of its query, as far as its words tell them. */
  readonly query?: QueryColumns
  /** What its columns are called, from the first on. */
  readonly columnNames?: readonly string[]
  /** `WITH (security_invoker)`: tables are read with the rights of who reads the view (PostgreSQL 15). */
  readonly securityInvoker: boolean
}
export interface DropView extends FactBase {
  readonly kind: 'drop-view'
  readonly view: Name
  readonly materialized: boolean
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface RefreshMaterializedView extends FactBase {
  readonly kind: 'refresh-materialized-view'
  readonly view: Name
  readonly concurrently: boolean
  /** False for `WITH NO DATA`, which empties the view: it cannot be read any more. */
  readonly withData: boolean
}
