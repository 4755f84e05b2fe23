import type { Name } from '../model/name.ts'
import type { RuleContext, TableFact } from './rule.ts'
import { sameName } from './same-name.ts'

/** What later migrations do to this very table. Renamed tables are not followed. */
export function laterOnTable(table: Name, context: RuleContext): readonly TableFact[] {
  return context.history.laterOnTable(table.name).filter((fact) => sameName(context.schema, fact.table, table))
}
