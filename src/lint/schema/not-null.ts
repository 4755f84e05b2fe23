import type { DropConstraint, RenameConstraint } from '../../model/fact.ts'
import type { Column, Table } from '../../model/schema.ts'
import type { Catalogue } from './catalogue.ts'
import { dropNotNull } from './change-column.ts'
import { freeName } from './chosen-name.ts'

/** Keeps the name that a NOT NULL has, before its table or column gets another. */
export function withNotNullName(table: Table, column: Column): Column {
  return column.notNull && column.notNullName === undefined
    ? { ...column, notNullName: notNullName(table, column) }
    : column
}

function notNullName(table: Table, column: Column): string {
  return column.notNullName ?? freeName(table.name.name, column.name, 'not_null', () => false)
}

/** From PostgreSQL 18 on every NOT NULL is a constraint with a name; the model keeps the chosen ones implicit. */
export function dropImplicitNotNull(
  catalogue: Catalogue,
  table: Table,
  { constraint, span, only = false }: DropConstraint,
): void {
  for (const column of table.columns.values())
    if (column.notNull && notNullName(table, column) === constraint)
      dropNotNull(catalogue, { kind: 'drop-not-null', span, table: table.name, column: column.name, only })
}

export function renameNotNull(catalogue: Catalogue, table: Table, { constraint, to }: RenameConstraint): void {
  for (const column of table.columns.values())
    if (column.notNull && notNullName(table, column) === constraint)
      catalogue.updateColumn(table, column.name, { notNullName: to })
}
