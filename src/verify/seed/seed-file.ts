import type { Section, SourceFile } from '../../model/migration.ts'
import type { ParsedSql } from '../../model/statement.ts'

/** A file of SQL with rows of the user's own. */
export interface SeedFile {
  readonly source: SourceFile
  readonly parsed: ParsedSql
  /** What `-- migrate:seed after ID` says; undefined: as soon as it applies. */
  readonly after: string | undefined
}

/** A seed runs as the upgrade of a migration does. */
export function seedSection({ source }: SeedFile): Section {
  return { span: { start: 0, end: source.text.length }, sql: source.text, transaction: true }
}
