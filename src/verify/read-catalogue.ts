import type { Connection } from '../model/database.ts'
import { type CatalogueSource, firstOfUser, presence } from './catalogue/source.ts'

/** Object or OID of a relation, part, privileges and the ordinary ones, then the source's aspects in their order. */
export type CatalogueRow = readonly [
  string | number,
  string | null,
  readonly [readonly string[], readonly string[]] | null,
  ...(readonly (string | null)[]),
]

export interface CatalogueAnswer {
  /** Rows by number of the source; those that have nothing to tell are left out. */
  readonly rows: ReadonlyMap<number, readonly CatalogueRow[]>
  /** Relations by OID, which goes no further. */
  readonly relations: ReadonlyMap<number, Relation>
}

export interface Relation {
  /** `table public.books`. */
  readonly object: string
  readonly ofExtension: boolean
}

interface Answered {
  readonly source: number
  readonly rows: readonly CatalogueRow[] | null
  readonly relations: readonly (readonly [number, string, boolean])[] | null
}

const kindWords = `case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'i' then 'index ' when 'I' then 'index ' when 'S' then 'sequence ' when 'c' then 'type ' else 'table ' end`

/** Schemas of the user's, and members of extensions. */
const shared = `
  with spaces as materialized (
    select oid from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', $1)),
  members as materialized (
    select classid, objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e')`

const relationsQuery = `
  select -1 as source, null::json as rows, (
    select json_agg(json_build_array(c.oid::int8, ${kindWords} || c.oid::regclass::text, c.oid in (select objid from members where classid = 'pg_class'::regclass)))
      from pg_class c
     where c.oid >= ${firstOfUser} and c.relkind in ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S', 'c') and c.relnamespace in (select oid from spaces)) as relations`

/**
 * All sources that have anything to tell, in one statement: a round trip, and what they share is read once. A statement
 * before it asks which these are.
 */
export async function readCatalogue(
  connection: Connection,
  sources: readonly CatalogueSource[],
  journalSchema: string,
): Promise<CatalogueAnswer> {
  const wanted = await presentSources(connection, sources)
  const { rows: answers } = await connection.query<Answered>(catalogueQuery(sources, wanted), [journalSchema])
  const relations = answers.flatMap((answer) => answer.relations ?? [])
  return {
    rows: new Map(answers.map(({ source, rows }) => [source, rows ?? []])),
    relations: new Map(relations.map(([oid, object, ofExtension]) => [oid, { object, ofExtension }])),
  }
}

async function presentSources(
  connection: Connection,
  sources: readonly CatalogueSource[],
): Promise<ReadonlySet<number>> {
  const conditions = [...new Set(sources.map(presence))]
  const list = conditions.map((condition) => `(${condition})`).join(', ')
  const { rows } = await connection.query<{ present: readonly boolean[] }>(`select array[${list}] as present`)
  const present = new Set(conditions.filter((_, index) => rows[0]?.present[index] === true))
  return new Set([...sources.entries()].filter(([, source]) => present.has(presence(source))).map(([index]) => index))
}

function catalogueQuery(sources: readonly CatalogueSource[], wanted: ReadonlySet<number>): string {
  const selects = sources.flatMap((source, index) => (wanted.has(index) ? [sourceQuery(source, index)] : []))
  return [shared + relationsQuery, ...selects].join('\nunion all ')
}

function sourceQuery({ object, relation, part, aspects, access, from }: CatalogueSource, index: number): string {
  const privileges =
    access === undefined
      ? 'null'
      : `case when ${access.list} is not null then json_build_array((${access.list})::text[], (${access.ordinary})::text[]) end`
  const values = [object ?? `(${relation})::int8`, part ?? 'null', privileges, ...Object.values(aspects)]
  return `select ${index}, (select json_agg(v) from (select json_build_array(${values.join(', ')}) as v from ${from}) s), null`
}
