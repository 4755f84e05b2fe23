/** The name of an object as a statement writes it, unquoted. Without `schema` the search path decides. */
export interface Name {
  readonly schema?: string
  readonly name: string
}

/** Kinds of named objects that statements create, rename, move or drop. */
export type ObjectKind =
  | 'access-method'
  | 'aggregate'
  | 'cast'
  | 'collation'
  | 'column'
  | 'constraint'
  | 'conversion'
  | 'database'
  | 'domain'
  | 'event-trigger'
  | 'extension'
  | 'foreign-data-wrapper'
  | 'foreign-server'
  | 'foreign-table'
  | 'function'
  | 'index'
  | 'language'
  | 'large-object'
  | 'materialized-view'
  | 'operator'
  | 'operator-class'
  | 'operator-family'
  | 'policy'
  | 'procedure'
  | 'publication'
  | 'role'
  | 'rule'
  | 'schema'
  | 'sequence'
  | 'statistics'
  | 'subscription'
  | 'table'
  | 'tablespace'
  | 'text-search-configuration'
  | 'text-search-dictionary'
  | 'text-search-parser'
  | 'text-search-template'
  | 'transform'
  | 'trigger'
  | 'type'
  | 'user-mapping'
  | 'view'
  | 'other'

/** A name for messages: `books`, `public.books`; quoted where the server would need it. */
export function nameText(name: Name): string {
  const own = quoteName(name.name)
  return name.schema === undefined ? own : `${quoteName(name.schema)}.${own}`
}

/** An identifier, in double quotes where PostgreSQL would not read it back as it is (lower-case letters, digits, `_`). */
export function quoteName(identifier: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(identifier) && !reservedWords.has(identifier)) return identifier
  return `"${identifier.replaceAll('"', '""')}"`
}

/** A string literal. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/**
 * Key words that cannot stand bare as a column or table name: categories R and T of `pg_get_keywords()` on
 * PostgreSQL 18, and C ("cannot be function or type"), which pg_dump quotes as well.
 */
const reservedWords = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
  char character check coalesce collate collation column concurrently constraint create cross current_catalog
  current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
  desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
  grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array
  json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
  lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize not
  notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real
  references returning right row select session_user setof similar smallint some substring symmetric system_user table
  tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose
  when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
  xmlserialize xmltable`.split(/\s+/),
)
