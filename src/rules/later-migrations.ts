import type { Name } from '../model/name.ts'
import type { RuleContext, TableFact } from './rule.ts'
import { sameName } from './same-name.ts'

/**
 * What later migrations do to this very table. Renamed tables are not followed. `words`: names without which what a
 * migration does is of no interest.
 */
export function laterOnTable(table: Name, context: RuleContext, words: readonly string[] = []): readonly TableFact[] {
  return context.history.laterOnTable(table.name, words).filter((fact) => sameName(context.schema, fact.table, table))
}
