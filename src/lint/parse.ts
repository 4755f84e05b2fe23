import type { Dialect } from '../dialects/dialect.ts'
import type { Migration, ParsedMigration, Section } from '../model/migration.ts'
import type { ParsedSql } from '../model/statement.ts'

const nothing: ParsedSql = { statements: [], problems: [] }

/** Reads the SQL of both directions. `dialect.load()` must have resolved. Never throws for bad SQL. */
export function parseMigration(migration: Migration, dialect: Dialect): ParsedMigration {
  const { down } = migration
  return {
    ...migration,
    upSql: parseSection(migration.up, dialect),
    downSql: down.kind === 'sql' ? parseSection(down.section, dialect) : nothing,
  }
}

function parseSection(section: Section, dialect: Dialect): ParsedSql {
  return dialect.parse(section.sql, section.span.start)
}
