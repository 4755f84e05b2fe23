import { bareName } from '../differing.ts'

/**
 * Whether `-- migrate:down-loses` names a table, or one of its columns: `books`, `books.note`, `public.books.note`.
 *
 * @param table qualified, quoted where needed
 * @param column quoted where needed; without it only the whole table will do
 */
export function isDeclared(losses: readonly string[], table: string, column?: string): boolean {
  return losses.some((loss) => namesOf(table, column).includes(loss.replaceAll('"', '')))
}

/** All the ways to write a table, and one of its columns. A table stands for all its columns. */
function namesOf(table: string, column?: string): readonly string[] {
  const tables = [table.replaceAll('"', ''), bareName(table)]
  if (column === undefined) return tables
  return [...tables, ...tables.map((name) => `${name}.${column.replaceAll('"', '')}`)]
}
