import type { CreateExtension, CreateSchema } from '../../model/fact.ts'
import type { ObjectKind } from '../../model/name.ts'
import type { Catalogue } from './catalogue.ts'

export function createSchema(catalogue: Catalogue, fact: CreateSchema): void {
  putNamed(catalogue, 'schema', fact.schema)
}

/** What an extension brings is not known here. */
export function createExtension(catalogue: Catalogue, fact: CreateExtension): void {
  putNamed(catalogue, 'extension', fact.extension)
}

function putNamed(catalogue: Catalogue, object: ObjectKind, name: string): void {
  catalogue.putObject({ object, name: { name }, needs: [], uses: [], calls: [] })
}
