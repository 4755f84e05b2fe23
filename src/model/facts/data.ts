import type { Name } from '../name.ts'
import type { FactBase, TableFact } from './base.ts'
import type { TableUse } from './views.ts'

export interface Truncate extends FactBase {
  readonly kind: 'truncate'
  readonly tables: readonly Name[]
  readonly cascade: boolean
}
export interface Insert extends TableFact {
  readonly kind: 'insert'
  /** Empty: no column list. */
  readonly columns: readonly string[]
  readonly source: 'values' | 'select' | 'default-values'
  readonly onConflict: 'none' | 'nothing' | 'update'
  /** The query has no WHERE, LIMIT, DISTINCT or grouping: each row that it reads becomes a row. */
  readonly copiesAll?: boolean
  /** Columns that the list names more than once. */
  readonly repeatedColumns?: readonly string[]
  readonly reads: readonly TableUse[]
}
/** What limits the rows of an UPDATE or DELETE. `always-true`: `WHERE true`, `WHERE 1 = 1`. */
export type RowFilter = 'none' | 'always-true' | 'condition'
export interface Update extends TableFact {
  readonly kind: 'update'
  readonly columns: readonly string[]
  readonly where: RowFilter
  /** Columns whose new value is reckoned from their own old one: `n = n + 1`, `name = 'Mr ' || name`. */
  readonly accumulates?: readonly string[]
  /** Columns that WHERE compares; a test for NULL compares nothing. */
  readonly whereColumns?: readonly string[]
  /** The condition compares a column with constants by = or IN, as to pick out some rows; not with true or false. */
  readonly picksRows?: boolean
  /** Columns that are assigned whole more than once. */
  readonly repeatedColumns?: readonly string[]
  readonly reads: readonly TableUse[]
}
export interface Delete extends TableFact {
  readonly kind: 'delete'
  readonly where: RowFilter
  /** See `Update.picksRows`. */
  readonly picksRows?: boolean
  readonly reads: readonly TableUse[]
}
export interface Merge extends TableFact {
  readonly kind: 'merge'
  readonly reads: readonly TableUse[]
}
export interface Copy extends FactBase {
  readonly kind: 'copy'
  readonly table?: Name
  readonly direction: 'from' | 'to'
  readonly columns: readonly string[]
}
export interface Select extends FactBase {
  readonly kind: 'select'
  readonly reads: readonly TableUse[]
  /** Functions it calls that are not known to be free of effects: `setval`, `pg_terminate_backend`, the user's own. */
  readonly functions: readonly string[]
  /** Sequences that `setval` sets to a number which is written there: `setval('s', 1)`, not `setval('s', max(id))`. */
  readonly setsSequences?: readonly Name[]
}
