import type { Node } from 'libpg-query'
import type { NodeOf } from '../grammar.ts'
import { allOf, as, tagOf } from '../grammar.ts'
import type { Name } from '../../../model/name.ts'
import { relationName, strings } from '../names.ts'
import type { CreateView } from '../../../model/facts/views.ts'
import { outputName } from './output-names.ts'
import { queryParts } from './query-columns.ts'

/**
 * The names of a query's output columns: of the list in front of it where there is one, else of its targets as
 * PostgreSQL names them. Where `*` hides them, the relation that has them if it is the only one; else nothing.
 */
export function viewColumns(
  aliases: readonly Node[] | undefined,
  query: Node | undefined,
): Pick<CreateView, 'columns' | 'copies' | 'query' | 'columnNames'> {
  return { ...namesOf(aliases, query), ...queryParts(aliases, query) }
}

function namesOf(
  aliases: readonly Node[] | undefined,
  query: Node | undefined,
): Pick<CreateView, 'columns' | 'copies'> {
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
    const own = name ?? outputName(val)
    if (own === undefined) return undefined
    names.push(own)
  }
  return names
}

/** The one relation of `SELECT … FROM relation …`; conditions do not matter. */
function onlyRelation(select: NodeOf<'SelectStmt'>): Name | undefined {
  if (select.larg !== undefined || select.valuesLists !== undefined) return undefined
  const [from, ...more] = select.fromClause ?? []
  const relation = as(from, 'RangeVar')
  if (relation === undefined || more.length > 0) return undefined
  const name = relationName(relation)
  // One of WITH is no table.
  const own = allOf(select.withClause?.ctes, 'CommonTableExpr').map(({ ctename }) => ctename)
  return name.schema === undefined && own.includes(name.name) ? undefined : name
}

/** `*`, or `name.*`. */
function isStar(value: Node | undefined): boolean {
  const last = as(value, 'ColumnRef')?.fields?.at(-1)
  return last !== undefined && tagOf(last) === 'A_Star'
}
