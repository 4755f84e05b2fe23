import type { Name } from './name.ts'

/** What one statement that an application sends asks for, as far as its text tells. */
export interface QueryUse {
  /**
   * `query` can be prepared and gives an answer that can be compared; `copy` moves rows of a table; `copied-query` the
   * rows of a query; `command` acts upon tables in another way (TRUNCATE, LOCK, CALL); `session` is about the session
   * alone (SET, BEGIN); `other` is everything else.
   */
  readonly kind: 'query' | 'copy' | 'copied-query' | 'command' | 'session' | 'other'
  /** The order of the rows is asked for at the top of the query. */
  readonly ordered: boolean
  /** Columns of the result, by name or place from 1, that give the order; absent where an expression does. */
  readonly sortKeys?: readonly (string | number)[]
  /** LIMIT or OFFSET at the top: which rows are given depends on the order. */
  readonly limited: boolean
  /** `*` gives columns of the result. */
  readonly star: boolean
  /** Bare names of all functions that are called. */
  readonly functions: readonly string[]
  /** Bare names of all types that are written. */
  readonly types: readonly string[]
  /** In the order of their numbers; one that is used twice is listed as it is first used. */
  readonly parameters: readonly ParameterUse[]
}

/** What a parameter is used for: decides which values are worth trying. */
export interface ParameterUse {
  /** 1 for `$1`. */
  readonly number: number
  readonly role: 'compared' | 'assigned' | 'limit' | 'offset' | 'other'
  /** The column that it is compared with or assigned to. */
  readonly column?: ParameterColumn
}

export interface ParameterColumn {
  /** The relations that may have it, the likeliest first. */
  readonly tables: readonly Name[]
  /** A name, or the place in the table, from 1, where an INSERT names no columns. */
  readonly column: string | number
}
