import type { RenameColumn } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Column, Constraint, Table, Trigger } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { renameInDependents } from './dependents.ts'
import { keyOf } from './key.ts'

export function renameColumn(catalogue: Catalogue, fact: RenameColumn): void {
  const table = catalogue.table(fact.table)
  if (table === undefined) renameColumnOfView(catalogue, fact.table, fact.column, fact.to)
  else renameColumnOf(catalogue, table, fact.column, fact.to)
}

export function renameColumnOfView(catalogue: Catalogue, name: Name, from: string, to: string): void {
  const view = catalogue.view(name)
  if (view === undefined) return
  const rename = renaming(from, to)
  catalogue.putView({
    ...view,
    columns: view.columns === undefined ? undefined : rename(view.columns),
    columnTypes: view.columnTypes?.map((column) => (column.name === from ? { ...column, name: to } : column)),
  })
  renameInIndexes(catalogue, view.name, rename)
  renameInOthers(catalogue, view.name, rename)
}

type Rename = (names: readonly string[]) => readonly string[]

function renaming(from: string, to: string): Rename {
  return (names) => names.map((name) => (name === from ? to : name))
}

function renameInIndexes(catalogue: Catalogue, relation: Required<Name>, rename: Rename): void {
  for (const index of catalogue.indexesOf(relation)) {
    const { columns, usesColumns, include = [] } = index
    catalogue.putIndex({
      ...index,
      columns: rename(columns),
      usesColumns: rename(usesColumns),
      include: rename(include),
    })
  }
}

function renameColumnOf(catalogue: Catalogue, table: Table, from: string, to: string): void {
  if (!table.columns.has(from)) return
  const rename = renaming(from, to)
  const columns = new Map([...table.columns.values()].map((column) => renamedColumn(column, from, to)))
  const triggers = new Map([...table.triggers].map(([name, own]) => [name, renamedTrigger(own, rename)]))
  const constraints = new Map<string, Constraint>()
  for (const [name, constraint] of table.constraints) {
    const own = constraintWith(constraint, rename)
    const isToItself = own.type === 'foreign-key' && keyOf(catalogue.resolve(own.references)) === keyOf(table.name)
    constraints.set(name, isToItself ? { ...own, referencedColumns: rename(own.referencedColumns) } : own)
  }
  catalogue.updateTable(table, { columns, constraints, triggers })
  renameInIndexes(catalogue, table.name, rename)
  renameInOthers(catalogue, table.name, rename)
  for (const child of catalogue.childrenOf(table)) renameColumnOf(catalogue, child, from, to)
}

function renamedTrigger(trigger: Trigger, rename: Rename): Trigger {
  const { columns, updateOf, when } = trigger
  return {
    ...trigger,
    columns: rename(columns),
    updateOf: rename(updateOf),
    when: when === undefined ? undefined : { ...when, columns: rename(when.columns) },
  }
}

function renamedColumn(column: Column, from: string, to: string): [string, Column] {
  const computedFrom = column.computedFrom?.map((name) => (name === from ? to : name))
  return column.name === from ? [to, { ...column, name: to }] : [column.name, { ...column, computedFrom }]
}

function constraintWith(constraint: Constraint, rename: Rename): Constraint {
  switch (constraint.type) {
    case 'check': {
      const { expression } = constraint
      const columns = rename(expression.columns)
      return {
        ...constraint,
        expression: { ...expression, columns, provesNotNull: rename(expression.provesNotNull) },
      }
    }
    case 'not-null':
      return { ...constraint, column: rename([constraint.column])[0] ?? constraint.column }
    case 'exclude':
      return {
        ...constraint,
        columns: rename(constraint.columns),
        expressionColumns: rename(constraint.expressionColumns ?? []),
        include: rename(constraint.include ?? []),
      }
    case 'foreign-key':
      return { ...constraint, columns: rename(constraint.columns) }
    case 'primary-key':
    case 'unique':
      return { ...constraint, columns: rename(constraint.columns), include: rename(constraint.include ?? []) }
  }
}

/** Foreign keys, views and sequences of other objects that name the column. */
function renameInOthers(catalogue: Catalogue, table: Required<Name>, rename: Rename): void {
  for (const { table: other, constraint } of catalogue.foreignKeysTo(table)) {
    if (constraint.type !== 'foreign-key') continue
    const changed = { ...constraint, referencedColumns: rename(constraint.referencedColumns) }
    catalogue.updateTable(other, { constraints: new Map(other.constraints).set(constraint.name, changed) })
  }
  for (const view of catalogue.viewsOn(table)) {
    const reads = view.reads.map((use) =>
      keyOf(use.table) === keyOf(table) ? { ...use, columns: rename(use.columns) } : use,
    )
    catalogue.putView({ ...view, reads })
  }
  renameInDependents(catalogue, table, rename)
  for (const object of catalogue.objectsOn(table))
    if (object.uses.some((use) => keyOf(use.table) === keyOf(table)))
      catalogue.putObject({
        ...object,
        uses: object.uses.map((use) =>
          keyOf(use.table) === keyOf(table) ? { ...use, columns: rename(use.columns) } : use,
        ),
        ...(object.namedAfter === undefined ? {} : { namedAfter: rename(object.namedAfter) }),
      })
  for (const sequence of catalogue.sequencesOf(table)) {
    const owner = sequence.ownedBy
    const column = rename([owner.column])[0] ?? owner.column
    catalogue.putSequence({ ...sequence, ownedBy: { ...owner, column } })
  }
}
