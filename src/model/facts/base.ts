import type { Span } from '../../core/span.ts'
import type { Name } from '../name.ts'
import type { TableUse } from './views.ts'

export interface FactBase {
  /** The part of the file to point at: the action of an ALTER TABLE, the column definition, or the whole statement. */
  readonly span: Span
}
export interface TableFact extends FactBase {
  readonly table: Name
}
export interface ColumnFact extends TableFact {
  readonly column: string
}

/** What an object goes on using for as long as it is there, so that the server refuses to drop that. */
export interface Using {
  readonly uses?: readonly TableUse[]
  /** Functions, as written. */
  readonly calls?: readonly string[]
}
