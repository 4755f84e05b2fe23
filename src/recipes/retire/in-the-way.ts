import { dependentViews } from '../../model/dependents.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Schema, Table } from '../../model/schema.ts'
import { impossible } from '../dual-column/impossible.ts'

/**
 * Refuses what would go on using the table, or one column of it, after it was retired, and would stop the purge.
 *
 * @throws ToolkitError `plan-impossible` that names all of it
 */
export function refuseUsers(schema: Schema, table: Table, column?: string): void {
  const found = [
    ...(column === undefined ? dependentViews(schema, table.name) : schema.viewsOn(table.name, column)).map(
      ({ name }) => `view ${nameText(name)}`,
    ),
    ...schema.foreignKeysTo(table.name).flatMap(({ table: other, constraint }) => {
      const pointed = constraint.type === 'foreign-key' ? constraint.referencedColumns : []
      const isMeant = column === undefined ? other !== table : pointed.includes(column)
      return isMeant ? [`foreign key ${quoteName(constraint.name)} of ${nameText(other.name)}`] : []
    }),
    ...(column === undefined ? [] : usersInTable(table, column)),
    ...schema
      .dependentsOn(table.name, column)
      .filter(({ kind, table: owner }) => column !== undefined || (kind !== 'publication' && owner !== table.name))
      .map(({ kind, name }) => `${kind} ${nameText(name)}`),
  ]
  if (found.length === 0) return
  const what = column === undefined ? `Table ${nameText(table.name)}` : `${nameText(table.name)}.${quoteName(column)}`
  throw impossible(
    `${what} is used by ${found.join(', ')}.`,
    'Drop or change what uses it in a migration before the plan.',
  )
}

function usersInTable(table: Table, column: string): readonly string[] {
  const triggers = [...table.triggers.values()].filter(({ columns }) => columns.includes(column))
  const generated = [...table.columns.values()].filter(({ computedFrom }) => computedFrom?.includes(column) === true)
  return [
    ...triggers.map(({ name }) => `trigger ${quoteName(name)}`),
    ...generated.map(({ name }) => `generated column ${quoteName(name)}`),
  ]
}
