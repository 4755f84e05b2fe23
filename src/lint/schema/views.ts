import type { CreateView, DropView } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { View, ViewUse } from '../../model/schema.ts'
import { resolvedCalls } from './calls.ts'
import type { Catalogue } from './catalogue.ts'
import { removeDependentsOn } from './dependents.ts'
import { sameName, temporarySchema } from './key.ts'
import { followObjectTables, removeObjectsOn } from './needs.ts'
import { resolvedUses } from './resolved-uses.ts'
import type { ResolvedUse } from './resolved-uses.ts'
import { columnsOfQuery } from './query-columns.ts'
import { followType } from './follow-type.ts'

export function createView(catalogue: Catalogue, fact: CreateView): void {
  const name = createdName(catalogue, fact.view, fact.temporary || readsTemporary(catalogue, fact))
  if (fact.ifNotExists && catalogue.relationExists(name)) return
  const columnTypes = columnsOfQuery(catalogue, fact.query, fact.columnNames)
  // What is replaced keeps its rights and triggers; where it cannot be replaced, nothing is there before.
  const before = catalogue.view(name)
  catalogue.putView({
    name,
    materialized: fact.materialized,
    reads: [
      ...resolvedUses(catalogue, fact.reads).map((use) => spelledOut(catalogue, use, fact)),
      ...namedByConstants(catalogue, fact),
    ],
    calls: resolvedCalls(catalogue, fact.calls ?? []),
    types: (fact.types ?? []).map((type) => catalogue.resolve(type, 'type')),
    columns: columnTypes?.map((column) => column.name) ?? outputColumns(catalogue, fact),
    ...(columnTypes === undefined ? {} : { columnTypes }),
    grantees: before?.grantees ?? [],
    triggers: before?.triggers ?? [],
  })
}

/** Views that were told before what they read: the types of their columns are known by now, or stay unknown. */
export function settleViewTypes(catalogue: Catalogue, facts: readonly CreateView[]): void {
  let [before, told] = [-1, 0]
  while (told > before) {
    before = told
    told = facts.reduce((sum, fact) => sum + typesTold(catalogue, fact), 0)
  }
}

/** Tells a view again; the answer is how many of its columns have a type. */
function typesTold(catalogue: Catalogue, fact: CreateView): number {
  const view = catalogue.view(fact.view)
  const columnTypes = view === undefined ? undefined : columnsOfQuery(catalogue, fact.query, fact.columnNames)
  if (view === undefined || columnTypes === undefined) return 0
  catalogue.putView({ ...view, columns: columnTypes.map(({ name }) => name), columnTypes })
  return columnTypes.filter(({ type }) => type !== undefined).length
}

/** As what it reads without naming a column. */
function namedByConstants(catalogue: Catalogue, { namedByConstants: names = [] }: CreateView): readonly ViewUse[] {
  return names.map((name) => ({
    table: catalogue.resolve(name, 'relation'),
    columns: [],
    star: false,
    spelledOut: false,
  }))
}

/** A view of what is temporary is temporary itself. */
function readsTemporary(catalogue: Catalogue, { view, reads }: CreateView): boolean {
  if (view.schema !== undefined) return false
  return reads.some(({ table }) => catalogue.resolve(table, 'relation').schema === temporarySchema)
}

/** `SELECT *` has the columns that the relation has at that moment. */
function outputColumns(catalogue: Catalogue, fact: CreateView): readonly string[] | undefined {
  if (fact.copies === undefined) return fact.columns
  const table = catalogue.table(fact.copies)
  if (table !== undefined)
    return table.columns.size === 0 || table.moreColumns === true ? undefined : [...table.columns.keys()]
  return catalogue.view(fact.copies)?.columns
}

/** Where a statement that creates `name` puts it. */
export function createdName(catalogue: Catalogue, name: Name, temporary: boolean): Required<Name> {
  const schema = name.schema ?? (temporary ? temporarySchema : catalogue.creationSchema())
  return { schema, name: name.name }
}

/** `*` means the columns of that moment: the server spells it out when the view is created. */
function spelledOut(catalogue: Catalogue, use: ResolvedUse, fact: CreateView): ViewUse {
  const table = catalogue.table(use.table)
  const known = { ...use, spelledOut: use.star && fact.columns === undefined }
  if (!use.star || table === undefined || table.columns.size === 0 || table.moreColumns === true) return known
  return { ...known, columns: [...table.columns.keys()], star: false }
}

export function dropView(catalogue: Catalogue, fact: DropView): void {
  const view = catalogue.view(fact.view)
  if (view !== undefined) removeView(catalogue, view)
}

/** Removes a view, its indexes, and the views that read it. */
export function removeView(catalogue: Catalogue, view: View): void {
  catalogue.removeView(view.name)
  for (const index of catalogue.indexesOf(view.name)) catalogue.removeIndex(index.name)
  removeViewsOn(catalogue, view.name)
  removeDependentsOn(catalogue, view.name)
  removeObjectsOn(catalogue, view.name)
  catalogue.noteGone({ object: 'type', name: view.name }, true)
}

/** Removes the views that read a relation, or one column of it: the server does so with CASCADE, or refuses. */
export function removeViewsOn(catalogue: Catalogue, relation: Required<Name>, column?: string): void {
  for (const view of catalogue.viewsOn(relation, column)) {
    removeView(catalogue, view)
  }
}

export function moveView(catalogue: Catalogue, view: View, to: Required<Name>): void {
  catalogue.carryAge(view.name, to)
  catalogue.removeView(view.name)
  catalogue.putView({ ...view, name: to })
  for (const index of catalogue.indexesOf(view.name)) {
    const name = { schema: to.schema, name: index.name.name }
    catalogue.carryAge(index.name, name)
    if (name.schema !== index.name.schema) catalogue.removeIndex(index.name)
    catalogue.putIndex({ ...index, name, table: to })
  }
  followRelation(catalogue, view.name, to)
  followType(catalogue, view.name, to)
  followObjectTables(catalogue, view.name, to)
}

/** Views go on reading a relation under its new name. */
export function followRelation(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  for (const view of catalogue.viewsOn(from)) {
    const reads = view.reads.map((use) => (sameName(use.table, from) ? { ...use, table: to } : use))
    catalogue.putView({ ...view, reads })
  }
}
