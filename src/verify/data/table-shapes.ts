import type { Connection } from '../../model/database.ts'

/** What of a table is needed to tell its rows apart and to compare them. */
export interface TableShape {
  readonly oid: number
  readonly name: string
  /** The table at the top that it is a partition of; its own name otherwise. */
  readonly root: string
  /** Columns that hold values of their own, quoted where needed; generated ones follow from the others. */
  readonly columns: readonly ShapeColumn[]
  /** Columns of the primary key, else of a unique key without NULLs; empty where there is none. */
  readonly key: readonly string[]
}

export interface ShapeColumn {
  readonly name: string
  readonly number: number
  /** With length and precision: `character varying(9)`. */
  readonly type: string
}

export async function readTableShapes(connection: Connection, oids: readonly number[]): Promise<readonly TableShape[]> {
  if (oids.length === 0) return []
  const { rows } = await connection.query<TableShape>(shapesQuery, [oids])
  return rows
}

const qualifiedName = (alias: string): string =>
  `(select quote_ident(n.nspname) || '.' || quote_ident(t.relname) from pg_class t join pg_namespace n on n.oid = t.relnamespace where t.oid = ${alias})`

const shapesQuery = `
  select c.oid::int8::float8 as oid, ${qualifiedName('c.oid')} as name,
         ${qualifiedName('coalesce(pg_partition_root(c.oid), c.oid)')} as root,
         coalesce((select jsonb_agg(jsonb_build_object('name', quote_ident(a.attname), 'number', a.attnum, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
            from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''), '[]') as columns,
         coalesce((select jsonb_agg(quote_ident(a.attname) order by k.place)
            from unnest(i.indkey::int2[]) with ordinality k (attnum, place) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
           where k.place <= i.indnkeyatts), '[]') as key
    from pg_class c
    left join lateral (
      select i.indkey, i.indnkeyatts from pg_index i
       where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
         and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum = any (i.indkey::int2[]) and not a.attnotnull)
       order by i.indisprimary desc, i.indnkeyatts, i.indexrelid limit 1) i on true
   where c.oid = any ($1::oid[])`
