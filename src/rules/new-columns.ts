import type { ColumnDefinition } from '../model/column.ts'
import type { AddColumn, CreateTable } from '../model/fact.ts'

/** The columns that a statement brings: those of a CREATE TABLE that outlives the session, or the one of ADD COLUMN. */
export function newColumns(fact: CreateTable | AddColumn): readonly ColumnDefinition[] {
  if (fact.kind === 'add-column') return [fact.column]
  return fact.temporary ? [] : fact.columns
}

/** `serial` and its like: an integer with a sequence of its own. */
export function isSerial(column: ColumnDefinition): boolean {
  return serialTypes.has(column.type.name)
}

const serialTypes: ReadonlySet<string> = new Set(['smallserial', 'serial', 'bigserial'])
