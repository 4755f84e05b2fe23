import type { AddEnumValue, AlterDomain, CreateDomain, CreateType, RenameEnumValue } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { TypeName } from '../../model/type.ts'
import type { Catalogue } from './catalogue.ts'
import { removeColumn } from './columns.ts'
import { keyOf } from './key.ts'
import { createdName } from './views.ts'

export function createType(catalogue: Catalogue, fact: CreateType): void {
  if (fact.form === 'enum') catalogue.putEnum({ name: createdName(catalogue, fact.type, false), values: fact.values })
}

export function addEnumValue(catalogue: Catalogue, fact: AddEnumValue): void {
  const type = catalogue.enumType(fact.type)
  if (type === undefined || type.values.includes(fact.value)) return
  const { placement } = fact
  const neighbour = placement === undefined ? -1 : type.values.indexOf(placement.neighbour)
  const at = neighbour === -1 ? type.values.length : neighbour + (placement?.where === 'after' ? 1 : 0)
  catalogue.putEnum({ ...type, values: type.values.toSpliced(at, 0, fact.value) })
}

export function renameEnumValue(catalogue: Catalogue, fact: RenameEnumValue): void {
  const type = catalogue.enumType(fact.type)
  if (type === undefined) return
  catalogue.putEnum({ ...type, values: type.values.map((value) => (value === fact.value ? fact.to : value)) })
}

export function createDomain(catalogue: Catalogue, fact: CreateDomain): void {
  const base = catalogue.domain(typeAsName(fact.type))
  catalogue.putDomain({
    name: createdName(catalogue, fact.domain, false),
    type: fact.type,
    constrained: fact.notNull || fact.constraints.length > 0 || base?.constrained === true,
  })
}

export function alterDomain(catalogue: Catalogue, fact: AlterDomain): void {
  const domain = catalogue.domain(fact.domain)
  // After DROP the domain may have other constraints left: it stays constrained.
  if (domain !== undefined && (fact.action === 'set-not-null' || fact.action === 'add-constraint'))
    catalogue.putDomain({ ...domain, constrained: true })
}

export function typeAsName(type: TypeName): Name {
  return type.schema === undefined ? { name: type.name } : { schema: type.schema, name: type.name }
}

/** Gives an enum or domain another name, also in the columns that have it. */
export function moveType(catalogue: Catalogue, from: Required<Name>, to: Required<Name>): void {
  const type = catalogue.enumType(from)
  const domain = catalogue.domain(from)
  if (type === undefined && domain === undefined) return
  const columns = columnsOf(catalogue, from)
  if (type !== undefined) {
    catalogue.removeEnum(from)
    catalogue.putEnum({ ...type, name: to })
  }
  if (domain !== undefined) {
    catalogue.removeDomain(from)
    catalogue.putDomain({ ...domain, name: to })
  }
  for (const { table, column, type: written } of columns) {
    const current = catalogue.table(table)
    const renamed = { ...written, schema: to.schema, name: to.name, sql: to.name }
    if (current !== undefined) catalogue.updateColumn(current, column, { type: renamed })
  }
}

/** DROP TYPE … CASCADE drops the columns that have it. */
export function removeType(catalogue: Catalogue, name: Required<Name>): void {
  for (const { table, column } of columnsOf(catalogue, name)) {
    const current = catalogue.table(table)
    if (current !== undefined) removeColumn(catalogue, current, column)
  }
  catalogue.removeEnum(name)
  catalogue.removeDomain(name)
}

export function columnsOf(
  catalogue: Catalogue,
  type: Required<Name>,
): readonly { readonly table: Required<Name>; readonly column: string; readonly type: TypeName }[] {
  const key = keyOf(type)
  const found: { table: Required<Name>; column: string; type: TypeName }[] = []
  for (const table of catalogue.tablesWithType(type.name)) {
    for (const column of table.columns.values()) {
      if (column.type.name === type.name && keyOf(catalogue.resolve(typeAsName(column.type))) === key)
        found.push({ table: table.name, column: column.name, type: column.type })
    }
  }
  return found
}
