import type { Constraint, Index, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { partOfForeignKey } from './foreign-keys.ts'
import { partsOf } from './index-parts.ts'
import { loseNotNull } from './not-null.ts'

export function removeConstraint(catalogue: Catalogue, table: Table, constraint: Constraint, only = false): void {
  const constraints = new Map(table.constraints)
  constraints.delete(constraint.name)
  const changed = catalogue.updateTable(table, { constraints })
  if (constraint.type === 'not-null') loseNotNull(catalogue, changed, constraint.column, only)
  const index = [...table.indexes.values()].find((candidate) => candidate.constraint === constraint.name)
  if (index !== undefined) {
    catalogue.removeIndex(index.name)
    dropKeysThatNeed(catalogue, changed, constraint)
    removeParts(catalogue, index)
    return
  }
  for (const child of catalogue.childrenOf(changed)) {
    const same = childConstraint(catalogue, child, constraint)
    if (same === undefined) continue
    const others = catalogue.parentsOf(child.name).some((parent) => parent.constraints.has(same.name))
    const goes = child.partitionOf !== undefined || (same.inherited === true && !others)
    if (goes && !only) removeConstraint(catalogue, child, same)
    else if (only) putOwn(catalogue, child, { ...same, inherited: false })
  }
}

function putOwn(catalogue: Catalogue, table: Table, constraint: Constraint): void {
  catalogue.updateTable(table, { constraints: new Map(table.constraints).set(constraint.name, constraint) })
}

/** Removes an index with its parts, which are those of partitions, and the constraints that these enforce. */
export function removeIndexWithParts(catalogue: Catalogue, index: Index): void {
  catalogue.removeIndex(index.name)
  removeParts(catalogue, index)
}

function removeParts(catalogue: Catalogue, index: Index): void {
  for (const part of partsOf(catalogue, index)) {
    const table = catalogue.table(part.table)
    const constraint = part.constraint === undefined ? undefined : table?.constraints.get(part.constraint)
    if (table === undefined || constraint === undefined) removeIndexWithParts(catalogue, part)
    else removeConstraint(catalogue, table, constraint)
  }
}

/** Dropping a key with CASCADE drops the foreign keys that point at it. */
function dropKeysThatNeed(catalogue: Catalogue, table: Table, key: Constraint): void {
  if (key.type !== 'primary-key' && key.type !== 'unique') return
  const columns = [...key.columns].toSorted().join('\0')
  for (const { table: other, constraint } of catalogue.foreignKeysAt(table.name)) {
    if ([...constraint.referencedColumns].toSorted().join('\0') === columns)
      removeConstraint(catalogue, catalogue.table(other.name) ?? other, constraint)
  }
}

function childConstraint(catalogue: Catalogue, child: Table, parent: Constraint): Constraint | undefined {
  if (parent.type === 'foreign-key') return partOfForeignKey(catalogue, child, parent)
  const same = child.constraints.get(parent.name)
  return same?.type === parent.type ? same : undefined
}
