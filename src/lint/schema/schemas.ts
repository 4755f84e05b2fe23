import type { CreateExtension, CreateSchema } from '../../model/fact.ts'
import type { Need } from '../../model/facts/base.ts'
import type { ObjectKind } from '../../model/name.ts'
import type { SchemaObject } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { moveNamed } from './named-objects.ts'

/** Every database begins with it. It is an object like others as soon as it has another name, or is made again. */
const firstSchema = 'public'

export function createSchema(catalogue: Catalogue, fact: CreateSchema): void {
  const { schema, ifNotExists } = fact
  if (ifNotExists && schemaExists(catalogue, schema)) return
  // AUTHORIZATION CURRENT_USER: it is called as the role is that runs it.
  if (schema === '') catalogue.complete = false
  catalogue.noteSchema(schema, true)
  if (schema !== '') putNamed(catalogue, 'schema', schema)
}

function schemaExists(catalogue: Catalogue, name: string): boolean {
  if (catalogue.object('schema', { name }) !== undefined) return true
  return name === firstSchema && !catalogue.schemaIsGone(name)
}

/** Gives a schema another name, and the extensions in it; what else lies in it is moved by the caller. */
export function renameSchemaItself(catalogue: Catalogue, from: string, to: string): void {
  const known = catalogue.object('schema', { name: from })
  const isFirst = known === undefined ? from === firstSchema && schemaExists(catalogue, from) : known.isFirst === true
  catalogue.noteSchema(from, false)
  catalogue.noteSchema(to, true)
  const object: SchemaObject = known ?? { object: 'schema', name: { name: from }, needs: [], uses: [], calls: [] }
  if (known === undefined && !isFirst) return
  moveNamed(catalogue, isFirst ? { ...object, isFirst } : object, { name: to })
  const moved = isFirst && to === firstSchema ? catalogue.object('schema', { name: to }) : undefined
  if (moved !== undefined) catalogue.removeObject(moved)
}

/** What an extension brings is not known here, but that it goes with the schema in which it is. */
export function createExtension(catalogue: Catalogue, fact: CreateExtension): void {
  const { extension, ifNotExists } = fact
  if (ifNotExists && catalogue.object('extension', { name: extension }) !== undefined) return
  const schema = fact.schema ?? (inServersSchema.has(extension) ? 'pg_catalog' : catalogue.creationSchema())
  putNamed(catalogue, 'extension', extension, [{ object: 'schema', name: { name: schema } }])
}

/** Those of the server's own extensions whose control files say `schema = pg_catalog`. */
const inServersSchema: ReadonlySet<string> = new Set(['plperl', 'plperlu', 'plpgsql', 'plpython3u', 'pltcl', 'pltclu'])

function putNamed(catalogue: Catalogue, object: ObjectKind, name: string, needs: readonly Need[] = []): void {
  catalogue.putObject({ object, name: { name }, needs, uses: [], calls: [] })
}
