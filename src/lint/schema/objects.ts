import type { CreatePolicy, CreateTrigger, Grant, SetTriggerState } from '../../model/fact.ts'
import type { Trigger, View } from '../../model/schema.ts'
import { resolvedCalls } from './calls.ts'
import type { Catalogue } from './catalogue.ts'
import { noteDependent } from './dependents.ts'

export function createPolicy(catalogue: Catalogue, fact: CreatePolicy): void {
  const table = catalogue.table(fact.table)
  if (table === undefined) return
  catalogue.updateTable(table, { policies: new Set(table.policies).add(fact.policy) })
  noteDependent(catalogue, { kind: 'policy', name: { name: fact.policy }, table: table.name }, fact)
}

/** Who was granted something on a view; what is taken away is not followed. */
export function grant(catalogue: Catalogue, fact: Grant): void {
  if (fact.revoke || fact.object !== 'table' || fact.allInSchema) return
  for (const name of fact.names) {
    const view = catalogue.view(name)
    if (view === undefined) continue
    const grantees = [...new Set([...view.grantees, ...fact.grantees])]
    catalogue.putView({ ...view, grantees })
  }
}

export function createTrigger(catalogue: Catalogue, fact: CreateTrigger): void {
  const table = catalogue.table(fact.table)
  if (table === undefined) {
    const view = catalogue.view(fact.table)
    if (view !== undefined) createViewTrigger(catalogue, view, fact)
    return
  }
  const { timing, events, rowLevel, columns = [], updateOf = [], when } = fact
  const trigger: Trigger = {
    name: fact.trigger,
    table: table.name,
    function: catalogue.resolve(fact.function, 'function'),
    timing,
    events,
    rowLevel,
    columns,
    updateOf,
    when:
      when === undefined ? undefined : { columns: when.columns, functions: resolvedCalls(catalogue, when.functions) },
    fires: 'origin',
  }
  catalogue.updateTable(table, { triggers: new Map(table.triggers).set(fact.trigger, trigger) })
}

function createViewTrigger(catalogue: Catalogue, view: View, { trigger, function: called }: CreateTrigger): void {
  catalogue.putView({ ...view, triggers: [...new Set([...view.triggers, trigger])] })
  const needs = [{ object: 'function', name: catalogue.resolve(called, 'function'), argumentTypes: [] }] as const
  catalogue.putObject({ object: 'trigger', name: { name: trigger }, table: view.name, needs, uses: [], calls: [] })
}

const states = {
  enable: 'origin',
  disable: 'never',
  'enable-replica': 'in replicas',
  'enable-always': 'always',
} as const satisfies Record<SetTriggerState['state'], Trigger['fires']>

/** Triggers of partitions follow that of the partitioned table. */
export function setTriggerState(catalogue: Catalogue, fact: SetTriggerState): void {
  const table = catalogue.table(fact.table)
  if (table === undefined) return
  const fires = states[fact.state]
  const changed = [...table.triggers].map(([name, trigger]): [string, Trigger] => [
    name,
    fact.trigger === undefined || fact.trigger === name ? { ...trigger, fires } : trigger,
  ])
  catalogue.updateTable(table, { triggers: new Map(changed) })
}
