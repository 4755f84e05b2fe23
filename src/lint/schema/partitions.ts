import type { ConstraintDefinition } from '../../model/constraint.ts'
import type { AttachPartition, DetachPartition } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { PartitionBound } from '../../model/partition.ts'
import type { Column, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { keepParts } from './keep-parts.ts'
import { withParentsNotNull } from './not-null.ts'
import { setIdentity } from './change-column.ts'
import { putConstraints, putForeignKeyOfParent } from './constraints.ts'
import { ensurePart, isKey } from './keys.ts'
import { sameName } from './key.ts'

/** Makes `child` a partition: it gets the parent's columns, constraints and indexes as far as it lacks them. */
export function followParent(
  catalogue: Catalogue,
  parentName: Required<Name>,
  childName: Required<Name>,
  partitionBound: PartitionBound | undefined,
): void {
  const child = catalogue.table(childName)
  if (child === undefined || isBelow(catalogue, parentName, child)) return
  const parent = catalogue.table(parentName)
  const columns = new Map(parent?.columns)
  for (const [key, column] of parent?.columns ?? [])
    if (parent !== undefined) columns.set(key, forPartition(catalogue, parent, column))
  for (const [key, column] of child.columns)
    columns.set(key, { ...column, identity: column.identity ?? columns.get(key)?.identity })
  catalogue.updateTable(child, { columns, partitionOf: parentName, partitionBound })
  if (parent === undefined) return
  catalogue.updateTable(parent, { partitions: [...parent.partitions, childName] })
  const missing: ConstraintDefinition[] = []
  for (const constraint of parent.constraints.values()) {
    if (isKey(constraint) || constraint.type === 'foreign-key' || child.constraints.has(constraint.name)) continue
    // Rows are looked at when it is attached.
    missing.push({ ...constraint, valid: constraint.enforced })
  }
  putConstraints(catalogue, childName, missing)
  for (const constraint of parent.constraints.values()) {
    const current = constraint.type === 'foreign-key' ? catalogue.table(childName) : undefined
    if (current !== undefined && constraint.type === 'foreign-key')
      putForeignKeyOfParent(catalogue, parent, current, { ...constraint, valid: constraint.enforced })
  }
  for (const index of parent.indexes.values()) ensurePart(catalogue, index, childName, true)
}

/** A column of a parent as a partition has it: before PostgreSQL 17 without its identity. */
export function forPartition(catalogue: Catalogue, parent: Table, column: Column): Column {
  const own = withParentsNotNull(parent, column)
  return catalogue.isBefore(17) ? { ...own, identity: undefined } : own
}

/** Whether a table is another one, or follows it: the server refuses circles, and a walk down one would never end. */
export function isBelow(catalogue: Catalogue, name: Required<Name>, table: Table): boolean {
  return sameName(name, table.name) || catalogue.childrenOf(table).some((child) => isBelow(catalogue, name, child))
}

export function attachPartition(catalogue: Catalogue, fact: AttachPartition): void {
  const child = catalogue.table(fact.partition)
  if (child === undefined) return
  const name = catalogue.resolve(fact.table)
  followParent(catalogue, name, child.name, fact.bound)
  takeNotNulls(catalogue, catalogue.table(name), child.name)
}

/** What its parent has too is no longer the partition's own. */
function takeNotNulls(catalogue: Catalogue, parent: Table | undefined, child: Required<Name>): void {
  for (const { name, notNull } of parent?.columns.values() ?? []) {
    const current = notNull ? catalogue.table(child) : undefined
    if (current !== undefined) catalogue.updateColumn(current, name, { notNullInherited: true })
  }
}

export function detachPartition(catalogue: Catalogue, fact: DetachPartition): void {
  const child = catalogue.table(fact.partition)
  if (child === undefined) return
  leaveParents(catalogue, child)
  for (const index of child.indexes.values())
    if (index.parent !== undefined) catalogue.putIndex({ ...index, parent: undefined })
  const detached = catalogue.updateTable(catalogue.table(child.name) ?? child, {
    partitionOf: undefined,
    partitionBound: undefined,
  })
  for (const column of detached.columns.values())
    loseIdentity(catalogue, catalogue.table(detached.name) ?? detached, column)
  keepParts(catalogue, detached.name)
}

/** The identity of a partition is that of its parent, with the parent's sequence. */
function loseIdentity(catalogue: Catalogue, table: Table, { name: column, identity }: Column): void {
  const isOwn = catalogue
    .sequencesOf(table.name)
    .some(({ ownedBy, ofIdentity }) => ofIdentity && ownedBy.column === column)
  if (identity === undefined || isOwn) return
  setIdentity(catalogue, table, column, undefined)
}

/** Takes a table out of the lists of its parents. */
export function leaveParents(catalogue: Catalogue, child: Table): void {
  for (const parent of catalogue.parentsOf(child.name)) {
    const others = (names: readonly Required<Name>[]): readonly Required<Name>[] =>
      names.filter((name) => !sameName(name, child.name))
    const [partitions, heirs] = [others(parent.partitions), others(parent.heirs)]
    if (partitions.length !== parent.partitions.length || heirs.length !== parent.heirs.length)
      catalogue.updateTable(parent, { partitions, heirs })
  }
}
