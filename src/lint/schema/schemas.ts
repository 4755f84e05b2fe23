import type { CreateExtension, CreateSchema } from '../../model/fact.ts'
import type { Need } from '../../model/facts/base.ts'
import type { ObjectKind } from '../../model/name.ts'
import type { Catalogue } from './catalogue.ts'

export function createSchema(catalogue: Catalogue, fact: CreateSchema): void {
  const { schema, ifNotExists } = fact
  // Every database begins with it.
  if (schema === 'public' && ifNotExists && !catalogue.schemaIsGone(schema)) return
  catalogue.noteSchema(schema, true)
  putNamed(catalogue, 'schema', schema)
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
