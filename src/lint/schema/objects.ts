import type {
  CreateFunction,
  CreatePolicy,
  CreateTrigger,
  DropObject,
  Grant,
  RenameObject,
  SetTriggerState,
} from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Dependent, FunctionSignature, Table, Trigger } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { noteDependent } from './dependents.ts'
import { moveObject } from './move.ts'
import { removeTable } from './tables.ts'
import { removeType } from './types.ts'
import { createdName, removeView } from './views.ts'

export function createFunction(catalogue: Catalogue, fact: CreateFunction): void {
  const name = createdName(catalogue, fact.function, false)
  const { argumentTypes, argumentNames, defaults, variadic, returns, volatility, words } = fact
  const others = (catalogue.function(name)?.signatures ?? []).filter((other) => !sameTypes(other, argumentTypes))
  const own = { argumentTypes, argumentNames, defaults, variadic, returns, volatility, words }
  putSignatures(catalogue, name, [...others, own])
  noteDependent(catalogue, { kind: 'function', name, table: undefined }, fact)
}

function putSignatures(catalogue: Catalogue, name: Required<Name>, signatures: readonly FunctionSignature[]): void {
  const [first] = signatures
  if (first === undefined) return
  const same = signatures.every(({ volatility }) => volatility === first.volatility)
  catalogue.putFunction({ name, volatility: same ? first.volatility : 'volatile', signatures })
}

function sameTypes({ argumentTypes }: FunctionSignature, types: readonly string[]): boolean {
  return argumentTypes.length === types.length && argumentTypes.every((type, index) => type === types[index])
}

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
    if (view !== undefined) catalogue.putView({ ...view, triggers: [...new Set([...view.triggers, fact.trigger])] })
    return
  }
  const { timing, events, rowLevel, columns = [], updateOf = [], when } = fact
  const trigger: Trigger = {
    name: fact.trigger,
    table: table.name,
    function: catalogue.resolve(fact.function),
    timing,
    events,
    rowLevel,
    columns,
    updateOf,
    when: when === undefined ? undefined : { columns: when.columns, functions: when.functions },
    fires: 'origin',
  }
  catalogue.updateTable(table, { triggers: new Map(table.triggers).set(fact.trigger, trigger) })
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

export function dropObject(catalogue: Catalogue, fact: DropObject): void {
  forgetDependent(catalogue, fact)
  switch (fact.object) {
    case 'trigger':
      if (fact.table !== undefined)
        removeTriggers(catalogue, catalogue.table(fact.table), (name) => name === fact.name.name)
      return
    case 'policy':
      return fact.table === undefined ? undefined : removePolicy(catalogue, fact.table, fact.name.name)
    case 'publication':
      return catalogue.removePublication(fact.name.name)
    case 'schema':
      return removeSchema(catalogue, fact.name.name)
    case 'type':
    case 'domain':
      return removeType(catalogue, catalogue.resolve(fact.name))
    case 'sequence':
      return removeSequence(catalogue, fact.name)
    case 'function':
    case 'procedure':
      return removeFunction(catalogue, fact.name, fact.argumentTypes)
    case 'foreign-table': {
      const table = catalogue.table(fact.name)
      if (table !== undefined) removeTable(catalogue, table)
      return
    }
    default:
  }
}

const dependentKinds: ReadonlyMap<string, Dependent['kind']> = new Map([
  ['policy', 'policy'],
  ['rule', 'rule'],
  ['publication', 'publication'],
  ['function', 'function'],
  ['procedure', 'function'],
])

function forgetDependent(catalogue: Catalogue, fact: DropObject): void {
  const kind = dependentKinds.get(fact.object)
  if (kind === undefined) return
  const table = fact.table === undefined ? undefined : catalogue.resolve(fact.table)
  const name = kind === 'function' ? catalogue.resolve(fact.name) : { name: fact.name.name }
  catalogue.removeDependent({ kind, name, table })
}

function removeTriggers(
  catalogue: Catalogue,
  table: Table | undefined,
  goes: (name: string, function_: Name) => boolean,
): void {
  if (table === undefined) return
  const kept = [...table.triggers].filter(([name, trigger]) => !goes(name, trigger.function))
  if (kept.length < table.triggers.size) catalogue.updateTable(table, { triggers: new Map(kept) })
}

function removeSequence(catalogue: Catalogue, name: Name): void {
  const sequence = catalogue.sequence(name)
  if (sequence !== undefined) catalogue.removeSequence(sequence.name)
}

function removePolicy(catalogue: Catalogue, name: Name, policy: string): void {
  const table = catalogue.table(name)
  if (table === undefined || !table.policies.has(policy)) return
  catalogue.updateTable(table, { policies: new Set([...table.policies].filter((other) => other !== policy)) })
}

/** Of several functions of one name the one with these arguments; all where the arguments are not given. */
function removeFunction(catalogue: Catalogue, name: Name, argumentTypes?: readonly string[]): void {
  const function_ = catalogue.resolve(name)
  const signatures = catalogue.function(function_)?.signatures ?? []
  const kept =
    argumentTypes === undefined || signatures.length < 2
      ? []
      : signatures.filter((signature) => !sameTypes(signature, argumentTypes))
  if (kept.length > 0) return putSignatures(catalogue, function_, kept)
  catalogue.removeFunction(function_)
  const called = (candidate: Name): boolean =>
    candidate.name === function_.name && (candidate.schema ?? function_.schema) === function_.schema
  for (const table of catalogue.tablesCalling(function_.name))
    removeTriggers(catalogue, table, (_, candidate) => called(candidate))
}

function removeSchema(catalogue: Catalogue, schema: string): void {
  for (const table of catalogue.tables()) {
    const current = table.name.schema === schema ? catalogue.table(table.name) : undefined
    if (current !== undefined) removeTable(catalogue, current)
  }
  for (const view of catalogue.views()) if (view.name.schema === schema) removeView(catalogue, view)
  for (const { name } of catalogue.sequences()) if (name.schema === schema) catalogue.removeSequence(name)
  for (const { name } of catalogue.enumTypes()) if (name.schema === schema) removeType(catalogue, name)
  for (const { name } of catalogue.domains()) if (name.schema === schema) removeType(catalogue, name)
  for (const { name } of catalogue.functions()) if (name.schema === schema) removeFunction(catalogue, name)
}

export function renameObject(catalogue: Catalogue, fact: RenameObject): void {
  if (fact.object === 'schema') return renameSchema(catalogue, fact.name.name, fact.to)
  if (fact.object === 'trigger') return renameTrigger(catalogue, fact)
  if (fact.object === 'column') return renameViewColumn(catalogue, fact)
  const movable = [
    'view',
    'materialized-view',
    'index',
    'sequence',
    'type',
    'domain',
    'function',
    'procedure',
    'foreign-table',
  ]
  if (!movable.includes(fact.object)) return
  const from = catalogue.resolve(fact.name)
  moveObject(catalogue, from, { ...from, name: fact.to })
}

function renameTrigger(catalogue: Catalogue, fact: RenameObject): void {
  const table = fact.table === undefined ? undefined : catalogue.table(fact.table)
  const trigger = table?.triggers.get(fact.name.name)
  if (table === undefined || trigger === undefined) return
  const triggers = new Map(table.triggers)
  triggers.delete(trigger.name)
  catalogue.updateTable(table, { triggers: triggers.set(fact.to, { ...trigger, name: fact.to }) })
}

function renameViewColumn(catalogue: Catalogue, fact: RenameObject): void {
  const view = fact.table === undefined ? undefined : catalogue.view(fact.table)
  if (view?.columns === undefined) return
  catalogue.putView({ ...view, columns: view.columns.map((name) => (name === fact.name.name ? fact.to : name)) })
}

function renameSchema(catalogue: Catalogue, schema: string, to: string): void {
  const objects = [
    ...catalogue.tables(),
    ...catalogue.views(),
    ...catalogue.sequences(),
    ...catalogue.enumTypes(),
    ...catalogue.domains(),
    ...catalogue.functions(),
  ]
  for (const { name } of objects) {
    if (name.schema === schema) moveObject(catalogue, name, { schema: to, name: name.name })
  }
}
