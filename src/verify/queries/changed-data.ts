import { nameText } from '../../model/name.ts'
import type { Statement } from '../../model/statement.ts'
import { type Piece, readsOf, writesOf } from './pieces.ts'
import type { Relations } from './relations.ts'

/** The rows that a migration changes itself: by bare name of the table the columns that it assigns, or all. */
export type ChangedData = ReadonlyMap<string, ReadonlySet<string> | 'rows'>

export function changedData(statements: readonly Statement[]): ChangedData {
  const changed = new Map<string, Set<string> | 'rows'>()
  const all = (table: string): unknown => changed.set(table, 'rows')
  for (const fact of statements.flatMap(({ facts }) => facts)) {
    if (fact.kind === 'insert' || fact.kind === 'delete' || fact.kind === 'merge') all(fact.table.name)
    if (fact.kind === 'truncate') for (const { name } of fact.tables) all(name)
    if (fact.kind === 'copy' && fact.table !== undefined && fact.direction === 'from') all(fact.table.name)
    if (fact.kind !== 'update') continue
    const known = changed.get(fact.table.name)
    if (known === 'rows') continue
    changed.set(fact.table.name, new Set([...(known ?? []), ...fact.columns]))
  }
  return changed
}

/** What of the tables is declared to be lost by a downgrade: `table`, `table.column`, either with a schema before it. */
export function declaredLosses(losses: readonly string[]): ChangedData {
  const lost = new Map<string, Set<string> | 'rows'>()
  for (const loss of losses) {
    const [name = '', before, schema] = loss.replaceAll('"', '').split('.').toReversed()
    // `a.b` is a column of a table, or a table of a schema: only one of them is there.
    if (schema === undefined) lost.set(name, 'rows')
    const known = before === undefined ? 'rows' : (lost.get(before) ?? new Set<string>())
    if (before !== undefined && known !== 'rows') lost.set(before, known.add(name))
  }
  return lost
}

/**
 * The table because of whose changed rows a statement may give another answer. `through`: everything that depends on
 * the changed tables, for statements that read them through a view or a function.
 */
export function changedFor(
  piece: Piece,
  changed: ChangedData,
  through: ReadonlySet<string>,
  relations: Relations,
): string | undefined {
  for (const { table, columns, star, natural } of readsOf(piece)) {
    const change = changed.get(table.name)
    const known = relations.get(nameText(table))?.columns ?? []
    const visible = change === undefined || change === 'rows' ? [] : known.filter(({ name }) => change.has(name))
    if (change === 'rows') return table.name
    if (visible.some(({ name }) => star || natural === true || columns.includes(name))) return table.name
    if (change === undefined && through.has(table.name)) return table.name
  }
  const written = writesOf(piece).find(({ table, columns }) => {
    const change = changed.get(table.name)
    // What a row was before decides what a change of it changes.
    return (
      change === 'rows' || (change !== undefined && (columns.length === 0 || columns.some((name) => change.has(name))))
    )
  })
  return written?.table.name ?? piece.shape.functions.find((name) => through.has(name))
}
