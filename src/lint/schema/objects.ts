import type { CreateFunction, CreateTrigger, DropObject, RenameObject } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { moveObject } from './move.ts'
import { removeTable } from './tables.ts'
import { removeType } from './types.ts'
import { createdName, removeView } from './views.ts'

export function createFunction(catalogue: Catalogue, fact: CreateFunction): void {
  const name = createdName(catalogue, fact.function, false)
  const overload = fact.replace ? undefined : catalogue.function(name)
  // Of several functions of one name the calls cannot be told apart here: the least predictable one counts.
  const differs = overload !== undefined && overload.volatility !== fact.volatility
  catalogue.putFunction({ name, volatility: differs ? 'volatile' : fact.volatility })
}

export function createTrigger(catalogue: Catalogue, fact: CreateTrigger): void {
  const table = catalogue.table(fact.table)
  if (table === undefined) return
  const trigger = { name: fact.trigger, table: table.name, function: catalogue.resolve(fact.function) }
  catalogue.updateTable(table, { triggers: new Map(table.triggers).set(fact.trigger, trigger) })
}

export function dropObject(catalogue: Catalogue, fact: DropObject): void {
  switch (fact.object) {
    case 'trigger':
      if (fact.table !== undefined)
        removeTriggers(catalogue, catalogue.table(fact.table), (name) => name === fact.name.name)
      return
    case 'schema':
      return removeSchema(catalogue, fact.name.name)
    case 'type':
    case 'domain':
      return removeType(catalogue, catalogue.resolve(fact.name))
    case 'sequence':
      return removeSequence(catalogue, fact.name)
    case 'function':
    case 'procedure':
      return removeFunction(catalogue, fact.name)
    case 'foreign-table': {
      const table = catalogue.table(fact.name)
      if (table !== undefined) removeTable(catalogue, table)
      return
    }
    default:
  }
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

function removeFunction(catalogue: Catalogue, name: Name): void {
  const function_ = catalogue.resolve(name)
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
