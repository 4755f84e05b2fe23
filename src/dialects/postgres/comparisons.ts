import type { Node } from 'libpg-query'
import type { Comparison } from '../../model/type.ts'
import { as } from './grammar.ts'
import { literalOf } from './literals.ts'
import { strings } from './names.ts'

/** What a condition compares with constants, of the parts that AND joins: all of them hold where the condition does. */
export function comparisonsOf(condition: Node | undefined): readonly Comparison[] {
  return parts(condition).flatMap((part) => comparisonOf(part) ?? [])
}

/**
 * The comparisons of which `NOT (… AND …)` says that they never hold together. Empty where the condition is something
 * else, or joins what is no comparison; `column IS NOT NULL` beside them changes nothing.
 */
export function excludedBy(condition: Node | undefined): readonly Comparison[] {
  const negation = as(condition, 'BoolExpr')
  if (negation?.boolop !== 'NOT_EXPR') return []
  const inside = parts(negation.args?.[0]).filter((part) => as(part, 'NullTest')?.nulltesttype !== 'IS_NOT_NULL')
  const comparisons = inside.flatMap((part) => comparisonOf(part) ?? [])
  return comparisons.length === inside.length ? comparisons : []
}

function parts(condition: Node | undefined): readonly Node[] {
  if (condition === undefined) return []
  const both = as(condition, 'BoolExpr')
  return both?.boolop === 'AND_EXPR' ? (both.args ?? []).flatMap((arg) => [...parts(arg)]) : [condition]
}

function comparisonOf(node: Node): Comparison | undefined {
  const expression = as(node, 'A_Expr')
  const column = strings(as(expression?.lexpr, 'ColumnRef')?.fields).at(-1)
  const operator = operators.get(strings(expression?.name).at(-1) ?? '')
  if (expression === undefined || column === undefined || operator === undefined) return undefined
  if (expression.kind === 'AEXPR_IN') return operator === '=' ? listed(column, expression.rexpr) : undefined
  const value = expression.kind === 'AEXPR_OP' ? literalOf(expression.rexpr) : undefined
  return value === undefined ? undefined : { column, operator, values: [value] }
}

function listed(column: string, list: Node | undefined): Comparison | undefined {
  const items = as(list, 'List')?.items ?? []
  const values = items.flatMap((item) => literalOf(item) ?? [])
  return values.length === items.length ? { column, operator: 'in', values } : undefined
}

const operators: ReadonlyMap<string, Comparison['operator']> = new Map([
  ['<', '<'],
  ['<=', '<='],
  ['=', '='],
  ['>=', '>='],
  ['>', '>'],
])
