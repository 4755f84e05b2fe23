import type { ParsedMigration, SourceFile } from '../model/migration.ts'
import { downSource, upSource } from './source-of.ts'

/**
 * Gives the 1-based number of the statement that starts at an offset of a file, counting broken ones and those of the
 * other direction where both are in one file.
 */
export function statementNumbers(migration: ParsedMigration): (file: SourceFile, offset: number) => number {
  const up = startsOf(migration.upSql)
  const down = startsOf(migration.downSql)
  if (upSource(migration) === downSource(migration)) {
    const numbers = numbered([...up, ...down])
    return (_, offset) => numbers.get(offset) ?? 0
  }
  const files = new Map([
    [upSource(migration), numbered(up)],
    [downSource(migration), numbered(down)],
  ])
  return (file, offset) => files.get(file)?.get(offset) ?? 0
}

function startsOf({ statements, problems }: ParsedMigration['upSql']): readonly number[] {
  return [...statements.map(({ span }) => span.start), ...problems.map(({ statement }) => statement.start)]
}

function numbered(starts: readonly number[]): ReadonlyMap<number, number> {
  const places = [...new Set(starts)].toSorted((a, b) => a - b)
  return new Map(places.map((start, index) => [start, index + 1]))
}
