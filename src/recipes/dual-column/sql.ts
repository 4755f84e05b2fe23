import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'

/** Statements that several recipes write. Each ends with a semicolon; several are joined by `lines`. */

export function lines(...statements: readonly (string | readonly string[] | undefined)[]): string {
  return statements.flatMap((one) => (one === undefined ? [] : one)).join('\n')
}

export function alterTable(table: Name, action: string): string {
  return `alter table ${nameText(table)} ${action};`
}

export function alterColumn(table: Name, column: string, action: string): string {
  return alterTable(table, `alter column ${quoteName(column)} ${action}`)
}

/** `NOT VALID` holds for new writes at once and reads no row. */
export function addNotValid(table: Name, constraint: string, definition: string): string {
  return alterTable(table, `add constraint ${quoteName(constraint)} ${definition} not valid`)
}

export function validate(table: Name, constraint: string): string {
  return alterTable(table, `validate constraint ${quoteName(constraint)}`)
}

/** A constraint that holds in the end for every row, for SQL outside a transaction: no lock is held while rows are read. */
export function addThenValidate(table: Name, constraint: string, definition: string): readonly string[] {
  return [addNotValid(table, constraint, definition), validate(table, constraint)]
}

/** NOT NULL, proven beside the traffic by a check that goes again; for SQL outside a transaction. */
export function setNotNullProven(table: Name, column: string, helper: string): readonly string[] {
  return [
    ...addThenValidate(table, helper, `check (${quoteName(column)} is not null)`),
    alterColumn(table, column, 'set not null'),
    dropConstraint(table, helper),
  ]
}

/** A statement that has to do what `rule` warns of, and says why. */
export function allowing(rule: string, reason: string, statement: string): string {
  return `-- migrate:allow ${rule} because ${reason}\n${statement}`
}

export function dropConstraint(table: Name, constraint: string): string {
  return alterTable(table, `drop constraint ${quoteName(constraint)}`)
}

export function renameColumn(table: Name, from: string, to: string): string {
  return alterTable(table, `rename column ${quoteName(from)} to ${quoteName(to)}`)
}

export function renameConstraint(table: Name, from: string, to: string): string {
  return alterTable(table, `rename constraint ${quoteName(from)} to ${quoteName(to)}`)
}

/** The name of another object in the schema that the table's name was written with. */
export function besides(table: Name, name: string): Name {
  return table.schema === undefined ? { name } : { schema: table.schema, name }
}
