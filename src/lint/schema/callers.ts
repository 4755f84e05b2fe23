import type { Name } from '../../model/name.ts'
import type { Dependent, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { removeColumn } from './columns.ts'
import { removeConstraint } from './remove-constraints.ts'
import { removeDependent } from './dependents.ts'
import { removeTriggers } from './triggers.ts'
import { removeType } from './types.ts'
import { removeView } from './views.ts'
import { callsIn, callsInTable, constraintCalls, isCalled, isThat } from './who-calls.ts'
import type { Calls } from './who-calls.ts'

/**
 * What CASCADE takes along with a function: triggers, and whatever has an expression that calls it. Where others of its
 * name stay, nobody knows here which of them an expression calls.
 */
export function removeCallers(
  catalogue: Catalogue,
  function_: Required<Name>,
  argumentTypes: readonly string[] | undefined,
): void {
  // The function of a trigger has no arguments.
  if (argumentTypes === undefined || argumentTypes.length === 0)
    for (const table of catalogue.tablesCalling(function_.name))
      removeTriggers(catalogue, table, (_, { function: called }) => isThat(called, function_))
  if (catalogue.function(function_) === undefined) return removeExpressions(catalogue, callsIn(function_))
  if (isCalled(catalogue, function_)) catalogue.complete = false
}

function removeExpressions(catalogue: Catalogue, calls: Calls): void {
  for (const table of catalogue.tables()) if (callsInTable(table, calls)) removeInTable(catalogue, table, calls)
  for (const view of catalogue.views())
    if (calls(view.calls) && catalogue.view(view.name) !== undefined) removeView(catalogue, view)
  for (const dependent of catalogue.dependents()) if (calls(dependent.calls)) removeCaller(catalogue, dependent)
  for (const object of catalogue.objects()) if (calls(object.calls)) catalogue.removeObject(object)
  for (const domain of catalogue.domains()) {
    const constraints = new Map([...domain.constraints].filter(([, { functions }]) => !calls(functions)))
    // A domain goes with what its default calls.
    if (calls(domain.default?.functions)) removeType(catalogue, domain.name, true)
    else if (constraints.size < domain.constraints.size) catalogue.putDomain({ ...domain, constraints })
  }
}

/** Of a publication only the table with the condition goes, and a column list is none. */
function removeCaller(catalogue: Catalogue, dependent: Dependent): void {
  if (dependent.kind === 'publication') catalogue.complete = false
  else removeDependent(catalogue, dependent)
}

function removeInTable(catalogue: Catalogue, { name, columns, constraints, indexes }: Table, calls: Calls): void {
  const current = (): Table | undefined => catalogue.table(name)
  for (const column of columns.values()) {
    const table = current()
    if (table === undefined || !table.columns.has(column.name)) continue
    if (calls(column.functions)) removeColumn(catalogue, table, column.name)
    else if (calls(column.default?.functions)) catalogue.updateColumn(table, column.name, { default: undefined })
  }
  for (const constraint of constraints.values()) {
    const table = current()
    if (calls(constraintCalls(constraint)) && table?.constraints.has(constraint.name) === true)
      removeConstraint(catalogue, table, constraint)
  }
  for (const index of indexes.values()) if (calls(index.functions)) catalogue.removeIndex(index.name)
  const table = current()
  if (table === undefined) return
  const triggers = new Map([...table.triggers].filter(([, { when }]) => !calls(when?.functions)))
  if (triggers.size < table.triggers.size) catalogue.updateTable(table, { triggers })
}
