import type { ConstraintDefinition } from './constraint.ts'
import type { Fact } from './fact.ts'

/** How many indexes a fact builds on rows that are there; those that it builds anew not among them. */
export function indexesBuilt(fact: Fact): number {
  if (fact.kind === 'create-index') return 1
  if (fact.kind === 'add-constraint') return isNewIndex(fact.constraint) ? 1 : 0
  if (fact.kind !== 'add-column') return 0
  return fact.column.constraints.filter(isNewIndex).length
}

/** Whether a statement builds any index on rows that are there, also one anew. */
export function buildsIndex(facts: readonly Fact[]): boolean {
  return facts.some((fact) => fact.kind === 'reindex' || indexesBuilt(fact) > 0)
}

function isNewIndex(constraint: ConstraintDefinition): boolean {
  if (constraint.type === 'exclude') return true
  return (constraint.type === 'primary-key' || constraint.type === 'unique') && constraint.usingIndex === undefined
}
