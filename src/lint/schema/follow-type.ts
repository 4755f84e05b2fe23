import type { Name, ObjectKind } from '../../model/name.ts'
import type { FunctionSignature } from '../../model/schema.ts'
import type { TypeName } from '../../model/type.ts'
import type { Catalogue } from './catalogue.ts'
import { sameName } from './key.ts'
import { followNeeds } from './needs.ts'
import { putSignatures } from './signatures.ts'
import { columnsOf, isType } from './type-columns.ts'

/** Whoever has a type goes on having it under its new name. */
export function followType(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  if (!catalogue.mayHaveUsers(from.name)) return
  const renamed = (type: TypeName): TypeName =>
    isType(catalogue, type, from)
      ? { ...type, schema: to.schema, name: to.name, sql: type.array ? `${to.name}[]` : to.name }
      : type
  for (const { table, column, type } of columnsOf(catalogue, from)) {
    const current = catalogue.table(table)
    if (current !== undefined) catalogue.updateColumn(current, column, { type: renamed(type) })
  }
  for (const view of catalogue.views()) {
    const { types, columnTypes } = view
    const own = columnTypes?.map((column) =>
      column.type === undefined ? column : { ...column, type: renamed(column.type) },
    )
    const hasIt = columnTypes?.some(({ type }, at) => type !== own?.[at]?.type) === true
    if (hasIt || types.some((type) => sameName(type, from)))
      catalogue.putView({
        ...view,
        types: types.map((type) => (sameName(type, from) ? to : type)),
        columnTypes: own,
      })
  }
  for (const domain of catalogue.domains()) {
    if (isType(catalogue, domain.type, from)) catalogue.putDomain({ ...domain, type: renamed(domain.type) })
  }
  for (const object of catalogue.objects('type')) {
    if (object.attributes?.some(({ type }) => isType(catalogue, type, from)) === true)
      catalogue.putObject({
        ...object,
        attributes: object.attributes.map((one) => ({ ...one, type: renamed(one.type) })),
      })
  }
  for (const object of catalogue.objects()) {
    if (
      object.argumentTypes !== undefined &&
      object.argumentTypes.some((type) => renamedText(type, from, to) !== type)
    ) {
      catalogue.removeObject(object)
      catalogue.putObject({ ...object, argumentTypes: object.argumentTypes.map((type) => renamedText(type, from, to)) })
    }
    const separator = namedByTypes.get(object.object)
    if (separator === undefined) continue
    const parts = object.name.name.split(separator).map((part) => renamedText(part, from, to))
    catalogue.removeObject(object)
    catalogue.putObject({ ...object, name: { name: parts.join(separator) } })
  }
  for (const { name, signatures } of catalogue.functions()) {
    if (signatures.some(({ types }) => types.some((type) => sameName(type, from))))
      putSignatures(
        catalogue,
        name,
        signatures.map((signature) => renamedSignature(signature, from, to)),
      )
  }
  for (const table of catalogue.tables()) {
    if (table.ofType !== undefined && sameName(table.ofType, from)) catalogue.updateTable(table, { ofType: to })
  }
  followNeeds(catalogue, { object: 'type', name: from }, to)
}

/** Objects that have no name but their types, and what stands between these. */
const namedByTypes: ReadonlyMap<ObjectKind, string> = new Map<ObjectKind, string>([
  ['cast', ' as '],
  ['transform', ' language '],
])

/** A type's name in a text, as it was written. */
function renamedText(type: string, from: Required<Name>, to: Required<Name>): string {
  const array = type.endsWith('[]') ? '[]' : ''
  const bare = type.slice(0, type.length - array.length)
  return bare === from.name || bare === `${from.schema}.${from.name}` ? `${to.name}${array}` : type
}

/** The types of a signature are texts, as they were written. */
function renamedSignature(signature: FunctionSignature, from: Required<Name>, to: Required<Name>): FunctionSignature {
  return {
    ...signature,
    argumentTypes: signature.argumentTypes.map((type) => renamedText(type, from, to)),
    types: signature.types.map((type) => (sameName(type, from) ? to : type)),
  }
}
