import type { Fact } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Statement } from '../../model/statement.ts'

/** Tables, columns and views that are gone under their names after the statements, as these write them. */
export function removedNames(statements: readonly Statement[]): readonly string[] {
  const gone = new Set<string>()
  for (const fact of statements.flatMap(({ facts }) => facts)) {
    const removed = removedBy(fact)
    if (removed !== undefined) gone.add(removed)
    const added = addedBy(fact)
    if (added !== undefined) gone.delete(added)
  }
  return [...gone]
}

function removedBy(fact: Fact): string | undefined {
  switch (fact.kind) {
    case 'drop-table':
    case 'rename-table':
      return nameText(fact.table)
    case 'drop-view':
      return nameText(fact.view)
    case 'set-schema':
      return fact.object === 'table' || fact.object === 'view' ? nameText(fact.name) : undefined
    case 'drop-column':
    case 'rename-column':
      return `${nameText(fact.table)}.${quoteName(fact.column)}`
    default:
      return undefined
  }
}

function addedBy(fact: Fact): string | undefined {
  switch (fact.kind) {
    case 'create-table':
    case 'create-table-as':
      return nameText(fact.table)
    case 'create-view':
      return nameText(fact.view)
    case 'rename-table':
      return nameText({ ...fact.table, name: fact.to })
    case 'add-column':
      return `${nameText(fact.table)}.${quoteName(fact.column.name)}`
    case 'rename-column':
      return `${nameText(fact.table)}.${quoteName(fact.to)}`
    default:
      return undefined
  }
}
