import type { Fact } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'

interface NamedColumns {
  readonly table: Name
  readonly columns: readonly string[]
}

/** The columns that a statement takes for granted: if the table lacks one, it is not the table we think it is. */
export function namedColumns(fact: Fact): readonly NamedColumns[] {
  switch (fact.kind) {
    case 'create-index':
      return [{ table: fact.table, columns: [...fact.columns, ...fact.include] }]
    case 'set-not-null':
    case 'drop-not-null':
    case 'set-default':
    case 'drop-default':
    case 'set-column-type':
    case 'rename-column':
    case 'change-identity':
    case 'change-column':
      return [{ table: fact.table, columns: [fact.column] }]
    case 'drop-column':
      return fact.ifExists ? [] : [{ table: fact.table, columns: [fact.column] }]
    case 'update':
    case 'insert':
      return [{ table: fact.table, columns: fact.columns }]
    case 'add-constraint': {
      const { constraint } = fact
      const named =
        constraint.type === 'primary-key' || constraint.type === 'unique' || constraint.type === 'foreign-key'
      return named ? [{ table: fact.table, columns: constraint.columns }] : []
    }
    default:
      return []
  }
}
