import type { ConstraintDefinition, KeyConstraint } from '../../model/constraint.ts'
import type { Constraint, Table } from '../../model/schema.ts'
import { resolvedCalls, resolvedIn } from './calls.ts'
import type { Catalogue } from './catalogue.ts'
import { columnsPart, freeName, freeRelationName } from './chosen-name.ts'

/** A constraint with the name that it has in the server. */
export function named(catalogue: Catalogue, table: Table, definition: ConstraintDefinition): Constraint {
  const name = definition.name ?? chosenName(catalogue, table, definition)
  if (definition.type === 'check')
    return { ...definition, name, expression: resolvedIn(catalogue, definition.expression) }
  if (definition.type === 'exclude' && definition.functions !== undefined)
    return { ...definition, name, functions: resolvedCalls(catalogue, definition.functions) }
  if (definition.type !== 'foreign-key') return { ...definition, name }
  const references = catalogue.resolve(definition.references)
  const referencedColumns =
    definition.referencedColumns.length > 0
      ? definition.referencedColumns
      : primaryKeyColumns(catalogue.table(references) ?? table)
  return { ...definition, name, references, referencedColumns }
}

/** The columns of the primary key; none where there is none. */
export function primaryKeyColumns(table: Table): readonly string[] {
  for (const constraint of table.constraints.values()) {
    if (constraint.type === 'primary-key') return constraint.columns
  }
  return []
}

function chosenName(catalogue: Catalogue, table: Table, definition: ConstraintDefinition): string {
  const { schema, name } = table.name
  const constraintTaken = (candidate: string): boolean => catalogue.constraintNameExists(schema, candidate)
  switch (definition.type) {
    case 'check': {
      const [only, ...others] = definition.expression.columns
      // A table's own name stands for its whole row.
      const isColumn =
        only !== undefined &&
        (table.columns.has(only) || ((table.columns.size === 0 || table.moreColumns === true) && only !== name))
      return freeName(name, others.length === 0 && isColumn ? only : '', 'check', constraintTaken)
    }
    case 'not-null':
      return (
        table.columns.get(definition.column)?.notNullName ??
        freeName(name, definition.column, 'not_null', constraintTaken)
      )
    case 'foreign-key':
      return freeName(name, columnsPart(definition.columns), 'fkey', constraintTaken)
    case 'exclude':
      return freeRelationName(catalogue, {
        schema,
        table: name,
        columns: columnsPart([...(definition.keyNames ?? definition.columns), ...(definition.include ?? [])]),
        label: 'excl',
      })
    case 'primary-key':
    case 'unique':
      return definition.usingIndex ?? chosenKeyName(catalogue, table, definition)
  }
}

function chosenKeyName(catalogue: Catalogue, table: Table, definition: KeyConstraint): string {
  const { schema, name } = table.name
  const isPrimary = definition.type === 'primary-key'
  const columns = isPrimary ? '' : columnsPart([...definition.columns, ...(definition.include ?? [])])
  return freeRelationName(catalogue, { schema, table: name, columns, label: isPrimary ? 'pkey' : 'key' })
}
