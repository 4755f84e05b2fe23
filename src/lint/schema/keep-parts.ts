import type { Name } from '../../model/name.ts'
import type { Column, Constraint, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { sameName } from './key.ts'

/** Of a table that has left a parent: what no other one has is its own from now on. */
export function keepParts(catalogue: Catalogue, name: Required<Name>): void {
  const table = catalogue.table(name)
  if (table === undefined) return
  const parents = catalogue.parentsOf(name).filter((parent) => isParent(parent, name))
  const columns = new Map<string, Column>()
  for (const [key, column] of table.columns) {
    const others = parents.flatMap((parent) => parent.columns.get(key) ?? [])
    columns.set(key, {
      ...column,
      inherited: others.length > 0 && column.inherited,
      notNullInherited: others.some(({ notNull }) => notNull) ? column.notNullInherited : undefined,
    })
  }
  const constraints = new Map<string, Constraint>()
  for (const [key, constraint] of table.constraints) {
    const isOfOther = parents.some((parent) => parent.constraints.get(key)?.type === constraint.type)
    constraints.set(key, { ...constraint, inherited: isOfOther && constraint.inherited })
  }
  catalogue.updateTable(table, { columns, constraints })
}

export function isParent({ partitions, heirs }: Table, child: Required<Name>): boolean {
  return [...partitions, ...heirs].some((name) => sameName(name, child))
}
