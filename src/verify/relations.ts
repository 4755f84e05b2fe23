import type { Connection } from '../model/database.ts'

/** A relation of the user's, as the catalogue has it at one moment. OIDs do not change when it is renamed or rewritten. */
export interface Relation {
  readonly oid: number
  /** `public.books`. */
  readonly name: string
  readonly bareName: string
  readonly kind: 'table' | 'index' | 'view' | 'sequence' | 'other'
  /** Of an index: its table. */
  readonly tableOid: number | null
  /** Changes when the relation is written anew into another file; null where it has none. */
  readonly file: number | null
  readonly pages: number
  /** Sequential scans that this session began and did not yet report. */
  readonly scans: number
}

/** Every relation outside the system's schemas. Takes no lock on any of them. */
export async function readRelations(connection: Connection): Promise<ReadonlyMap<number, Relation>> {
  const { rows } = await connection.query<Relation>(relationsQuery)
  return new Map(rows.map((relation) => [relation.oid, relation]))
}

const relationsQuery = `
  select c.oid::int8::float8 as oid,
         quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name,
         c.relname::text as "bareName",
         case when c.relkind in ('r', 'p', 'm', 'f') then 'table' when c.relkind in ('i', 'I') then 'index'
              when c.relkind = 'v' then 'view' when c.relkind = 'S' then 'sequence' else 'other' end as kind,
         i.indrelid::int8::float8 as "tableOid",
         pg_relation_filenode(c.oid)::int8::float8 as file,
         case when c.relkind in ('r', 'm') then pg_relation_size(c.oid) / current_setting('block_size')::int else 0 end::float8 as pages,
         coalesce(pg_stat_get_xact_numscans(c.oid), 0)::float8 as scans
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_index i on i.indexrelid = c.oid
   where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`
