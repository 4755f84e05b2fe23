import type { Connection } from '../model/database.ts'
import { type CatalogueSource, presence } from './catalogue/source.ts'

/** Object or OID of a relation, part, privileges and the ordinary ones, then the source's aspects in their order. */
export type CatalogueRow = readonly [
  string | number,
  string | null,
  readonly [readonly string[], readonly string[]] | null,
  ...(readonly (string | null)[]),
]

export interface CatalogueAnswer {
  readonly rows: ReadonlyMap<CatalogueSource, readonly CatalogueRow[]>
  /** The relations whose rows were read from sources marked `byRelation`; undefined: all. */
  readonly again: readonly number[] | undefined
}

/** Schemas of the user's, and members of extensions. */
export const shared = `
  with spaces as materialized (
    select oid from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', $1)),
  members as materialized (
    select classid, objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e')`

/**
 * Relations `$2`, and those whose definitions mention one of them: keys that refer to it, views over it, its indexes,
 * defaults that ask a sequence.
 */
const readAgain = `, again as materialized (
  select unnest($2::oid[]) as relation
  union select case d.classid when 'pg_class'::regclass then d.objid
           when 'pg_rewrite'::regclass then (select ev_class from pg_rewrite where oid = d.objid)
           when 'pg_constraint'::regclass then (select conrelid from pg_constraint where oid = d.objid)
           when 'pg_attrdef'::regclass then (select adrelid from pg_attrdef where oid = d.objid) end
    from pg_depend d where d.refclassid = 'pg_class'::regclass and d.refobjid = any ($2::oid[])
     and d.classid in ('pg_class'::regclass, 'pg_rewrite'::regclass, 'pg_constraint'::regclass, 'pg_attrdef'::regclass))`

interface Answered {
  /** Its number; -1 for the relations. */
  readonly source: number
  readonly rows: readonly CatalogueRow[] | null
  readonly relations: readonly number[] | null
}

export interface CatalogueQuestion {
  readonly sources: readonly CatalogueSource[]
  /** Catalogues that may not be read: what needs them tells nothing. */
  readonly leaveOut: ReadonlySet<string>
  readonly journalSchema: string
  /** Of sources marked `byRelation`, only the rows of these and of what depends on them; undefined: all. */
  readonly relations: readonly number[] | undefined
}

/**
 * All sources that have anything to tell, in one statement: a round trip, and what they share is read once. A statement
 * before it asks which these are.
 */
export async function readCatalogue(
  connection: Connection,
  { sources, leaveOut, journalSchema, relations }: CatalogueQuestion,
): Promise<CatalogueAnswer> {
  const readable = sources.filter(({ reads }) => !reads.some((catalogue) => leaveOut.has(catalogue)))
  const wanted = await presentSources(connection, readable)
  const sql = catalogueQuery(sources, wanted, relations !== undefined)
  const { rows } = await connection.query<Answered>(
    sql,
    relations === undefined ? [journalSchema] : [journalSchema, relations],
  )
  const answers = new Map(rows.map((answer) => [answer.source, answer]))
  return {
    rows: new Map(sources.map((source, index) => [source, answers.get(index)?.rows ?? []])),
    again: relations === undefined ? undefined : (answers.get(-1)?.relations ?? []),
  }
}

async function presentSources(
  connection: Connection,
  sources: readonly CatalogueSource[],
): Promise<ReadonlySet<CatalogueSource>> {
  const conditions = [...new Set(sources.map(presence))]
  const list = conditions.map((condition) => `(${condition})`).join(', ')
  const { rows } = await connection.query<{ present: readonly boolean[] }>(`select array[${list}] as present`)
  const present = new Set(conditions.filter((_, index) => rows[0]?.present[index] === true))
  return new Set(sources.filter((source) => present.has(presence(source))))
}

function catalogueQuery(
  sources: readonly CatalogueSource[],
  wanted: ReadonlySet<CatalogueSource>,
  again: boolean,
): string {
  const selects = sources.flatMap((source, index) => (wanted.has(source) ? [sourceQuery(source, index, again)] : []))
  const relations = again
    ? [
        `select -1 as source, null::json as rows, json_agg(relation::int8) as relations from again where relation is not null`,
      ]
    : []
  return shared + (again ? readAgain : '') + [...relations, ...selects].join('\nunion all ')
}

function sourceQuery(source: CatalogueSource, index: number, again: boolean): string {
  const { object, relation, part, aspects, access, from, byRelation } = source
  const privileges =
    access === undefined
      ? 'null'
      : `case when ${access.list} is not null then json_build_array((${access.list})::text[], (${access.ordinary})::text[]) end`
  const values = [object ?? `(${relation})::int8`, part ?? 'null', privileges, ...Object.values(aspects)]
  const only = again && byRelation === true ? ` and ${relation} in (select relation from again)` : ''
  return `select ${index} as source, (select json_agg(v) from (select json_build_array(${values.join(', ')}) as v from ${from}${only}) s) as rows, null::json as relations`
}
