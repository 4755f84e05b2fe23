import type { Identified } from '../../model/facts/base.ts'
import type { Name, ObjectKind } from '../../model/name.ts'
import type { Dependent, SchemaObject } from '../../model/schema.ts'
import { keyOf } from './key.ts'

/** Kinds of objects that belong to the whole database or server, or to one table. */
const outsideSchemas: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'access-method',
  'cast',
  'database',
  'event-trigger',
  'extension',
  'foreign-data-wrapper',
  'foreign-server',
  'language',
  'policy',
  'role',
  'rule',
  'schema',
  'subscription',
  'tablespace',
  'transform',
  'trigger',
  'user-mapping',
])

/** Whether objects of a kind lie in schemas, and bare names of them are looked up. */
export function isInSchema(object: ObjectKind): boolean {
  return !outsideSchemas.has(object)
}

/** What the keys of all objects of one kind and name begin with. */
export function keyPrefix(object: ObjectKind, { schema = '', name }: Name): string {
  return [object, schema, name, ''].join('\0')
}

/** A map key for an object. */
export function objectKey(
  object: ObjectKind,
  name: Name,
  { table, argumentTypes = [], method = '' }: Identified = {},
): string {
  const owner = table === undefined ? '' : `${table.schema ?? ''}\0${table.name}`
  return `${keyPrefix(object, name)}${[owner, method, ...argumentTypes].join('\0')}`
}

export function keyOfObject(object: SchemaObject): string {
  return objectKey(object.object, object.name, object)
}

/** What tells a dependent from others. */
export type DependentIdentity = Pick<Dependent, 'kind' | 'name' | 'table' | 'argumentTypes'>

export function dependentKey({ kind, name, table, argumentTypes = [] }: DependentIdentity): string {
  return [kind, table === undefined ? '' : keyOf(table), name.schema ?? '', name.name, ...argumentTypes].join('\0')
}
