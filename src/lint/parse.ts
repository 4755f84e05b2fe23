import type { Dialect } from '../dialects/dialect.ts'
import type { HiddenSql, Migration, ParsedMigration, Section } from '../model/migration.ts'
import type { ParsedSql, Statement } from '../model/statement.ts'

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

function parseSection({ sql, span, hidden = [], problems = [] }: Section, dialect: Dialect): ParsedSql {
  const parsed = dialect.parse(sql, span.start)
  if (hidden.length === 0 && problems.length === 0) return parsed
  const unseen = hidden.map((one) => hiddenStatement(one, sql, span.start))
  return {
    statements: [...parsed.statements, ...unseen].toSorted((a, b) => a.span.start - b.span.start),
    problems: [...parsed.problems, ...problems].toSorted((a, b) => a.span.start - b.span.start),
  }
}

/** What the tool runs there without showing it is judged as SQL that nobody can read. */
function hiddenStatement({ span, reason }: HiddenSql, sql: string, offset: number): Statement {
  return {
    span,
    sql: sql.slice(span.start - offset, span.end - offset),
    facts: [{ kind: 'dynamic-sql', span, where: 'elsewhere', reason }],
    needsNoTransaction: false,
  }
}
