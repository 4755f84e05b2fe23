import type { FactKind } from '../model/fact.ts'
import type { Rule } from '../rules/rule.ts'

/** The rules that look at each kind of fact, in the order of the catalogue. */
export type RuleTable = ReadonlyMap<FactKind, readonly Rule[]>

export function rulesByKind(rules: readonly Rule[]): RuleTable {
  const table = new Map<FactKind, Rule[]>()
  for (const rule of rules) {
    for (const kind of rule.looksAt) {
      const list = table.get(kind)
      if (list === undefined) table.set(kind, [rule])
      else list.push(rule)
    }
  }
  return table
}
