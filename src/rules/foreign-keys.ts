import type { ForeignKeyConstraint } from '../model/constraint.ts'
import type { FactOf } from '../model/fact.ts'
import type { Name } from '../model/name.ts'
import { constraintsOf } from './constraint-sql.ts'
import type { RuleContext } from './rule.ts'
import { isPrivate, sameName } from './same-name.ts'

/** Kinds of facts that can bring a foreign key. */
export const bringsForeignKeys = ['create-table', 'add-column', 'add-constraint'] as const

/** The foreign keys that a fact brings, inline ones included; `columns` is filled in for those too. */
export function foreignKeysOf(fact: FactOf<(typeof bringsForeignKeys)[number]>): readonly ForeignKeyConstraint[] {
  switch (fact.kind) {
    case 'create-table':
      return constraintsOf(
        [...fact.columns.flatMap(({ constraints }) => constraints), ...fact.constraints],
        'foreign-key',
      )
    case 'add-column':
      return constraintsOf(fact.column.constraints, 'foreign-key')
    case 'add-constraint':
      return constraintsOf([fact.constraint], 'foreign-key')
  }
}

/** The other tables, each once, that other sessions can see and that foreign keys of `table` point at. */
export function visibleParents(
  table: Name,
  keys: readonly ForeignKeyConstraint[],
  context: RuleContext,
): readonly Name[] {
  const parents: Name[] = []
  for (const { references } of keys) {
    const seen = [table, ...parents].some((name) => sameName(context.schema, name, references))
    if (!seen && !isPrivate(references, context)) parents.push(references)
  }
  return parents
}
