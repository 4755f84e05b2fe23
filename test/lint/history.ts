import { parseMigration } from '../../src/lint/parse.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import type { Migration, ParsedMigration } from '../../src/model/migration.ts'

/** A migration whose file is nothing but its up section. */
export function migration(sql: string, more: Partial<Migration> = {}): ParsedMigration {
  const id = more.id ?? '1'
  return parseMigration(
    {
      id,
      name: id,
      source: { path: `migrations/${id}.sql`, text: sql, sha256: '' },
      up: { span: { start: 0, end: sql.length }, sql, transaction: true },
      down: { kind: 'missing', expected: false },
      gates: [],
      requires: [],
      allows: [],
      downLoses: [],
      ...more,
    },
    postgres,
  )
}

/** Several such files, one after the other: `1`, `2`, … */
export function history(...files: readonly string[]): readonly ParsedMigration[] {
  return files.map((sql, index) => migration(sql, { id: String(index + 1) }))
}
