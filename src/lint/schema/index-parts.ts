import type { Name } from '../../model/name.ts'
import type { Constraint, Index, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { sameName } from './key.ts'

/** The indexes of partitions that are parts of one. */
export function partsOf(catalogue: Catalogue, { name, table }: Pick<Index, 'name' | 'table'>): readonly Index[] {
  return (catalogue.table(table)?.partitions ?? []).flatMap((partition) =>
    catalogue.indexesOf(partition).filter(({ parent }) => parent !== undefined && sameName(parent, name)),
  )
}

/** An index that is there becomes a part of one of the parent; its constraint one of that one's. */
export function attachIndex(catalogue: Catalogue, parent: Index, index: Index): void {
  catalogue.putIndex({ ...index, parent: parent.name })
  const table = catalogue.table(index.table)
  const constraint = index.constraint === undefined ? undefined : table?.constraints.get(index.constraint)
  if (table === undefined || constraint === undefined || parent.constraint === undefined) return
  const constraints = new Map(table.constraints).set(constraint.name, { ...constraint, inherited: true })
  catalogue.updateTable(table, { constraints })
}

/** Parts of an index go on being its parts under its new name. */
export function followIndex(catalogue: Catalogue, index: Pick<Index, 'name' | 'table'>, to: Required<Name>): void {
  for (const part of partsOf(catalogue, index)) catalogue.putIndex({ ...part, parent: to })
}

export function renameConstraintOf(catalogue: Catalogue, table: Table, constraint: Constraint, to: string): void {
  const constraints = new Map<string, Constraint>()
  for (const [name, other] of table.constraints) {
    if (name === constraint.name) constraints.set(to, { ...constraint, name: to })
    else constraints.set(name, other)
  }
  catalogue.updateTable(table, { constraints })
}
