import type { A_Const, Node, ParamRef, SelectStmt } from 'libpg-query'
import { as, mapNodes, meaningOfTree, tagOf, walk } from '../grammar.ts'

/** What stands for a value in a text. */
type Value = A_Const | ParamRef

/** How expressions are compared: as they are, or with any value for any other. */
type Comparison = 'values count' | 'values are lost'

/**
 * The server takes a selected expression for that of GROUP BY only where both are the same, down to their values. Gives
 * the values that must stay the same, each with what it shares with the others.
 */
export function sharedValues(root: Node, comparison: Comparison): ReadonlyMap<Value, string> {
  const shared = new Map<Value, string>()
  const visit = (select: SelectStmt): void => {
    const wanted = groupedBy(select, comparison)
    if (wanted.size === 0) return
    walk(select, (node, tag) => {
      if (![...wanted.values()].includes(tag)) return
      const meaning = comparable(node, comparison)
      if (!wanted.has(meaning)) return
      for (const [index, value] of valuesIn(node).entries())
        if (!shared.has(value)) shared.set(value, `${index} ${meaning}`)
    })
  }
  walk(root, (node) => {
    const select = as(node, 'SelectStmt')
    if (select !== undefined) visit(select)
  })
  return shared
}

/** Expressions with values in them by which a query groups its rows; what each is made of. */
function groupedBy(select: SelectStmt, comparison: Comparison): ReadonlyMap<string, string> {
  const distinct = select.distinctClause ?? []
  // Where pg_stat_statements leaves a constant in ORDER BY, the server has found the expression among the selected.
  const sorted = (select.sortClause ?? [])
    .map((one) => as(one, 'SortBy')?.node)
    .filter((node) => distinct.length > 0 || valuesIn(node).some((value) => !('number' in value)))
  const sets = (select.groupClause ?? []).flatMap((one) => as(one, 'GroupingSet')?.content ?? [one])
  return new Map(
    [...sets, ...distinct, ...sorted]
      // DISTINCT without ON is an empty node.
      .flatMap((node) => (node === undefined || Object.keys(node).length === 0 ? [] : [selected(select, node)]))
      .filter((node) => !isValue(node) && valuesIn(node).length > 0)
      .map((node) => [comparable(node, comparison), tagOf(node)]),
  )
}

/** `GROUP BY 1` and `GROUP BY day` may name a column of the result: then what that is made of. */
function selected(select: SelectStmt, node: Node): Node {
  const number = as(node, 'A_Const')?.ival?.ival
  const [name, more] = as(node, 'ColumnRef')?.fields ?? []
  const called = more === undefined ? as(name, 'String')?.sval : undefined
  const columns = (select.targetList ?? []).map((one) => as(one, 'ResTarget'))
  const column = columns.find((one, index) => index + 1 === number || (called !== undefined && one?.name === called))
  return column?.val ?? node
}

function isValue(node: Node): boolean {
  return as(node, 'A_Const') !== undefined || as(node, 'ParamRef') !== undefined
}

/** An expression as text. */
function comparable(node: Node, comparison: Comparison): string {
  if (comparison === 'values count') return meaningOfTree(node)
  return meaningOfTree(mapNodes(node, (one) => (isValue(one) ? { ParamRef: { number: 0 } } : undefined)))
}

function valuesIn(root: Node | undefined): readonly Value[] {
  const values: Value[] = []
  walk(root, (node) => {
    const value = as(node, 'A_Const') ?? as(node, 'ParamRef')
    if (value !== undefined) values.push(value)
  })
  return values
}
