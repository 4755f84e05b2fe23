import { remembered } from '../core/remembered.ts'
import { sha256 } from '../core/hash.ts'
import { type OwnText, asJson } from '../core/own-data.ts'
import type { Store } from '../core/store.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { type HiddenSql, type Migration, type ParsedMigration, type Section, sectionsOf } from '../model/migration.ts'
import type { ParsedSql, Statement } from '../model/statement.ts'

/** How SQL that was read is kept and told. */
export const readSql: OwnText<ParsedSql> = asJson()

const nothing: ParsedSql = { statements: [], problems: [] }

/**
 * Reads the SQL of both directions. Never throws for bad SQL. `dialect.load()` must have resolved, unless `store` knows
 * the SQL already (see `isRead`). SQL is only read, or what `store` knows unpacked, when somebody looks at it.
 */
export function parseMigration(migration: Migration, dialect: Dialect, store?: Store): ParsedMigration {
  const { down } = migration
  const upSql = reader(migration.up, dialect, store)
  const downSql = down.kind === 'sql' ? reader(down.section, dialect, store) : () => nothing
  return {
    ...migration,
    get upSql() {
      return upSql()
    },
    get downSql() {
      return downSql()
    },
  }
}

/** Whether `store` knows the SQL of both directions, so that no grammar is needed. */
export function isRead(migration: Migration, store: Store): boolean {
  return sectionsOf(migration).every((section) => store.has(keyOf(section)))
}

/** Reads for the next run what `store` does not know of both directions. */
export function keepRead(migration: Migration, dialect: Dialect, store: Store): void {
  for (const { sql, span } of sectionsOf(migration)) {
    const key = sqlKey(sql, span.start)
    if (!store.has(key)) store.set(key, readSql.pack(dialect.parse(sql, span.start)))
  }
}

function reader(section: Section, dialect: Dialect, store: Store | undefined): () => ParsedSql {
  const key = store === undefined ? '' : keyOf(section)
  let whole: ParsedSql | undefined
  const parse = (): ParsedSql => dialect.parse(section.sql, section.span.start)
  if (store !== undefined && !store.has(key)) {
    // What is new is read at once: the grammar is there, and the next run finds it.
    const parsed = parse()
    store.set(key, readSql.pack(parsed))
    whole = withHidden(parsed, section)
  }
  const known = (): ParsedSql => {
    const packed = store?.get(key)
    return packed === undefined ? parse() : readSql.unpack(packed)
  }
  return () => (whole ??= withHidden(known(), section))
}

/** What is read depends on the text and on where it starts. */
export function sqlKey(sql: string, start: number): string {
  return `sql:${start}:${sha256(sql, 'base64url')}`
}

const keyOf = remembered(({ sql, span }: Section): string => sqlKey(sql, span.start))

function withHidden(parsed: ParsedSql, { sql, span, hidden = [], problems = [] }: Section): ParsedSql {
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
