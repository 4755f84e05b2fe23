import type { Effect } from '../model/effect.ts'
import type { Fact } from '../model/fact.ts'
import type { QueryShape, RewrittenQuery } from '../model/query.ts'
import type { QueryUse } from '../model/query-use.ts'
import type { Schema } from '../model/schema.ts'
import type { SideEffect } from '../model/side-effect.ts'
import type { ParsedSql } from '../model/statement.ts'
import type { Conversion, TypeName } from '../model/type.ts'

/** What the effects of a fact depend on beside the schema. */
export interface StatementScene {
  /** All facts of the statement, where it has several that may depend on each other. */
  readonly statement?: readonly Fact[]
  /** The time zone that the section has set, in lower case. */
  readonly timeZone?: string | undefined
}

/** A database's SQL: everything that depends on its grammar and on what its statements do. */
export interface Dialect {
  readonly id: string
  readonly title: string
  /** Major versions whose effects are measured, oldest first. */
  readonly versions: readonly number[]

  /** Loads the grammar (WebAssembly). Must have resolved before anything else is called; repeated calls cost nothing. */
  load(): Promise<void>

  /**
   * Reads SQL. `offset` (UTF-16 code units) is added to every span, so that spans are offsets into the file.
   * Never throws for bad SQL: what the grammar refuses is a problem, the statements around it are still read.
   */
  parse(sql: string, offset?: number): ParsedSql

  /**
   * Whether SQL may begin or end a transaction, give up locks of the session, or hold what the grammar refuses. False
   * is certain, and quicker than `parse`, which tells what there is.
   */
  mayControl(sql: string): boolean

  /**
   * What a fact does to each table that exists already. `schema` is the state before the statement.
   */
  effects(fact: Fact, schema: Schema, version: number, scene?: StatementScene): readonly Effect[]

  /**
   * Whether changing a column's type this way writes the table anew. `unknown` where it depends on the session or on
   * types that are neither built in nor in the schema, if one is given.
   */
  typeChange(
    from: TypeName,
    to: TypeName,
    using: Conversion | undefined,
    scene?: { readonly schema?: Schema; readonly timeZone?: string | undefined },
  ): 'no-rewrite' | 'rewrite' | 'unknown'

  /**
   * A scalar expression with each column that it names replaced by the SQL that `replace` gives; everything else stays
   * as written. The expression must be one that `parse` accepted.
   */
  mapColumns(expression: string, replace: (column: string) => string): string

  /** Whether a statement holds a string of exactly this text; what is inside the body of a function does not count. */
  holdsString(sql: string, text: string): boolean

  /**
   * What statements do, or may do, outside their database: files, programs, other servers, what a whole server shares.
   * Bodies of functions are judged by their words. `offset` is added to every span. Never throws for bad SQL.
   */
  sideEffects(sql: string, offset?: number): readonly SideEffect[]

  /** The statement without comments and white space that mean nothing: equal texts mean the same. */
  meaning(sql: string): string

  /**
   * An UPDATE, DELETE or INSERT … SELECT limited to keys in a range, through the parsed statement.
   * The result takes the exclusive lower bound as `$1` (NULL: no lower bound, for the first batch, so that the smallest
   * key is met too: `($1 IS NULL OR key > $1)`) and the inclusive upper bound as `$2`.
   *
   * @throws ToolkitError `backfill-invalid` when the statement is of another kind or does not read `table`
   */
  boundByKey(sql: string, options: { readonly table: string; readonly key: string }): Promise<string>

  /** Statements of applications. */
  readonly queries: QueryReader
}

/** What is told about and done to one statement that an application sends. */
export interface QueryReader {
  /** What the statement is; undefined where the grammar refuses it or there are several. */
  shape(sql: string): QueryShape | undefined

  /** What the statement asks for, and what its parameters are used for; `other` where the grammar refuses it. */
  use(sql: string): QueryUse

  /** The statement with parameters in the place of its constants; undefined where that cannot be done exactly. */
  withoutConstants(sql: string): RewrittenQuery | undefined

  /** The statement as pg_stat_statements shows it, mended where it certainly was another; undefined: not accepted. */
  mended(sql: string): RewrittenQuery | undefined
}
