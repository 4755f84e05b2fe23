import { notOfExtension } from '../catalogue/query.ts'

/**
 * One kind of object, read from the catalogue as the statements that would create it: rows `schema text, name text,
 * sql text, invalid boolean, natural boolean, body text, inherited json`. `schema` is null for what lies in none; `body` is what a
 * function's `AS` says; `natural` is said of views with a NATURAL JOIN; `inherited` is what an heir has for its parents' sake alone. `$1` is the schema of the journal, which is left out. Names are qualified unless they lie in
 * `public`, which is the search path of the session.
 */
export interface StatementQuery {
  readonly sql: string
  /** Catalogues that it reads: where the role may not read one of them, the kind is said to be not read. */
  readonly reads: readonly string[]
}

/** A qualified name in quotes where needed; null where the schema or the name is. */
export function named(schema: string, name: string): string {
  return `format('%I.%I', ${schema}, ${name})`
}

/** The first columns of every query, and the relation that they come from. */
export function rows(
  sql: string,
  { schema, name, invalid = 'false', natural = 'false', body = 'null', inherited = 'null' }: RowParts,
): string {
  return `select ${schema}::text as schema, ${name}::text as name, ${sql} as sql, ${invalid} as invalid, ${natural} as natural, ${body}::text as body, ${inherited}::json as inherited`
}

interface RowParts {
  readonly schema: string
  readonly name: string
  readonly invalid?: string
  readonly natural?: string
  readonly body?: string
  readonly inherited?: string
}

/** Condition: it was made by a user, not by initdb, and belongs to no extension. For what lies in no schema. */
export function usersLoose(catalogue: string, oid: string): string {
  return `${oid} >= ${firstOfUser} and ${notOfExtension(catalogue, oid)}`
}

/** `FirstNormalObjectId` of PostgreSQL's `transam.h`. */
const firstOfUser = 16_384

/** Condition: the server did not make it beside another object, as it makes constructors of ranges. */
export function notPart(catalogue: string, oid: string): string {
  return `not exists (select from pg_depend part where part.classid = '${catalogue}'::regclass and part.objid = ${oid} and part.deptype = 'i')`
}

/** The qualified name of a function; null for none. */
export function functionName(oid: string): string {
  return `(select ${named('fn.nspname', 'f.proname')} from pg_proc f join pg_namespace fn on fn.oid = f.pronamespace where f.oid = ${oid})`
}

/** The same with its types, which tell it from its namesakes: `public.twice(integer)`. */
export function functionWithArguments(oid: string): string {
  return `(select format('%I.%I(%s)', fn.nspname, f.proname, (select string_agg(format_type(a, null), ', ' order by at) from unnest(f.proargtypes::oid[]) with ordinality u (a, at)))
     from pg_proc f join pg_namespace fn on fn.oid = f.pronamespace where f.oid = ${oid})`
}

/** The qualified name of an operator; null for none. */
export function operatorName(oid: string): string {
  return `(select format('%I.%s', fn.nspname, f.oprname) from pg_operator f join pg_namespace fn on fn.oid = f.oprnamespace where f.oid = ${oid})`
}

/** `word = value`, or null where the value is. */
export function given(word: string, value: string): string {
  return `'${word} = ' || ${value}`
}
