import type { Connection } from '../../model/database.ts'

/** A table of the user's. */
export interface TableState {
  readonly oid: number
  /** The partitioned table at the top that it is a part of; itself otherwise. */
  readonly root: number
  /** Whether it holds rows of its own: not a partitioned table, but its partitions. */
  readonly holdsRows: boolean
  /** `public.books`, quoted where needed. */
  readonly name: string
  /**
   * Equal at two stops only when nobody wrote to the table and its columns are the same. It may differ although the rows
   * are the same.
   */
  readonly signature: string
  readonly bytes: number
}

export interface TableStates {
  readonly tables: readonly TableState[]
  /** Changes when values that are stored already read differently: labels of enums, attributes of composite types. */
  readonly types: readonly string[]
}

/** Before this version the server counts rows in a process of its own, some time later. */
const countsAtOnce = 150_000

/**
 * Tells cheaply which tables can have changed: rows that this session inserted, updated and deleted are counted by the
 * server (what is reported plus what is not yet), and TRUNCATE and rewriting give a table another file.
 */
export async function readTableStates(connection: Connection): Promise<TableStates> {
  const [tables, types] = await Promise.all([
    connection.query<TableState>(statesQuery),
    connection.query<{ part: string }>(typesQuery),
  ])
  const certain = connection.versionNumber >= countsAtOnce
  return {
    tables: certain ? tables.rows : tables.rows.map((table) => ({ ...table, signature: uncertain() })),
    types: types.rows.map(({ part }) => part),
  }
}

let asked = 0
/** A signature that no other is equal to. */
function uncertain(): string {
  asked += 1
  return `unknown ${asked}`
}

const counted = ['inserted', 'updated', 'deleted']
  .map((what) => `pg_stat_get_tuples_${what}(c.oid) + coalesce(pg_stat_get_xact_tuples_${what}(c.oid), 0)`)
  .join(', ')

/**
 * Below 16384 are the server's own objects: their columns are most of the catalogue. The number of a table's columns and
 * the sum of the transactions that wrote them say whether one changed: what is written later has a greater number.
 */
const statesQuery = `
  select c.oid::int8::float8 as oid, coalesce(pg_partition_root(c.oid), c.oid)::oid::int8::float8 as root, c.relkind = 'r' as "holdsRows",
         quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name,
         concat_ws(' ', c.oid, pg_relation_filenode(c.oid), ${counted}, a.columns) as signature,
         case c.relkind when 'r' then pg_relation_size(c.oid) else 0 end::float8 as bytes
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join (select attrelid, count(*) || ' ' || sum(age(xmin) - age('3'::xid)) as columns
                 from pg_attribute where attnum > 0 and attrelid >= 16384 group by attrelid) a on a.attrelid = c.oid
   where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'migrate')
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   order by 2`

const typesQuery = `
  select concat_ws(' ', e.oid, e.enumlabel) as part from pg_enum e
  union all
  select concat_ws(' ', a.attrelid, a.attnum, a.attname, a.atttypid, a.attisdropped)
    from pg_class c join pg_attribute a on a.attrelid = c.oid
   where c.relkind = 'c' and a.attnum > 0 and c.oid >= 16384`
