import type { ForeignKeyConstraint } from '../model/constraint.ts'
import type { Name } from '../model/name.ts'
import type { RuleContext } from './rule.ts'
import { isPrivate, sameName } from './same-name.ts'

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
