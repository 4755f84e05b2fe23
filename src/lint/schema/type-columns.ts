import type { Name } from '../../model/name.ts'
import type { TypeName } from '../../model/type.ts'
import type { Catalogue } from './catalogue.ts'
import { keyOf } from './key.ts'

/** A type of the user's with its schema: later the search path may lead elsewhere. */
export function withSchema<Typed extends { readonly type: TypeName }>(catalogue: Catalogue, typed: Typed): Typed {
  const { type } = typed
  if (type.schema !== undefined || !catalogue.isKnownType(type.name)) return typed
  return { ...typed, type: { ...type, schema: catalogue.resolve({ name: type.name }, 'type').schema } }
}

export function typeAsName(type: TypeName): Name {
  return type.schema === undefined ? { name: type.name } : { schema: type.schema, name: type.name }
}

export function columnsOf(
  catalogue: Catalogue,
  type: Required<Name>,
): readonly { readonly table: Required<Name>; readonly column: string; readonly type: TypeName }[] {
  const key = keyOf(type)
  const found: { table: Required<Name>; column: string; type: TypeName }[] = []
  for (const table of catalogue.tablesWithType(type.name)) {
    for (const column of table.columns.values()) {
      const { type: own } = column
      if (own?.name === type.name && keyOf(catalogue.resolve(typeAsName(own), 'type')) === key)
        found.push({ table: table.name, column: column.name, type: own })
    }
  }
  return found
}

/** Whether a type as it is written is that one. */
export function isType(catalogue: Catalogue, written: TypeName, type: Required<Name>): boolean {
  return written.name === type.name && keyOf(catalogue.resolve(typeAsName(written), 'type')) === keyOf(type)
}
