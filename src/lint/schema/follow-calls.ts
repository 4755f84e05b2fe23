import type { Constraint, Table } from '../../model/schema.ts'
import type { Name } from '../../model/name.ts'
import type { Catalogue } from './catalogue.ts'
import { constraintCalls } from './who-calls.ts'

type Names = readonly string[]
type Follow = (calls: Names) => Names

/** Expressions go on calling a function under its new name or schema. */
export function followCalls(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  const isMeant = (call: string): boolean => call === `${from.schema}.${from.name}`
  const follow: Follow = (calls) => calls.map((call) => (isMeant(call) ? `${to.schema}.${to.name}` : call))
  for (const table of catalogue.tables()) followInTable(catalogue, table, isMeant, follow)
  for (const index of catalogue.indexes())
    if (index.functions?.some(isMeant) === true) catalogue.putIndex({ ...index, functions: follow(index.functions) })
  for (const view of catalogue.views())
    if (view.calls.some(isMeant)) catalogue.putView({ ...view, calls: follow(view.calls) })
  for (const dependent of catalogue.dependents())
    if (dependent.calls.some(isMeant)) catalogue.putDependent({ ...dependent, calls: follow(dependent.calls) })
  for (const object of catalogue.objects())
    if (object.calls.some(isMeant)) catalogue.putObject({ ...object, calls: follow(object.calls) })
  for (const domain of catalogue.domains())
    catalogue.putDomain({
      ...domain,
      default: inExpression(domain.default, follow),
      constraints: mapped(domain.constraints, (one) => inExpression(one, follow)),
    })
}

function followInTable(catalogue: Catalogue, table: Table, isMeant: (call: string) => boolean, follow: Follow): void {
  if (!callsOf(table).some(isMeant)) return
  catalogue.updateTable(table, {
    columns: mapped(table.columns, (column) => ({
      ...column,
      default: inExpression(column.default, follow),
      functions: column.functions === undefined ? undefined : follow(column.functions),
    })),
    constraints: mapped(table.constraints, (one) => inConstraint(one, follow)),
    triggers: mapped(table.triggers, (trigger) => ({ ...trigger, when: inExpression(trigger.when, follow) })),
  })
}

/** What the expressions of a table call, but those of its indexes. */
function callsOf({ columns, constraints, triggers }: Table): Names {
  return [
    ...[...columns.values()].flatMap((column) => [...(column.default?.functions ?? []), ...(column.functions ?? [])]),
    ...[...constraints.values()].flatMap(constraintCalls),
    ...[...triggers.values()].flatMap(({ when }) => when?.functions ?? []),
  ]
}

function inConstraint(constraint: Constraint, follow: Follow): Constraint {
  if (constraint.type === 'check') return { ...constraint, expression: inExpression(constraint.expression, follow) }
  if (constraint.type !== 'exclude' || constraint.functions === undefined) return constraint
  return { ...constraint, functions: follow(constraint.functions) }
}

function inExpression<Part extends { readonly functions: Names } | undefined>(part: Part, follow: Follow): Part {
  return part === undefined ? part : { ...part, functions: follow(part.functions) }
}

function mapped<Value>(map: ReadonlyMap<string, Value>, change: (value: Value) => Value): ReadonlyMap<string, Value> {
  return new Map([...map].map(([key, value]) => [key, change(value)]))
}
