/**
 * One kind of object, read from the catalogue. The query gives rows `object text, part text, aspects jsonb`:
 * `table public.books`, `column title`, `{"nullability": "not null"}`; the part is '' for the object itself. Values are
 * words that can be read alone. `$1` is the schema of the journal, which is left out. No value may hold an OID.
 */
export interface CatalogueQuery {
  readonly kind: string
  readonly sql: string
}

/** Condition: the schema `alias` is one of the user's. */
export function usersSchema(alias: string): string {
  return `${alias}.nspname !~ '^pg_' and ${alias}.nspname not in ('information_schema', $1)`
}

/** Condition: the object does not belong to an extension; those are told by the extension's version. */
export function notOfExtension(catalogue: string, oid: string): string {
  return `not exists (select from pg_depend member where member.classid = '${catalogue}'::regclass and member.objid = ${oid} and member.deptype = 'e')`
}

/** A qualified name in quotes where needed. */
export function qualified(schemaAlias: string, name: string): string {
  return `quote_ident(${schemaAlias}.nspname) || '.' || quote_ident(${name})`
}

/**
 * Privileges as text. A list that is null means the built-in default, so that GRANT and then REVOKE is no difference.
 *
 * @param type the letter that `acldefault` takes: r table, s sequence, f function, n schema, T type
 */
export function privileges(list: string, type: string, owner: string): string {
  return `'privileges ' || (
    select coalesce(string_agg(line, ', ' order by line), 'of nobody') from (
      select case x.grantee when 0 then 'public' else x.grantee::regrole::text end || ': ' || string_agg(
               lower(x.privilege_type) || case when x.is_grantable then ' with grant option' else '' end, ' ' order by x.privilege_type) as line
        from aclexplode(coalesce(${list}, acldefault('${type}', ${owner}))) x group by x.grantee) lines)`
}

/** Storage or planner options as text. */
export function options(list: string): string {
  return `coalesce('options ' || (select string_agg(o, ', ' order by o) from unnest(${list}) o), 'no options')`
}
