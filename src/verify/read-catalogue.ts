import type { Connection } from '../model/database.ts'
import type { Changes } from './catalogue-changes.ts'
import { type CatalogueSource, presence } from './catalogue/source.ts'

/** Object or OID of a relation, part, privileges and the ordinary ones, then the source's aspects in their order. */
export type CatalogueRow = readonly [
  string | number,
  string | null,
  readonly [readonly string[], readonly string[]] | null,
  ...(readonly (string | null)[]),
]

export interface CatalogueAnswer {
  /** Of the sources that were read. */
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

interface Answered {
  readonly source: number
  readonly rows: readonly CatalogueRow[] | null
}

export interface CatalogueQuestion {
  readonly sources: readonly CatalogueSource[]
  /** Catalogues that may not be read: what needs them tells nothing. */
  readonly leaveOut: ReadonlySet<string>
  readonly journalSchema: string
  /** What changed since the last answer. */
  readonly changes: Changes | 'everything'
}

/** Reads the sources of one database that have anything new to tell. */
export class CatalogueReader {
  /** Sources that had something to tell when they were asked. */
  #present: ReadonlySet<CatalogueSource> = new Set()

  /**
   * All in one statement: a round trip, and what they share is read once. A statement before it asks which sources
   * have anything to tell.
   */
  async read(
    connection: Connection,
    { sources, leaveOut, journalSchema, changes }: CatalogueQuestion,
  ): Promise<CatalogueAnswer> {
    const readable = sources.filter(({ reads }) => !reads.some((catalogue) => leaveOut.has(catalogue)))
    const { wanted, again } = await this.#wanted(connection, readable, changes, leaveOut)
    const sql = catalogueQuery(sources, wanted, again !== undefined)
    const isAsked = again !== undefined && again.length > 0
    const { rows } = await connection.query<Answered>(sql, isAsked ? [journalSchema, again] : [journalSchema])
    const answers = new Map(rows.map((answer) => [answer.source, answer.rows]))
    const answered = [...sources.entries()].filter(([, source]) => changes === 'everything' || wanted.has(source))
    return { rows: new Map(answered.map(([index, source]) => [source, answers.get(index) ?? []])), again }
  }

  async #wanted(
    connection: Connection,
    readable: readonly CatalogueSource[],
    changes: Changes | 'everything',
    leaveOut: ReadonlySet<string>,
  ): Promise<{ readonly wanted: ReadonlySet<CatalogueSource>; readonly again: readonly number[] | undefined }> {
    if (changes === 'everything') {
      this.#present = (await look(connection, readable, [], leaveOut)).present
      return { wanted: this.#present, again: undefined }
    }
    const isTouched = (catalogue: string): boolean => changes.catalogues.has(catalogue)
    const mayHaveCome = readable.filter(
      (source) => !this.#present.has(source) && (source.reads.length === 0 || source.reads.some(isTouched)),
    )
    const { present, mentions } = await look(connection, mayHaveCome, [...changes.relations], leaveOut)
    this.#present = new Set([...this.#present, ...present])
    const again = [...new Set([...changes.relations, ...mentions.flatMap(([, relation]) => relation ?? [])])]
    const mentioning = new Set(mentions.map(([catalogue]) => catalogue))
    const isWanted = ({ byRelation, follows }: CatalogueSource): boolean => {
      if (byRelation === true) return again.length > 0
      return follows === undefined || follows.some((catalogue) => isTouched(catalogue) || mentioning.has(catalogue))
    }
    return { wanted: new Set(readable.filter((source) => this.#present.has(source) && isWanted(source))), again }
  }
}

interface Looked {
  readonly present: ReadonlySet<CatalogueSource>
  readonly mentions: readonly Mention[]
}

/** The catalogue of an object that mentions one of the relations, and the relation that it belongs to, if any. */
type Mention = readonly [catalogue: string, relation: number | null]

/** Of objects of these catalogues, which mention relations, the relation that each belongs to. */
const owners: readonly (readonly [catalogue: string, relation: string])[] = [
  ['pg_rewrite', 'ev_class'],
  ['pg_constraint', 'conrelid'],
  ['pg_attrdef', 'adrelid'],
  ['pg_trigger', 'tgrelid'],
  ['pg_policy', 'polrelid'],
]

/** Keys that refer to a table, views over it, its indexes, defaults that ask a sequence, bodies of functions. */
function mentionsQuery(leaveOut: ReadonlySet<string>): string {
  const cases = owners
    .filter(([catalogue]) => !leaveOut.has(catalogue))
    .map(([name, relation]) => `when '${name}'::regclass then (select ${relation} from ${name} where oid = d.objid)`)
  return `
    select json_agg(distinct jsonb_build_array(d.classid::regclass::text, (
             case d.classid when 'pg_class'::regclass then d.objid ${cases.join(' ')} end)::int8))
      from pg_depend d where d.refclassid = 'pg_class'::regclass and d.refobjid = any ($1::oid[])`
}

async function look(
  connection: Connection,
  sources: readonly CatalogueSource[],
  relations: readonly number[],
  leaveOut: ReadonlySet<string>,
): Promise<Looked> {
  const conditions = [...new Set(sources.map(presence))]
  const list = conditions.map((condition) => `(${condition})`).join(', ')
  const { rows } = await connection.query<{ present: readonly boolean[]; mentions: readonly Mention[] | null }>(
    `select array[${list}]::boolean[] as present, (${mentionsQuery(leaveOut)}) as mentions`,
    [relations],
  )
  const present = new Set(conditions.filter((_, index) => rows[0]?.present[index] === true))
  return {
    present: new Set(sources.filter((source) => present.has(presence(source)))),
    mentions: rows[0]?.mentions ?? [],
  }
}

function catalogueQuery(
  sources: readonly CatalogueSource[],
  wanted: ReadonlySet<CatalogueSource>,
  again: boolean,
): string {
  const selects = sources.flatMap((source, index) => (wanted.has(source) ? [sourceQuery(source, index, again)] : []))
  return `${shared} ${selects.join('\nunion all ')}`
}

function sourceQuery(source: CatalogueSource, index: number, again: boolean): string {
  const { object, relation, part, aspects, access, from, byRelation } = source
  const privileges =
    access === undefined
      ? 'null'
      : `case when ${access.list} is not null then json_build_array((${access.list})::text[], (${access.ordinary})::text[]) end`
  const values = [object ?? `(${relation})::int8`, part ?? 'null', privileges, ...Object.values(aspects)]
  const only = again && byRelation === true ? ` and ${relation} = any ($2::oid[])` : ''
  return `select ${index} as source, (select json_agg(v) from (select json_build_array(${values.join(', ')}) as v from ${from}${only}) s) as rows`
}
