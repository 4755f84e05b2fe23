/** Aspects by name: SQL that gives text, or null in the ordinary case, which is then not told. */
export type AspectQueries = Readonly<Record<string, string>>

/** SQL for a list of privileges: null means the built-in default. */
export interface AccessList {
  readonly list: string
  /** The list that counts as nothing having been granted or revoked. */
  readonly ordinary: string
}

/**
 * One kind of object, or one aspect of it, read from the catalogue. Several sources may tell of one object. Values are
 * words that can be read alone; none may hold an OID. The SQL may use the tables of `read-catalogue.ts`: `spaces`
 * and `members`; `$1` is the schema of the journal, which is left out.
 */
export interface CatalogueSource {
  /** In words: `policies`. */
  readonly kind: string
  /** Catalogues that are read; where the role may not read one of them, the kind is said to be not read. */
  readonly reads: readonly string[]
  /** SQL: the name of the object with its kind before it; or the OID of the relation that it is. */
  readonly object?: string
  readonly relation?: string
  /** SQL: a part of the object; absent: the object itself. */
  readonly part?: string
  readonly aspects: AspectQueries
  readonly access?: AccessList
  readonly from: string
  /**
   * SQL: a cheap condition without which there is nothing to read. Most catalogues hold nothing of the user's, and
   * planning the statement costs more than running it. Absent: the first catalogue that is read holds a row of the user's.
   */
  readonly present?: string
  /**
   * Costly to read: only for relations of which something changed, and those that mention one. Its rows must follow from
   * the rows of the catalogue that `catalogue-state.ts` counts, and from names. `from` ends in a condition.
   */
  readonly byRelation?: true
  /**
   * Catalogues from whose rows its own follow, but for names and for what `pg_depend` says it mentions of relations: as
   * long as none of them changed it is not read again. Absent: it is read at every stop.
   */
  readonly follows?: readonly string[]
  /** Relations of extensions are told too: what users add to them is theirs. */
  readonly onExtensions?: true
}

/** For `present`: read in any case. */
export const always = 'true'

/** For `present`: some row of the catalogue fits. */
export function some(catalogue: string, condition = 'true'): string {
  return `exists (select from ${catalogue} where ${condition})`
}

/** `case … end` over the letters of the catalogue; a letter that is not named is null, the ordinary case. */
export function words(column: string, meanings: Readonly<Record<string, string>>): string {
  const cases = Object.entries(meanings).map(([letter, word]) => `when '${letter}' then '${word}'`)
  return `case ${column} ${cases.join(' ')} end`
}

/** The word where the condition holds. */
export function when(condition: string, word: string): string {
  return `case when ${condition} then '${word}' end`
}

/** Storage or planner options: their order says nothing. */
export function options(list: string, before = 'options '): string {
  return `case when ${list} is not null then '${before}' || (select string_agg(o, ', ' order by o collate "C") from unnest(${list}) o) end`
}

/** Options of foreign data. Values of options that look like credentials are left out. */
export function foreignOptions(list: string, before = 'options '): string {
  const shown = `case when o ~* '^[^=]*(pass|secret|token|key|user|cred)[^=]*=' then split_part(o, '=', 1) else o end`
  return `case when ${list} is not null then '${before}' || (select string_agg(${shown}, ', ' order by o collate "C") from unnest(${list}) o) end`
}

/** A qualified name in quotes where needed. */
export function qualified(schema: string, name: string): string {
  return `${schema}::regnamespace::text || '.' || quote_ident(${name})`
}

export function owner(role: string): AspectQueries {
  return { owner: `'owner ' || pg_get_userbyid(${role})` }
}

/** @param type the letter that `acldefault` takes: r table, s sequence, f function, n schema, T type, … */
export function access(list: string, type: string, role: string): AccessList {
  return { list, ordinary: `acldefault('${type}', ${role})` }
}

/** For `present`: the first object of the user's. */
function usersPresent(catalogue: string): string {
  return some(catalogue, `oid >= ${firstOfUser}`)
}

/** The condition under which a source has anything to tell. */
export function presence({ present, reads: [catalogue] }: CatalogueSource): string {
  return present ?? (catalogue === undefined ? always : usersPresent(catalogue))
}

/** Condition: the object lies in a schema of the user's and belongs to no extension. */
export function usersOwn(catalogue: string, alias: string, schema: string): string {
  return `${alias}.oid >= ${firstOfUser} and ${alias}.${schema} in (select oid from spaces) and ${notOfExtension(catalogue, alias)}`
}

/** Condition, for what lies in no schema: it is the user's and belongs to no extension. */
export function usersLoose(catalogue: string, alias: string): string {
  return `${alias}.oid >= ${firstOfUser} and ${notOfExtension(catalogue, alias)}`
}

export function notOfExtension(catalogue: string, alias: string): string {
  return `${alias}.oid not in (select objid from members where classid = '${catalogue}'::regclass)`
}

/** Condition: the object was not made by the server as a part of another, as constructors of ranges are. */
export function notPart(catalogue: string, alias: string): string {
  return `not exists (select from pg_depend i where i.classid = '${catalogue}'::regclass and i.objid = ${alias}.oid and i.deptype = 'i')`
}

/** FirstNormalObjectId of the server's transam.h: objects below were made by initdb. */
export const firstOfUser = 16_384

/** States of triggers, rules and event triggers; O, the ordinary one, is enabled. */
export const enabledWords: Readonly<Record<string, string>> = {
  D: 'disabled',
  R: 'enabled on replicas',
  A: 'always enabled',
}
