import type { Node } from 'libpg-query'
import type { Name } from '../../../model/name.ts'
import type { CreateTableAs } from '../../../model/facts/tables.ts'
import type { NodeOf } from '../grammar.ts'
import { allOf, as, tagOf } from '../grammar.ts'
import { relationName, strings } from '../names.ts'

/** Where the columns of a table come from that a query makes; nothing where they are more than those of one relation. */
export function copiedColumns(
  listed: readonly Node[] | undefined,
  query: Node | undefined,
): Pick<CreateTableAs, 'copies' | 'copied'> {
  const select = as(query, 'SelectStmt')
  const copies = select === undefined ? undefined : onlyRelation(select)
  if (copies === undefined) return {}
  const names = strings(listed)
  const targets = allOf(select?.targetList, 'ResTarget')
  if (targets.length === 1 && isStar(targets[0]?.val))
    return names.length === 0 ? { copies } : { copies, copied: { names } }
  const columns = targets.map(({ val }) => strings(as(val, 'ColumnRef')?.fields).at(-1))
  if (columns.some((column) => column === undefined) || targets.some(({ val }) => isStar(val))) return {}
  return {
    copies,
    copied: {
      columns: columns.filter((column) => column !== undefined),
      names: targets.map(({ name }, at) => names[at] ?? name ?? columns[at] ?? ''),
    },
  }
}

/** The one relation of `SELECT … FROM relation …`; conditions do not matter. */
export function onlyRelation(select: NodeOf<'SelectStmt'>): Name | undefined {
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
export function isStar(value: Node | undefined): boolean {
  const last = as(value, 'ColumnRef')?.fields?.at(-1)
  return last !== undefined && tagOf(last) === 'A_Star'
}
