import { fromRelations, isUsers } from './relation.ts'

/**
 * Bytes and rows of tables and materialized views; of a partitioned table the sum over its partitions. Rows are reckoned
 * as the planner does: rows a page when it was last analysed, times the pages that there are now. Null: not known.
 */
export const sizesQuery: string = `
  select n.nspname::text as schema, c.relname::text as name, coalesce(sum(part.bytes), 0)::float8 as bytes,
         coalesce(sum(part.heap), 0)::float8 as heap_bytes,
         case when coalesce(bool_and(part.rows is not null), true) then coalesce(sum(part.rows), 0)::float8 end as rows
  ${fromRelations}
  left join lateral (
    select size.bytes, size.heap,
           case when size.heap = 0 and f.relam = (select oid from pg_am where amname = 'heap') then 0
                when f.relpages > 0 and f.reltuples >= 0
                then round(f.reltuples::numeric / f.relpages * size.heap / current_setting('block_size')::numeric) end as rows
      from pg_class f, lateral (select pg_total_relation_size(f.oid) as bytes, pg_relation_size(f.oid) as heap) size
     where case when c.relkind = 'p' then f.oid in (select relid from pg_partition_tree(c.oid) where isleaf) else f.oid = c.oid end
       and f.relkind <> 'p') part on true
  where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and ${isUsers}
  group by n.nspname, c.relname`
