import { nameText, quoteName } from '../model/name.ts'
import type { Name } from '../model/name.ts'
import type { RuleContext } from './rule.ts'

/** What the server itself notes to use a column of the same table, besides constraints and indexes. */
export interface ColumnDependent {
  readonly kind: 'trigger' | 'generated column'
  readonly text: string
  /** The statement that takes it out of the way. */
  readonly drop: string
}

/** Triggers with the column in UPDATE OF or WHEN, and generated columns that are computed from it. */
export function columnDependents(table: Name, column: string, context: RuleContext): readonly ColumnDependent[] {
  const state = context.table(table)
  if (state === undefined) return []
  const triggers = [...state.triggers.values()].filter(({ columns }) => columns.includes(column))
  const generated = [...state.columns.values()].filter(({ computedFrom }) => computedFrom?.includes(column) === true)
  return [
    ...triggers.map(({ name }) => ({
      kind: 'trigger' as const,
      text: `trigger ${quoteName(name)}`,
      drop: `drop trigger ${quoteName(name)} on ${nameText(table)};`,
    })),
    ...generated.map(({ name }) => ({
      kind: 'generated column' as const,
      text: `generated column ${quoteName(name)}`,
      drop: `alter table ${nameText(table)} drop column ${quoteName(name)};`,
    })),
  ]
}
