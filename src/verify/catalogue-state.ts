import type { Connection } from '../model/database.ts'
import { firstOfUser } from './catalogue/source.ts'
import { shared } from './read-catalogue.ts'

/** What the catalogue holds, told so cheaply that it can be asked at every stop. */
export interface CatalogueState {
  /** Changes with what belongs to extensions. */
  readonly members: string
  /** Relations by OID, which goes no further. */
  readonly relations: ReadonlyMap<number, RelationState>
  /**
   * Rows of each catalogue that were inserted, updated and deleted, ever. Undefined where that says nothing: where the
   * server does not count at once, and in a transaction that wrote, because undoing it is not counted.
   */
  readonly counts: ReadonlyMap<string, Counts> | undefined
}

export interface RelationState {
  /** `table public.books`. */
  readonly object: string
  readonly ofExtension: boolean
  /**
   * How many rows of the catalogue say what the relation is, and the sum of the transactions that wrote them. Both are
   * equal later only when no row came, went or was written anew: what is written later has a greater number.
   */
  readonly signature: string
}

export interface Counts {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

/** Before this version the server counts rows in a process of its own, some time later. */
const countsAtOnce = 150_000

export async function readCatalogueState(
  connection: Connection,
  journalSchema: string,
  unreadable: ReadonlySet<string>,
): Promise<CatalogueState> {
  const { rows } = await connection.query<Answered>(stateQuery(unreadable), [journalSchema])
  const counted = connection.versionNumber >= countsAtOnce && rows[0]?.counted === true
  return {
    members: rows[0]?.members ?? '',
    relations: new Map(
      rows[0]?.relations?.map(([oid, object, ofExtension, signature]) => [oid, { object, ofExtension, signature }]),
    ),
    counts: counted ? new Map(rows[0]?.counts.map(([name, ...counts]) => [name, countsOf(counts)])) : undefined,
  }
}

interface Answered {
  readonly members: string
  readonly relations: readonly (readonly [number, string, boolean, string])[] | null
  readonly counts: readonly (readonly [string, number, number, number])[]
  readonly counted: boolean
}

function countsOf([inserted, updated, deleted]: readonly [number, number, number]): Counts {
  return { inserted, updated, deleted }
}

const kindWords = `case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'i' then 'index ' when 'I' then 'index ' when 'S' then 'sequence ' when 'c' then 'type ' else 'table ' end`

/** What is reported, and what of this session is not yet. */
const counted = ['inserted', 'updated', 'deleted']
  .map((what) => `pg_stat_get_tuples_${what}(c.oid) + coalesce(pg_stat_get_xact_tuples_${what}(c.oid), 0)`)
  .join(', ')

/** The rows that the sources marked `byRelation` tell of: by catalogue, the relation that each says something about. */
const versions: readonly (readonly [catalogue: string, relation: string, condition?: string])[] = [
  ['pg_class', 'oid', `oid >= ${firstOfUser}`],
  ['pg_attribute', 'attrelid', `attrelid >= ${firstOfUser} and attnum > 0`],
  ['pg_attrdef', 'adrelid'],
  ['pg_constraint', 'conrelid', `oid >= ${firstOfUser}`],
  ['pg_constraint', 'conindid', `oid >= ${firstOfUser}`],
  ['pg_index', 'indrelid', `indexrelid >= ${firstOfUser}`],
  ['pg_index', 'indexrelid', `indexrelid >= ${firstOfUser}`],
  ['pg_rewrite', 'ev_class', `ev_class >= ${firstOfUser}`],
  ['pg_trigger', 'tgrelid'],
  ['pg_policy', 'polrelid'],
  ['pg_sequence', 'seqrelid'],
]

/** Ages are counted from the running transaction; their distance from that of the first one stays the same. */
const signature = (version: string): string => `count(*) || ' ' || sum(age(${version}) - age('3'::xid))`

/** What may not be read is not told, so it need not be looked at. */
function stateQuery(unreadable: ReadonlySet<string>): string {
  const readable = versions
    .filter(([catalogue]) => !unreadable.has(catalogue))
    .map(([catalogue, relation, condition = 'true']) => `select ${relation}, xmin from ${catalogue} where ${condition}`)
  return `${shared}, versions (relation, version) as (${readable.join(' union all ')}),
  signatures as (select relation, ${signature('version')} as signature from versions group by relation)
  select (select ${signature('xmin')} from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e') as members,
         (select json_agg(json_build_array(c.oid::int8, ${kindWords} || c.oid::regclass::text, c.oid in (select objid from members where classid = 'pg_class'::regclass), s.signature))
            from pg_class c join signatures s on s.relation = c.oid
           where c.relkind in ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S', 'c') and c.relnamespace in (select oid from spaces)) as relations,
         (select json_agg(json_build_array(c.relname, ${counted})) from pg_class c where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r') as counts,
         current_setting('track_counts')::boolean and pg_current_xact_id_if_assigned() is null as counted`
}
