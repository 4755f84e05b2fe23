import type { ConstraintDefinition } from '../../model/constraint.ts'

/** The columns of its own table that a constraint needs. */
export function constraintColumns(constraint: ConstraintDefinition): readonly string[] {
  switch (constraint.type) {
    case 'check':
      return constraint.expression.columns
    case 'not-null':
      return [constraint.column]
    case 'exclude':
      return [
        ...constraint.columns.filter((column) => column !== ''),
        ...(constraint.expressionColumns ?? []),
        ...(constraint.include ?? []),
      ]
    case 'foreign-key':
      return constraint.columns
    case 'primary-key':
    case 'unique':
      return [...constraint.columns, ...(constraint.include ?? [])]
  }
}
