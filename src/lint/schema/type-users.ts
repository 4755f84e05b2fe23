import type { TypeAttribute } from '../../model/facts/types.ts'
import type { Name } from '../../model/name.ts'
import type { Column } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { removeColumn } from './columns.ts'
import { sameName } from './key.ts'
import { removeSignatures } from './signatures.ts'
import { removeTable } from './tables.ts'
import { columnsOf, isType } from './type-columns.ts'
import { removeType } from './types.ts'
import { removeView } from './views.ts'

/** What CASCADE takes along with a type: columns, functions, domains, tables made of it, attributes. */
export function removeTypeUsers(catalogue: Catalogue, type: Required<Name>): void {
  if (!catalogue.mayHaveUsers(type.name)) return
  for (const { table, column } of columnsOf(catalogue, type)) {
    const current = catalogue.table(table)
    if (current !== undefined) removeColumn(catalogue, current, column)
  }
  removeSignatures(catalogue, ({ types }) => types.some((one) => sameName(one, type)))
  for (const view of catalogue.views())
    if (view.types.some((one) => sameName(one, type)) && catalogue.view(view.name) !== undefined)
      removeView(catalogue, view)
  for (const domain of catalogue.domains())
    if (isType(catalogue, domain.type, type)) removeType(catalogue, domain.name, true)
  for (const table of catalogue.tables())
    if (table.ofType !== undefined && sameName(table.ofType, type)) removeTable(catalogue, table)
  keepAttributes(catalogue, (attribute) => !isType(catalogue, attribute.type, type))
}

export function removeColumnsWith(
  catalogue: Catalogue,
  goes: (column: Pick<Column, 'collation'> | TypeAttribute) => boolean,
): void {
  for (const table of catalogue.tables()) {
    for (const column of table.columns.values()) {
      const current = catalogue.table(table.name)
      if (goes(column) && current?.columns.has(column.name) === true) removeColumn(catalogue, current, column.name)
    }
  }
  keepAttributes(catalogue, (attribute) => !goes(attribute))
}

function keepAttributes(catalogue: Catalogue, stays: (attribute: TypeAttribute) => boolean): void {
  for (const object of catalogue.objects('type')) {
    const attributes = object.attributes?.filter(stays)
    if (attributes !== undefined && attributes.length !== object.attributes?.length)
      catalogue.putObject({ ...object, attributes })
  }
}
