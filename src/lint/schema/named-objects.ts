import type { AlterObject, CreateObject, DropObject } from '../../model/fact.ts'
import type { Identified, Need } from '../../model/facts/base.ts'
import type { Name, ObjectKind } from '../../model/name.ts'
import type { SchemaObject } from '../../model/schema.ts'
import { resolvedCalls } from './calls.ts'
import type { Catalogue } from './catalogue.ts'
import { freeName } from './chosen-name.ts'
import { alterPolicy } from './dependents.ts'
import { followNeeds, isNeeded, resolvedNeed } from './needs.ts'
import { isInSchema, objectKey } from './object-key.ts'

export function createObject(catalogue: Catalogue, fact: CreateObject): void {
  const { object, argumentTypes, method, calls = [] } = fact
  const uses = (fact.uses ?? []).map((use) => ({ ...use, table: catalogue.resolve(use.table, 'relation') }))
  const table = fact.table === undefined ? undefined : catalogue.resolve(fact.table, 'relation')
  const name = nameOf(catalogue, fact, uses[0]?.table)
  const identity = {
    ...(table === undefined ? {} : { table }),
    ...(argumentTypes === undefined ? {} : { argumentTypes }),
    ...(method === undefined ? {} : { method }),
  }
  if (fact.ifNotExists && catalogue.objectAt(objectKey(object, name, identity)) !== undefined) return
  const needs = fact.needs.flatMap((need) => ownNeeds(catalogue, object, need))
  const kept = fact.namedAfter === undefined ? {} : { namedAfter: fact.namedAfter }
  catalogue.putObject({ object, name, ...identity, ...kept, needs, uses, calls: resolvedCalls(catalogue, calls) })
}

/** Where it is made, and what it is called. */
function nameOf(catalogue: Catalogue, { object, name, namedAfter }: CreateObject, table?: Required<Name>): Name {
  if (name.name === '' && namedAfter !== undefined && table !== undefined)
    return statisticsName(catalogue, table, namedAfter)
  if (!isInSchema(object)) return { name: name.name }
  return { schema: name.schema ?? catalogue.creationSchema(), name: name.name }
}

/** As the server chooses it (`ChooseExtendedStatisticName`). */
export function statisticsName(
  catalogue: Catalogue,
  table: Required<Name>,
  columns: readonly string[],
): Required<Name> {
  const { schema } = table
  const taken = (name: string): boolean => catalogue.objectAt(objectKey('statistics', { schema, name })) !== undefined
  const middle = columns.map((column) => (column === '' ? 'expr' : column)).join('_')
  return { schema, name: freeName(table.name, middle, 'stat', taken) }
}

/** A copied text search configuration needs what the other one needs. */
function ownNeeds(catalogue: Catalogue, object: ObjectKind, need: Need): readonly Need[] {
  const isCopied = object === need.object && object === 'text-search-configuration'
  return isCopied ? (catalogue.object(object, need.name)?.needs ?? []) : [resolvedNeed(catalogue, need)]
}

export function alterObject(catalogue: Catalogue, fact: AlterObject): void {
  const { object: kind, name, tokens = [], needs = [], replaces } = fact
  if (kind === 'policy') return alterPolicy(catalogue, fact)
  const object = catalogue.object(kind, name, fact)
  if (object === undefined || (tokens.length === 0 && needs.length === 0 && replaces === undefined)) return
  const kept = object.needs.filter(({ token }) => token === undefined || !tokens.includes(token))
  const resolved = [...kept, ...needs.map((need) => resolvedNeed(catalogue, need))]
  catalogue.putObject({ ...object, needs: replaces === undefined ? resolved : replaced(catalogue, resolved, replaces) })
}

function replaced(
  catalogue: Catalogue,
  needs: readonly Need[],
  { from, to }: NonNullable<AlterObject['replaces']>,
): readonly Need[] {
  const dictionary = (name: Name): Need => resolvedNeed(catalogue, { object: 'text-search-dictionary', name })
  const [old, next] = [dictionary(from), dictionary(to)]
  return needs.map((need) => (isNeeded(need, old) ? { ...need, name: next.name } : need))
}

/** Those that a statement means: all of a name where it gives no arguments. */
export function objectsMeant(
  catalogue: Catalogue,
  kind: ObjectKind,
  name: Name,
  identified: Identified,
): readonly SchemaObject[] {
  const table = identified.table === undefined ? undefined : catalogue.resolve(identified.table, 'relation')
  return catalogue
    .namesakes(kind, name)
    .filter(
      (object) =>
        (table === undefined || (object.table?.name === table.name && object.table.schema === table.schema)) &&
        (identified.method ?? object.method) === object.method &&
        (identified.argumentTypes?.join() ?? object.argumentTypes?.join()) === object.argumentTypes?.join(),
    )
}

export function dropNamed(catalogue: Catalogue, fact: DropObject): void {
  for (const object of objectsMeant(catalogue, fact.object, fact.name, fact)) {
    catalogue.removeObject(object)
    catalogue.noteGone(object, fact.cascade)
  }
}

/** Removes an object, and by CASCADE what needs it. */
export function removeNamed(catalogue: Catalogue, object: SchemaObject): void {
  catalogue.removeObject(object)
  catalogue.noteGone(object, true)
}

/** Gives an object another name or schema; what needs it follows. */
export function moveNamed(catalogue: Catalogue, object: SchemaObject, to: Name): void {
  catalogue.removeObject(object)
  catalogue.putObject({ ...object, name: to })
  followNeeds(catalogue, object, to)
}
