import type { BoolExpr, FuncCall, Node } from 'libpg-query'
import type { Name } from '../../model/name.ts'
import type { Conversion, Expression, TypeName, Volatility } from '../../model/type.ts'
import { functionVolatility } from './built-in-functions.ts'
import { comparisonsOf, excludedBy } from './comparisons.ts'
import { as, walk } from './grammar.ts'
import { namedRelation } from './named-relations.ts'
import { nameOf, strings } from './names.ts'
import { typeOf } from './types.ts'

/** What can be said about a scalar expression; `sql` is its text. */
export function expressionOf(node: Node | undefined, sql: string): Expression {
  const columns = new Set<string>()
  const functions = new Set<string>()
  const relations: Name[] = []
  let volatility: Volatility = 'constant'
  let changesByItself = false
  walk(node, (inner, tag) => {
    if (tag === 'ColumnRef') {
      const column = columnOf(inner)
      if (column !== undefined) columns.add(column)
    }
    const call = as(inner, 'FuncCall')
    if (call !== undefined) functions.add(functionText(call))
    const relation = namedRelation(inner)
    if (relation !== undefined) relations.push(relation)
    const own = volatilityOf(inner, call)
    volatility = worse(volatility, own)
    changesByItself ||= own === 'volatile' || (own === 'stable' && asksSession(call))
  })
  return {
    sql,
    volatility,
    isNull: isNull(node),
    columns: [...columns],
    functions: [...functions],
    provesNotNull: [...new Set(provenNotNull(node))],
    ...(changesByItself ? { changesByItself } : {}),
    ...(relations.length === 0 ? {} : { relations }),
  }
}

/** A condition that every row fulfils, with what can be proven by it. */
export function conditionOf(node: Node | undefined, sql: string): Expression {
  const [comparisons, excludes] = [comparisonsOf(node), excludedBy(node)]
  return {
    ...expressionOf(node, sql),
    ...(comparisons.length === 0 ? {} : { comparisons }),
    ...(excludes.length === 0 ? {} : { excludes }),
  }
}

/** The `USING` of a change of a column's type. */
export function conversionOf(node: Node, column: string, sql: string): Conversion {
  const casts = castsOf(node, column)
  const expression = expressionOf(node, sql)
  return casts === undefined ? expression : { ...expression, casts }
}

/** The types that a column is cast to, in order; undefined where the expression is not the column with casts around it. */
function castsOf(node: Node | undefined, column: string): readonly TypeName[] | undefined {
  const cast = as(node, 'TypeCast')
  if (cast === undefined) return node !== undefined && columnOf(node) === column ? [] : undefined
  const inner = castsOf(cast.arg, column)
  return inner === undefined ? undefined : [...inner, typeOf(cast.typeName)]
}

/** The function's name as a call writes it, unquoted. */
export function functionText(call: FuncCall): string {
  const parts = strings(call.funcname)
  const { schema, name } = nameOf(parts)
  return schema === undefined || schema === 'pg_catalog' ? name : `${schema}.${name}`
}

function volatilityOf(node: Node, call: FuncCall | undefined): Volatility {
  if (call !== undefined) {
    const { schema, name } = nameOf(strings(call.funcname))
    return functionVolatility(schema, name)
  }
  // CURRENT_DATE, CURRENT_USER and the like.
  if (as(node, 'SQLValueFunction') !== undefined) return 'stable'
  // What a query gives depends on rows; PostgreSQL allows none in defaults, checks, indexes and USING.
  return as(node, 'SubLink') === undefined ? 'constant' : 'unknown'
}

/**
 * Of what is stable: the words without a call (CURRENT_DATE), functions without arguments, and current_setting(). Others
 * are stable for some types of their arguments only, such as date_trunc() for timestamptz.
 */
function asksSession(call: FuncCall | undefined): boolean {
  if (call === undefined || (call.args ?? []).length === 0) return true
  return nameOf(strings(call.funcname)).name === 'current_setting'
}

const ranks: readonly Volatility[] = ['constant', 'stable', 'unknown', 'volatile']

function worse(a: Volatility, b: Volatility): Volatility {
  return ranks.indexOf(a) >= ranks.indexOf(b) ? a : b
}

/** The column that a reference names: the last part of `column` or `table.column`. */
function columnOf(node: Node): string | undefined {
  return strings(as(node, 'ColumnRef')?.fields).at(-1)
}

/** `NULL`, also with casts around it. */
function isNull(node: Node | undefined): boolean {
  const cast = as(node, 'TypeCast')
  return cast === undefined ? as(node, 'A_Const')?.isnull === true : isNull(cast.arg)
}

/** Columns that cannot be NULL where the condition is true. */
function provenNotNull(node: Node | undefined): readonly string[] {
  const test = as(node, 'NullTest')
  if (test?.nulltesttype === 'IS_NOT_NULL') return eachColumn(test.arg)
  const comparison = as(node, 'A_Expr')
  if (comparison?.kind === 'AEXPR_DISTINCT' && isBareNull(comparison.rexpr)) return columnList(comparison.lexpr)
  const both = as(node, 'BoolExpr')
  if (both?.boolop === 'AND_EXPR') return (both.args ?? []).flatMap((arg) => [...provenNotNull(arg)])
  return both?.boolop === 'NOT_EXPR' ? provenByNot(both) : []
}

/** `NOT (a IS NULL)` and `NOT (a IS NULL OR b IS NULL)`. */
function provenByNot(negation: BoolExpr): readonly string[] {
  const inner = negation.args?.[0]
  const either = as(inner, 'BoolExpr')
  const parts = either?.boolop === 'OR_EXPR' ? (either.args ?? []) : [inner]
  return parts.flatMap((part) => {
    const test = as(part, 'NullTest')
    return test?.nulltesttype === 'IS_NULL' ? [...columnList(test.arg)] : []
  })
}

/** `a IS DISTINCT FROM NULL` is read as `a IS NOT NULL` where NULL stands there without a cast. */
function isBareNull(node: Node | undefined): boolean {
  return as(node, 'A_Const')?.isnull === true
}

/** `(a, b) IS NOT NULL` holds where each is not NULL; `NOT ((a, b) IS NULL)` where one is not. */
function eachColumn(node: Node | undefined): readonly string[] {
  const row = as(node, 'RowExpr')
  return row === undefined ? columnList(node) : (row.args ?? []).flatMap((arg) => [...columnList(arg)])
}

function columnList(node: Node | undefined): readonly string[] {
  const column = node === undefined ? undefined : columnOf(node)
  return column === undefined ? [] : [column]
}
