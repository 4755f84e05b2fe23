import type { Name } from '../model/name.ts'
import type { RuleContext } from './rule.ts'
import { sameName } from './same-name.ts'

/** Whether a later statement of this migration renews the statistics of the table, by its name or with all tables. */
export function isAnalyzed(table: Name, { later, schema }: RuleContext): boolean {
  return later.some((fact) => {
    if (fact.kind !== 'analyze') return false
    return fact.tables.length === 0 || fact.tables.some((name) => sameName(schema, name, table))
  })
}
