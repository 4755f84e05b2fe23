import type { Fact } from '../model/fact.ts'
import type { Name } from '../model/name.ts'
import { sameName } from './same-name.ts'
import type { RuleContext } from './rule.ts'

/** The table of an index or of extended statistics that a statement makes without a name: the server chooses one. */
export function unnamedOn(fact: Fact): Name | undefined {
  if (fact.kind === 'create-index') return fact.index === undefined ? fact.table : undefined
  return isUnnamedStatistics(fact) ? fact.uses?.[0]?.table : undefined
}

/** Whether such a fact is taken back by `downs`: they drop one that was not there before, or its table. */
export function isUnnamedUndone(fact: Fact, downs: readonly Fact[], { schema }: RuleContext): boolean {
  const table = unnamedOn(fact)
  return downs.some((down) => {
    if (down.kind === 'drop-table') return table !== undefined && sameName(schema, down.table, table)
    if (down.kind === 'drop-index') return fact.kind === 'create-index' && schema.index(down.index) === undefined
    const isDrop = down.kind === 'drop-object' && down.object === 'statistics'
    return isDrop && fact.kind === 'create-object' && schema.object('statistics', down.name) === undefined
  })
}

/** Whether `downs` make extended statistics again that the fact drops, and leave their name to the server. */
export function isMadeAgainUnnamed(fact: Fact, downs: readonly Fact[], { schema }: RuleContext): boolean {
  if (fact.kind !== 'drop-object' || fact.object !== 'statistics') return false
  const known = schema.object('statistics', fact.name)
  const table = known?.uses[0]?.table
  return downs.some((down) => {
    const on = isUnnamedStatistics(down) ? down.uses?.[0]?.table : undefined
    if (on === undefined || known === undefined || table === undefined) return on !== undefined
    return sameName(schema, on, table) && namedAfter(down) === known.namedAfter?.join('\0')
  })
}

function isUnnamedStatistics(fact: Fact): fact is Extract<Fact, { readonly kind: 'create-object' }> {
  return fact.kind === 'create-object' && fact.object === 'statistics' && fact.name.name === ''
}

function namedAfter(fact: Fact): string | undefined {
  return fact.kind === 'create-object' ? fact.namedAfter?.join('\0') : undefined
}
