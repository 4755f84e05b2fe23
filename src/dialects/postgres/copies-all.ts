import { aggregateFunctions } from './aggregates.ts'
import type { NodeOf } from './grammar.ts'
import { as, walk } from './grammar.ts'
import { strings } from './names.ts'

/** Each row that the query reads becomes a row of its answer, as far as its words show. */
export function copiesAll(query: NodeOf<'SelectStmt'> | undefined): boolean {
  if (query === undefined) return false
  if (query.larg !== undefined || query.rarg !== undefined) return copiesAll(query.larg) || copiesAll(query.rarg)
  const { fromClause, whereClause, havingClause, limitCount, groupClause, distinctClause } = query
  if ((fromClause ?? []).length === 0 || whereClause !== undefined || limitCount !== undefined) return false
  if (havingClause !== undefined || (groupClause ?? []).length > 0 || distinctClause !== undefined) return false
  return !aggregates(query.targetList)
}

function aggregates(targets: NodeOf<'SelectStmt'>['targetList']): boolean {
  let found = false
  walk(targets, (node, tag) => {
    if (tag === 'SubLink') return false
    const call = as(node, 'FuncCall')
    if (call !== undefined && call.over === undefined)
      found ||= aggregateFunctions.has(strings(call.funcname).at(-1) ?? '')
    return !found
  })
  return found
}
