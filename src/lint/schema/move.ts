import type { RenameObject, RenameTable, SetSchema } from '../../model/fact.ts'
import type { Identified } from '../../model/facts/base.ts'
import type { Name, ObjectKind } from '../../model/name.ts'
import type { Catalogue } from './catalogue.ts'
import { renamePolicy } from './dependents.ts'
import { moveIndex } from './indexes.ts'
import { moveNamed, objectsMeant } from './named-objects.ts'
import { isInSchema } from './object-key.ts'
import { renameSchemaItself } from './schemas.ts'
import { moveSequence } from './sequences.ts'
import { functionMeant, moveFunctions } from './signatures.ts'
import { moveTable } from './tables.ts'
import { moveType, renameDomainConstraint } from './types.ts'
import { renameColumn, renameColumnOfView } from './rename-columns.ts'
import { moveView } from './views.ts'

/** Renames or moves a table, view, index or sequence: ALTER TABLE … RENAME takes any of them. */
function moveRelation(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  const table = catalogue.table(from)
  if (table !== undefined) return moveTable(catalogue, table, to)
  const view = catalogue.view(from)
  if (view !== undefined) return moveView(catalogue, view, to)
  const index = catalogue.index(from)
  if (index !== undefined) return moveIndex(catalogue, index, to)
  const sequence = catalogue.sequence(from)
  if (sequence !== undefined) moveSequence(catalogue, sequence, to)
}

export function renameTable(catalogue: Catalogue, fact: RenameTable): void {
  const name = catalogue.resolve(fact.table, 'relation')
  moveRelation(catalogue, name, { ...name, name: fact.to })
}

export function setSchema(catalogue: Catalogue, fact: SetSchema): void {
  moveObject(catalogue, fact.object, fact.name, fact, (name) => ({ schema: fact.to, name: name.name }))
}

export function renameObject(catalogue: Catalogue, fact: RenameObject): void {
  switch (fact.object) {
    case 'schema':
      return renameSchema(catalogue, fact.name.name, fact.to)
    case 'trigger':
      renameTrigger(catalogue, fact)
      break
    case 'column':
      return renameViewColumn(catalogue, fact)
    case 'policy':
      return renamePolicy(catalogue, fact)
    case 'constraint':
      return renameDomainConstraint(catalogue, fact)
    case 'publication':
      return renamePublication(catalogue, fact)
    default:
  }
  moveObject(catalogue, fact.object, fact.name, fact, (name) => ({ ...name, name: fact.to }))
}

const relations: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'foreign-table',
  'index',
  'materialized-view',
  'sequence',
  'table',
  'view',
])

type Moved = (name: Required<Name>) => Required<Name>

/** Renames or moves anything that is looked up by name. */
function moveObject(catalogue: Catalogue, kind: ObjectKind, written: Name, identified: Identified, to: Moved): void {
  if (relations.has(kind)) {
    const from = catalogue.resolve(written, 'relation')
    return moveRelation(catalogue, from, to(from))
  }
  if (kind === 'type' || kind === 'domain') {
    const from = catalogue.resolve(written, 'type')
    return moveType(catalogue, from, to(from))
  }
  const function_ =
    kind === 'function' || kind === 'procedure'
      ? functionMeant(catalogue, written, identified.argumentTypes, kind)
      : undefined
  if (function_ !== undefined) return moveFunctions(catalogue, function_, to(function_.name))
  const named = kind === 'function' ? 'aggregate' : kind
  for (const object of objectsMeant(catalogue, named, written, identified)) {
    const moved = to({ schema: '', ...object.name })
    moveNamed(catalogue, object, isInSchema(named) ? moved : { name: moved.name })
  }
}

function renameTrigger(catalogue: Catalogue, fact: RenameObject): void {
  const table = fact.table === undefined ? undefined : catalogue.table(fact.table)
  const trigger = table?.triggers.get(fact.name.name)
  const view = fact.table === undefined ? undefined : catalogue.view(fact.table)
  if (view !== undefined)
    catalogue.putView({ ...view, triggers: view.triggers.map((name) => (name === fact.name.name ? fact.to : name)) })
  if (table === undefined || trigger === undefined) return
  const triggers = new Map(table.triggers)
  triggers.delete(trigger.name)
  catalogue.updateTable(table, { triggers: triggers.set(fact.to, { ...trigger, name: fact.to }) })
}

function renameViewColumn(catalogue: Catalogue, fact: RenameObject): void {
  const { table, name, to, span } = fact
  if (table === undefined) return
  // ALTER VIEW takes tables too.
  if (catalogue.table(table) !== undefined)
    renameColumn(catalogue, { kind: 'rename-column', span, table, column: name.name, to })
  else renameColumnOfView(catalogue, table, name.name, to)
}

function renamePublication(catalogue: Catalogue, fact: RenameObject): void {
  const publication = catalogue.publication(fact.name.name)
  if (publication === undefined) return
  catalogue.removePublication(publication.name)
  catalogue.putPublication({ ...publication, name: fact.to })
  for (const dependent of catalogue.dependents()) {
    if (dependent.kind !== 'publication' || dependent.name.name !== publication.name) continue
    catalogue.removeDependent(dependent)
    catalogue.putDependent({ ...dependent, name: { name: fact.to } })
  }
}

function renameSchema(catalogue: Catalogue, schema: string, to: string): void {
  const inside = ({ name }: { readonly name: Name }): boolean => name.schema === schema
  const moved = ({ name }: Name): Required<Name> => ({ schema: to, name })
  renameSchemaItself(catalogue, schema, to)
  for (const { name } of [...catalogue.tables(), ...catalogue.views(), ...catalogue.sequences()].filter(inside))
    moveRelation(catalogue, name, moved(name))
  for (const { name } of [...catalogue.enumTypes(), ...catalogue.domains(), ...catalogue.objects('type')].filter(
    inside,
  ))
    moveType(catalogue, { schema, name: name.name }, moved(name))
  for (const function_ of catalogue.functions().filter(inside))
    moveFunctions(catalogue, function_, moved(function_.name))
  for (const object of catalogue.objects().filter(inside)) moveNamed(catalogue, object, moved(object.name))
}
