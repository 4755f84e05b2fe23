import type { ConstraintDefinition } from '../model/constraint.ts'
import type { Fact } from '../model/fact.ts'
import type { Constraint } from '../model/schema.ts'
import { constraintsOf } from './constraint-sql.ts'
import type { RuleContext } from './rule.ts'

/** Kinds of facts that can bring constraints of tables. */
export const bringsConstraints = ['create-table', 'add-column', 'add-constraint'] as const

/** The constraints that a fact brings, those that stand inline on columns first; none for other kinds of facts. */
export function broughtConstraints(fact: Fact): readonly ConstraintDefinition[] {
  switch (fact.kind) {
    case 'create-table':
      return [...fact.columns.flatMap(({ constraints }) => constraints), ...fact.constraints]
    case 'add-column':
      return fact.column.constraints
    case 'add-constraint':
      return [fact.constraint]
    default:
      return []
  }
}

/** The same, of one type. */
export function broughtOf<T extends ConstraintDefinition['type']>(
  fact: Fact,
  type: T,
): readonly (ConstraintDefinition & { readonly type: T })[] {
  return constraintsOf(broughtConstraints(fact), type)
}

/** Whether this section brought the constraint itself, so that no running version relies on it. */
export function addedHere(constraint: Constraint, context: RuleContext): boolean {
  return context.statements.some((statement) => addedBy(constraint, statement.facts))
}

/** Whether one of the facts brought the constraint: the schema keeps the very place where it was written. */
export function addedBy(constraint: Constraint, facts: readonly Fact[]): boolean {
  return facts.some((fact) => broughtConstraints(fact).some(({ span }) => span === constraint.span))
}
