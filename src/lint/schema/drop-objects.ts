import type { DropObject } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Catalogue } from './catalogue.ts'
import { dropSequence } from './named-by-constants.ts'
import { removeDependent, removePolicy } from './dependents.ts'
import { settle } from './cascade.ts'
import { temporarySchema } from './key.ts'
import { dropNamed, removeNamed } from './named-objects.ts'
import { dropFunction, functionMeant } from './signatures.ts'
import { removeTable } from './tables.ts'
import { removeTriggers } from './triggers.ts'
import { removeType } from './types.ts'
import { removeView } from './views.ts'

export function dropObject(catalogue: Catalogue, fact: DropObject): void {
  const { object, name, table, cascade } = fact
  switch (object) {
    case 'trigger':
      return dropTrigger(catalogue, fact)
    case 'policy':
      return table === undefined ? undefined : removePolicy(catalogue, catalogue.resolve(table, 'relation'), name.name)
    case 'rule':
      dropNamed(catalogue, fact)
      if (table !== undefined)
        catalogue.removeDependent({ kind: 'rule', name, table: catalogue.resolve(table, 'relation') })
      return
    case 'publication':
      removeDependent(catalogue, { kind: 'publication', name: { name: name.name }, table: undefined })
      return catalogue.removePublication(name.name)
    case 'schema':
      dropNamed(catalogue, fact)
      catalogue.noteGone({ object: 'schema', name: { name: name.name } }, cascade)
      catalogue.noteSchema(name.name, false)
      return removeSchema(catalogue, name.name)
    case 'type':
    case 'domain':
      return removeType(catalogue, catalogue.resolve(name, 'type'), cascade)
    case 'sequence': {
      const sequence = catalogue.sequence(name)
      return sequence === undefined ? undefined : dropSequence(catalogue, sequence.name, cascade)
    }
    case 'function':
    case 'procedure':
      return dropRoutine(catalogue, fact)
    case 'foreign-table': {
      const known = catalogue.table(name)
      return known === undefined ? undefined : removeTable(catalogue, known)
    }
    default:
      dropNamed(catalogue, fact)
  }
}

/** DROP ROUTINE takes aggregates too. */
function dropRoutine(catalogue: Catalogue, fact: DropObject): void {
  const kind = fact.object === 'procedure' ? 'procedure' : 'function'
  if (functionMeant(catalogue, fact.name, fact.argumentTypes, kind) === undefined)
    dropNamed(catalogue, { ...fact, object: 'aggregate' })
  else dropFunction(catalogue, fact.name, fact.argumentTypes, fact.cascade, kind)
}

function dropTrigger(catalogue: Catalogue, fact: DropObject): void {
  if (fact.table === undefined) return
  const table = catalogue.table(fact.table)
  const view = catalogue.view(fact.table)
  if (table !== undefined) removeTriggers(catalogue, table, (name) => name === fact.name.name)
  if (view === undefined) return
  catalogue.putView({ ...view, triggers: view.triggers.filter((name) => name !== fact.name.name) })
  dropNamed(catalogue, fact)
}

/** The temporary objects of a session do not outlive the migration that made them, see `docs/decisions/schema-model.md`. */
export function dropTemporary(catalogue: Catalogue): void {
  if (!catalogue.takeTemporary()) return
  removeSchema(catalogue, temporarySchema)
  settle(catalogue)
}

function removeSchema(catalogue: Catalogue, schema: string): void {
  const inside = ({ name }: { readonly name: Name }): boolean => name.schema === schema
  // A range type elsewhere goes with its multirange type.
  const parts = catalogue.objects('type').filter((object) => object.partOf === true && inside(object))
  for (const table of catalogue.tables().filter(inside)) {
    const current = catalogue.table(table.name)
    if (current !== undefined) removeTable(catalogue, current)
  }
  for (const view of catalogue.views().filter(inside))
    if (catalogue.view(view.name) !== undefined) removeView(catalogue, view)
  for (const sequence of catalogue.sequences().filter(inside)) dropSequence(catalogue, sequence.name, true)
  for (const { name } of [...catalogue.enumTypes(), ...catalogue.domains()].filter(inside))
    removeType(catalogue, name, true)
  for (const { name } of catalogue.functions().filter(inside)) dropFunction(catalogue, name, undefined, true)
  for (const object of catalogue.objects().filter(inside)) removeNamed(catalogue, object)
  for (const object of parts) for (const { name } of object.needs) removeType(catalogue, { schema: '', ...name }, true)
}
