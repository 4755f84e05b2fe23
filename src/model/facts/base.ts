import type { Span } from '../../core/span.ts'
import type { Name, ObjectKind } from '../name.ts'
import type { TableUse } from './views.ts'

export interface FactBase {
  /** The part of the file to point at: the action of an ALTER TABLE, the column definition, or the whole statement. */
  readonly span: Span
}
export interface TableFact extends FactBase {
  readonly table: Name
  /** `ONLY`: tables that inherit from it stay as they are. */
  readonly only?: boolean
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

/** What tells an object from others of its kind and name. */
export interface Identified {
  /** The table of a trigger, policy or rule. */
  readonly table?: Name
  /**
   * Types of the arguments of a function, procedure or aggregate, and of the operands of an operator, where `none`
   * stands for one that it does not have. Absent where only the name is given.
   */
  readonly argumentTypes?: readonly string[]
  /** The index method of an operator class or family. */
  readonly method?: string
}

/** Something that an object cannot be without: by CASCADE they go together. */
export interface Need {
  /** `type` for domains and row types too, `function` for procedures and aggregates too, `table` for any relation. */
  readonly object: ObjectKind
  readonly name: Name
  /** Of a function or operator; absent where the statement does not tell which of several is meant. */
  readonly argumentTypes?: readonly string[]
  readonly method?: string
  /** The kind of word that a text search configuration needs a dictionary for. */
  readonly token?: string
}
