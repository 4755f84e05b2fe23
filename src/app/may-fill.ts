import type { Fact } from '../model/fact.ts'
import type { Name } from '../model/name.ts'

/**
 * Whether a statement may leave rows, or with `column` values, under a name that had none before: it writes some, gives
 * the name to something else, or does what nobody can tell.
 */
export function mayFill(fact: Fact, table: Name, column?: string): boolean {
  switch (fact.kind) {
    case 'insert':
    case 'merge':
      return isOne(fact.table, table)
    case 'update':
      return column !== undefined && isOne(fact.table, table) && fact.columns.includes(column)
    case 'copy':
      return fact.table === undefined || isOne(fact.table, table)
    case 'attach-partition':
      return isOne(fact.table, table)
    case 'set-column-type':
      return column === fact.column && isOne(fact.table, table)
    case 'rename-column':
      return column !== undefined && fact.to === column
    case 'rename-table':
      return fact.to === table.name
    case 'select':
      return fact.functions.length > 0
    case 'set-setting':
      return fact.setting === 'search_path'
    case 'change-table':
      return fact.action === 'inherit'
    case 'set-schema':
    case 'dynamic-sql':
    case 'other-ddl':
    case 'rename-object':
      return true
    default:
      return false
  }
}

/** Without a schema it may be either. */
function isOne(one: Name, other: Name): boolean {
  return one.name === other.name
}
