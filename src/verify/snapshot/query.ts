/**
 * One kind of object, read from the catalogue as the statements that would create it: rows `schema text, name text,
 * sql text, invalid boolean, body text`. `schema` is null for what lies in none; `body` is what a function's `AS` says. `$1` is the schema of the journal, which is left
 * out. Names are qualified unless they lie in `public`, which is the search path of the session.
 */
export interface StatementQuery {
  readonly sql: string
}

/** A qualified name in quotes where needed; null where the schema or the name is. */
export function named(schema: string, name: string): string {
  return `format('%I.%I', ${schema}, ${name})`
}

/** The first columns of every query, and the relation that they come from. */
export function rows(sql: string, { schema, name, invalid = 'false', body = 'null' }: RowParts): string {
  return `select ${schema}::text as schema, ${name}::text as name, ${sql} as sql, ${invalid} as invalid, ${body}::text as body`
}

interface RowParts {
  readonly schema: string
  readonly name: string
  readonly invalid?: string
  readonly body?: string
}
