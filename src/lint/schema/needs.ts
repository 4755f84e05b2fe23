import type { Need } from '../../model/facts/base.ts'
import type { Name, ObjectKind } from '../../model/name.ts'
import type { SchemaObject } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { sameName } from './key.ts'

/** The word of a `Need` for a kind. */
export function neededAs(kind: ObjectKind): ObjectKind {
  switch (kind) {
    case 'aggregate':
    case 'procedure':
      return 'function'
    case 'domain':
      return 'type'
    case 'view':
    case 'materialized-view':
    case 'foreign-table':
    case 'sequence':
      return 'table'
    default:
      return kind
  }
}

/** A need with the schema of what it names. */
export function resolvedNeed(catalogue: Catalogue, need: Need): Need {
  switch (need.object) {
    case 'type':
      return { ...need, name: catalogue.resolve(need.name, 'type') }
    case 'function':
      return { ...need, name: catalogue.resolve(need.name, 'function') }
    case 'table':
      return { ...need, name: catalogue.resolve(need.name, 'relation') }
    default:
      return { ...need, name: catalogue.resolveObject(need.object, need.name) }
  }
}

/** What is needed, as far as it is known: a need without arguments may be any object of the name. */
export type Needed = Pick<Need, 'object' | 'name' | 'argumentTypes' | 'method'>

/** Whether a need is that object. */
export function isNeeded(need: Need, { object, name, argumentTypes, method }: Needed): boolean {
  if (need.object !== neededAs(object) || need.name.name !== name.name) return false
  if ((need.name.schema ?? '') !== (name.schema ?? '')) return false
  if (need.method !== undefined && method !== undefined && need.method !== method) return false
  if (need.argumentTypes === undefined || argumentTypes === undefined) return true
  return sameTypes(need.argumentTypes, argumentTypes)
}

/** Types are compared without their schemas: a signature keeps them as they were written. */
export function sameTypes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((type, index) => bareType(type) === bareType(b[index] ?? ''))
}

function bareType(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1)
}

/** Whoever needs an object goes on needing it under its new name. */
export function followNeeds(catalogue: Catalogue, moved: Needed, to: Name): void {
  for (const object of catalogue.objectsNeeding(neededAs(moved.object), moved.name.name))
    changeNeeds(catalogue, object, moved, to)
}

/** Rules, statistics and triggers go on being on a relation under its new name; statistics stay in their schema. */
export function followObjectTables(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  for (const object of catalogue.objectsOn(from)) {
    const isOn = object.table !== undefined && sameName(object.table, from)
    if (!isOn && !object.uses.some(({ table }) => sameName(table, from))) continue
    catalogue.removeObject(object)
    const uses = object.uses.map((use) => (sameName(use.table, from) ? { ...use, table: to } : use))
    catalogue.putObject({ ...object, uses, ...(isOn ? { table: to } : {}) })
  }
}

function changeNeeds(catalogue: Catalogue, object: SchemaObject, moved: Needed, to: Name): void {
  if (!object.needs.some((need) => isNeeded(need, moved))) return
  catalogue.putObject({
    ...object,
    needs: object.needs.map((need) => (isNeeded(need, moved) ? { ...need, name: to } : need)),
  })
}

/** Rules, statistics and triggers of a relation, or of one column of it, which go without CASCADE. */
export function removeObjectsOn(catalogue: Catalogue, relation: Required<Name>, column?: string): void {
  for (const object of catalogue.objectsOn(relation)) {
    const isOn = column === undefined && object.table !== undefined && sameName(object.table, relation)
    const isUsed = object.uses.some(
      ({ table, columns }) => sameName(table, relation) && (column === undefined || columns.includes(column)),
    )
    if (isOn || isUsed) catalogue.removeObject(object)
  }
}
