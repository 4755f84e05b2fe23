import type { Node } from 'libpg-query'
import { as } from './grammar.ts'

/**
 * `(t.key > $1 OR $1 IS NULL)` and `t.key <= $2`. The comparison comes first because the server gives a parameter the
 * type of its first use, and `$1 IS NULL` has none.
 */
export function keyRange(table: string, key: string): readonly Node[] {
  const column: Node = { ColumnRef: { fields: [text(table), text(key)] } }
  const lower: Node = { ParamRef: { number: 1 } }
  const above: Node = comparison(column, '>', lower)
  const first: Node = { NullTest: { arg: lower, nulltesttype: 'IS_NULL' } }
  const upTo: Node = comparison(column, '<=', { ParamRef: { number: 2 } })
  return [{ BoolExpr: { boolop: 'OR_EXPR', args: [above, first] } }, upTo]
}

/** A WHERE that says what it said, and `conditions`. */
export function addToWhere(where: Node | undefined, conditions: readonly Node[]): Node {
  const both = as(where, 'BoolExpr')
  // The grammar keeps `a AND b AND c` as one list.
  const before = both?.boolop === 'AND_EXPR' ? (both.args ?? []) : where === undefined ? [] : [where]
  return { BoolExpr: { boolop: 'AND_EXPR', args: [...before, ...conditions] } }
}

function comparison(left: Node, operator: string, right: Node): Node {
  return { A_Expr: { kind: 'AEXPR_OP', name: [text(operator)], lexpr: left, rexpr: right } }
}

function text(sval: string): Node {
  return { String: { sval } }
}
