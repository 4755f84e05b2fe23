import type { Name } from '../../model/name.ts'
import type { Constraint, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'

/** Whether any of the functions that an expression calls is the one that is asked for. */
export type Calls = (written: readonly string[] | undefined) => boolean

function asName(call: string): Name {
  const dot = call.lastIndexOf('.')
  return dot === -1 ? { name: call } : { schema: call.slice(0, dot), name: call.slice(dot + 1) }
}

/** Whether anything calls it. */
export function isCalled(catalogue: Catalogue, function_: Required<Name>): boolean {
  const calls = callsIn(function_)
  return catalogue.tables().some((table) => callsInTable(table, calls)) || callsElsewhere(catalogue, calls)
}

export function callsIn(function_: Required<Name>): Calls {
  return (written) => written?.some((call) => isThat(asName(call), function_)) === true
}

/** Whether a name, as a call writes it, is that of a function. */
export function isThat(written: Name, function_: Required<Name>): boolean {
  return written.name === function_.name && (written.schema ?? function_.schema) === function_.schema
}

export function callsInTable(table: Table, calls: Calls): boolean {
  return (
    [...table.columns.values()].some(({ default: value, functions }) => calls(value?.functions) || calls(functions)) ||
    [...table.constraints.values()].some((one) => calls(constraintCalls(one))) ||
    [...table.indexes.values()].some(({ functions }) => calls(functions)) ||
    [...table.triggers.values()].some(({ when }) => calls(when?.functions))
  )
}

function callsElsewhere(catalogue: Catalogue, calls: Calls): boolean {
  return (
    catalogue.views().some((view) => calls(view.calls)) ||
    catalogue.dependents().some((dependent) => calls(dependent.calls)) ||
    catalogue.objects().some((object) => calls(object.calls)) ||
    catalogue
      .domains()
      .some(
        ({ constraints, default: value }) =>
          calls(value?.functions) || [...constraints.values()].some(({ functions }) => calls(functions)),
      )
  )
}

/** The functions that a constraint calls. */
export function constraintCalls(constraint: Constraint): readonly string[] {
  if (constraint.type === 'check') return constraint.expression.functions
  return constraint.type === 'exclude' ? (constraint.functions ?? []) : []
}
