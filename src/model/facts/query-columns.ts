import type { Name } from '../name.ts'
import type { TypeName } from '../type.ts'

/**
 * The output columns of a query as its words give them. What a name in it means, and with that the columns of `*`, is
 * settled where the schema is known.
 */
export interface QueryColumns {
  /** Queries of WITH, in the order written. */
  readonly with?: readonly CommonTable[]
  /** Of UNION and the like: both sides; the names are those of the first. Absent: a SELECT or VALUES. */
  readonly sides?: readonly [QueryColumns, QueryColumns]
  readonly from: readonly FromItem[]
  readonly outputs: readonly Output[]
}

export interface CommonTable {
  readonly called: string
  /** What its columns are called, from the first on; the others as in the query. */
  readonly names: readonly string[]
  /** Undefined: its words do not tell. */
  readonly query?: QueryColumns
  readonly recursive: boolean
}

/** One of FROM. With no relation, query and join its columns are not known: a function, for example. */
export interface FromItem {
  readonly called?: string
  /** What its columns are called, from the first on. */
  readonly names: readonly string[]
  readonly relation?: Name
  readonly query?: QueryColumns
  /** LATERAL: the query can name columns of what stands before it. */
  readonly lateral?: true
  readonly join?: Join
}

export interface Join {
  readonly left: FromItem
  readonly right: FromItem
  /** Columns of both sides that become one; undefined: NATURAL, all of one name. */
  readonly using?: readonly string[]
}

export type Output =
  /** `*`, or `of.*`. */
  | { readonly star: true; readonly of?: string }
  /** Without a name it has that of the first column of the query that it is. */
  | { readonly star?: false; readonly name?: string; readonly value: OutputValue }

/** Nothing: what type it has is not told. */
export interface OutputValue {
  readonly column?: string
  /** What the relation of the column is called. */
  readonly of?: string
  /** The type that it is cast to, or has by itself. */
  readonly type?: TypeName
  /** What is cast, where that may have a collation of its own. */
  readonly casts?: OutputValue
  /** `COLLATE`. */
  readonly collation?: string
  /** A string or NULL without a type: it takes that of what it meets, else it is text. */
  readonly untyped?: true
  /** One of these, as in CASE. */
  readonly either?: readonly OutputValue[]
  /** A query of one value. */
  readonly query?: QueryColumns
}
