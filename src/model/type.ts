import type { Name } from './name.ts'

/** A data type as a statement writes it, with the parser's aliases resolved (`int4` → `integer`). */
export interface TypeName {
  /** The SQL name for built-in types (`integer`, `character varying`, `timestamp with time zone`, `serial`…), else the name as written. */
  readonly name: string
  readonly schema?: string
  /** Length, precision, scale: `numeric(10, 2)` → `[10, 2]`. */
  readonly modifiers: readonly number[]
  readonly array: boolean
  /** The type as SQL: `numeric(10,2)`, `text[]`. */
  readonly sql: string
}

/** How often an expression may give another value. `unknown`: it calls a function that is not built in. */
export type Volatility = 'constant' | 'stable' | 'volatile' | 'unknown'

/** A scalar expression: a default, a check, a predicate, a `USING`. */
export interface Expression {
  readonly sql: string
  readonly volatility: Volatility
  readonly isNull: boolean
  /** Columns it names, in order of appearance, without repeats. */
  readonly columns: readonly string[]
  /** Functions it calls, as written. */
  readonly functions: readonly string[]
  /** Relations that it names by constants, as `nextval('s')` does; absent: none. */
  readonly relations?: readonly Name[]
  /** Columns that cannot be NULL where the expression is true and not NULL-tolerant: `a IS NOT NULL AND …` gives `a`. */
  readonly provesNotNull: readonly string[]
  /** What it says about columns by comparing them with constants; of the parts that AND joins. */
  readonly comparisons?: readonly Comparison[]
  /** Comparisons that never hold together, for `NOT (a >= 1 AND a < 10)`. */
  readonly excludes?: readonly Comparison[]
  /** It asks for something that is another at another moment or in another session: now(), CURRENT_USER, random(). */
  readonly changesByItself?: boolean
}

/** `column operator value`; `in` with several values. Values are literals as SQL. */
export interface Comparison {
  readonly column: string
  readonly operator: '<' | '<=' | '=' | '>=' | '>' | 'in'
  readonly values: readonly string[]
}

/** The `USING` of a change of type. */
export interface Conversion extends Expression {
  /** Where it is the column itself: the types that it is cast to, in order. Absent where it is anything else. */
  readonly casts?: readonly TypeName[]
}
