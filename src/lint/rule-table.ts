import type { FactKind } from '../model/fact.ts'
import type { Direction } from '../model/migration.ts'
import type { OptionValues, Rule } from '../rules/rule.ts'

/** A rule with the values that its options have in this run. */
export interface AskedRule {
  readonly rule: Rule
  readonly options: OptionValues
}

/** The rules that look at each kind of fact in a direction, in the order of the catalogue. */
export type RuleTables = Readonly<Record<Direction, ReadonlyMap<FactKind, readonly AskedRule[]>>>

/** Values of options by rule and name; what is absent has its default. */
export type RuleSettings = Readonly<Record<string, OptionValues>>

export function rulesByKind(rules: readonly Rule[], settings: RuleSettings): RuleTables {
  const asked = rules.map((rule) => ({ rule, options: { ...defaultsOf(rule), ...settings[rule.id] } }))
  return { up: tableOf(asked, 'up'), down: tableOf(asked, 'down') }
}

function tableOf(asked: readonly AskedRule[], direction: Direction): ReadonlyMap<FactKind, readonly AskedRule[]> {
  const table = new Map<FactKind, AskedRule[]>()
  for (const entry of asked) {
    if ((entry.rule.direction ?? direction) !== direction) continue
    for (const kind of entry.rule.looksAt) {
      const list = table.get(kind)
      if (list === undefined) table.set(kind, [entry])
      else list.push(entry)
    }
  }
  return table
}

function defaultsOf({ options = {} }: Rule): OptionValues {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default]))
}
