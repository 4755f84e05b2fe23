import type { AddColumn, DropColumn } from '../../model/fact.ts'
import type { ColumnDefinition } from '../../model/column.ts'
import type { Name } from '../../model/name.ts'
import type { Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { dropSequence } from './named-by-constants.ts'
import { constraintColumns } from './constraint-columns.ts'
import { putConstraints } from './constraints.ts'
import { removeDependentsOn } from './dependents.ts'
import { isParent } from './keep-parts.ts'
import { madeColumn, putOwnedSequence } from './made-column.ts'
import { makeNotNull, nameOfNotNull } from './not-null.ts'
import { removeObjectsOn } from './needs.ts'
import { removeConstraint } from './remove-constraints.ts'
import { removeTriggers } from './triggers.ts'
import { removeViewsOn } from './views.ts'

export function addColumn(catalogue: Catalogue, fact: AddColumn): void {
  const table = catalogue.table(fact.table)
  if (table === undefined || table.columns.has(fact.column.name)) return
  putColumn(catalogue, table, fact.column)
}

function putColumn(catalogue: Catalogue, table: Table, definition: ColumnDefinition, isInherited = false): void {
  const columns = new Map(table.columns).set(definition.name, madeColumn(catalogue, definition))
  catalogue.updateTable(table, { columns })
  // Heirs count with the sequence of their parent.
  if (!isInherited) putOwnedSequence(catalogue, table.name, definition)
  putConstraints(catalogue, table.name, definition.constraints)
  const current = catalogue.table(table.name) ?? table
  const own = current.columns.get(definition.name)
  const notNullName = nameOfNotNull(current, definition.name)
  const inherited = {
    ...definition,
    constraints: [],
    ...(own?.default === undefined ? {} : { default: own.default }),
    ...(notNullName === undefined ? {} : { notNullName }),
  }
  for (const child of catalogue.childrenOf(table)) {
    // One that is there already is the parent's too from now on.
    if (child.columns.has(definition.name)) {
      if (own?.notNull === true) makeNotNull(catalogue, child, definition.name, false, { notNullName })
      continue
    }
    putColumn(catalogue, child, inherited, true)
    const notNullInherited = own?.notNull === true ? { notNullInherited: true } : {}
    catalogue.updateColumn(catalogue.table(child.name) ?? child, definition.name, {
      inherited: true,
      ...notNullInherited,
    })
  }
}

export function dropColumn(catalogue: Catalogue, fact: DropColumn): void {
  const table = catalogue.table(fact.table)
  if (table !== undefined) removeColumn(catalogue, table, fact.column, fact.only)
}

/** Removes a column with everything that cannot be without it. */
export function removeColumn(catalogue: Catalogue, table: Table, column: string, only = false): void {
  const current = (): Table => catalogue.table(table.name) ?? table
  for (const constraint of table.constraints.values()) {
    if (constraintColumns(constraint).includes(column)) removeConstraint(catalogue, current(), constraint)
  }
  for (const index of current().indexes.values()) {
    if (index.usesColumns.includes(column)) catalogue.removeIndex(index.name)
  }
  removeOwnedSequences(catalogue, table.name, column)
  removeTriggers(catalogue, current(), (_, trigger) => trigger.columns.includes(column))
  for (const { name, computedFrom } of table.columns.values())
    if (computedFrom?.includes(column) === true) removeColumn(catalogue, current(), name)
  removeViewsOn(catalogue, table.name, column)
  removeDependentsOn(catalogue, table.name, column)
  removeObjectsOn(catalogue, table.name, column)
  for (const { table: other, constraint } of catalogue.foreignKeysAt(table.name))
    if (constraint.referencedColumns.includes(column)) removeConstraint(catalogue, other, constraint)
  const columns = new Map(current().columns)
  columns.delete(column)
  const changed = catalogue.updateTable(current(), { columns })
  for (const child of catalogue.childrenOf(changed)) removeInherited(catalogue, child, column, only)
}

/** A parent has lost a column: its heirs lose it too, unless it is their own as well, or another parent's. */
function removeInherited(catalogue: Catalogue, child: Table, column: string, only: boolean): void {
  const own = child.columns.get(column)
  if (own === undefined) return
  const others = catalogue
    .parentsOf(child.name)
    .some((parent) => isParent(parent, child.name) && parent.columns.has(column))
  const goes = child.partitionOf !== undefined || (own.inherited === true && !others)
  if (goes && !only) removeColumn(catalogue, child, column)
  else if (only) catalogue.updateColumn(child, column, { inherited: false })
}

export function removeOwnedSequences(catalogue: Catalogue, table: Required<Name>, column?: string): void {
  for (const sequence of catalogue.sequencesOf(table)) {
    if (column === undefined || sequence.ownedBy.column === column) dropSequence(catalogue, sequence.name, true)
  }
}
