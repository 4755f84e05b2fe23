import type { Node } from 'libpg-query'
import { allOf, as } from '../grammar.ts'
import type { Name } from '../../../model/name.ts'
import { nameOf, strings } from '../names.ts'
import { isStar, onlyRelation } from './copied-columns.ts'

/**
 * The names of a query's output columns: of the list in front of it where there is one, else of its targets as
 * PostgreSQL names them. Where `*` hides them, the relation that has them if it is the only one; else nothing.
 */
export function viewColumns(
  aliases: readonly Node[] | undefined,
  query: Node | undefined,
): { readonly columns?: readonly string[]; readonly copies?: Name } {
  const listed = strings(aliases)
  const copies = listed.length > 0 || query === undefined ? undefined : copiedRelation(query)
  if (copies !== undefined) return { copies }
  const own = query === undefined ? undefined : outputColumns(query)
  if (own === undefined) return listed.length === 0 ? {} : { columns: listed }
  return { columns: own.map((name, index) => listed[index] ?? name) }
}

/** The one relation of `SELECT * FROM relation …`. */
function copiedRelation(query: Node): Name | undefined {
  const select = as(query, 'SelectStmt')
  const [target, ...more] = allOf(select?.targetList, 'ResTarget')
  return select !== undefined && more.length === 0 && isStar(target?.val) ? onlyRelation(select) : undefined
}

function outputColumns(query: Node): readonly string[] | undefined {
  let select = as(query, 'SelectStmt')
  // A UNION takes the names of its first query.
  while (select?.larg !== undefined) select = select.larg
  if (select === undefined) return undefined
  const [firstRow] = allOf(select.valuesLists, 'List')
  if (firstRow !== undefined) return (firstRow.items ?? []).map((_, index) => `column${index + 1}`)
  const names: string[] = []
  for (const { name, val } of allOf(select.targetList, 'ResTarget')) {
    const own = name ?? derivedName(val)
    if (own === undefined) return undefined
    names.push(own)
  }
  return names
}

/** The name that PostgreSQL gives an output column without AS (`FigureColname` in parse_target.c). */
function derivedName(value: Node | undefined): string | undefined {
  const reference = as(value, 'ColumnRef')
  if (reference !== undefined) {
    return isStar(value) ? undefined : strings(reference.fields).at(-1)
  }
  const call = as(value, 'FuncCall')
  if (call !== undefined) return nameOf(strings(call.funcname)).name
  const cast = as(value, 'TypeCast')
  if (cast !== undefined) return castName(derivedName(cast.arg), strings(cast.typeName?.names).at(-1))
  if (as(value, 'CoalesceExpr') !== undefined) return 'coalesce'
  return as(value, 'CaseExpr') === undefined ? '?column?' : 'case'
}

function castName(inner: string | undefined, type: string | undefined): string | undefined {
  return inner === '?column?' ? type : inner
}
