import type { ColumnFact } from '../../model/facts/base.ts'
import type { Column, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'

/** Changes one column of a table and of the tables that follow it. */
export function changeColumn(
  catalogue: Catalogue,
  { table: name, column, only }: Pick<ColumnFact, 'table' | 'column' | 'only'>,
  change: Partial<Column>,
): void {
  const table = catalogue.table(name)
  if (table === undefined) return
  const changed = catalogue.updateColumn(table, column, change)
  if (only === true) return
  for (const child of catalogue.childrenOf(changed)) changeColumn(catalogue, { table: child.name, column }, change)
}

/** Partitions have the identity of their parent (from PostgreSQL 17 on), heirs do not. */
export function setIdentity(catalogue: Catalogue, table: Table, column: string, identity: Column['identity']): void {
  const { partitions } = catalogue.updateColumn(table, column, { identity })
  if (catalogue.isBefore(17)) return
  for (const name of partitions) {
    const partition = catalogue.table(name)
    if (partition !== undefined) setIdentity(catalogue, partition, column, identity)
  }
}
