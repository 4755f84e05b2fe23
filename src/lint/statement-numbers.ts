import type { ParsedMigration } from '../model/migration.ts'

/** Gives the 1-based number of the statement that starts at an offset, counting broken ones and those of the down. */
export function statementNumbers(migration: ParsedMigration): (offset: number) => number {
  const starts: number[] = []
  for (const sql of [migration.upSql, migration.downSql]) {
    for (const { span } of sql.statements) starts.push(span.start)
    for (const { statement } of sql.problems) starts.push(statement.start)
  }
  starts.sort((a, b) => a - b)
  const numbers = new Map(starts.map((start, index) => [start, index + 1]))
  return (offset) => numbers.get(offset) ?? 0
}
