import { notOfExtension, usersSchema } from '../catalogue/query.ts'
import type { StatementQuery } from './query.ts'
import { named, rows } from './query.ts'

const ofTable = { schema: 'n.nspname', name: 'c.relname' }
const tableName = named('n.nspname', 'c.relname')
const fromRelations = `from pg_class c join pg_namespace n on n.oid = c.relnamespace`
const isUsers = `${usersSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`
const isTable = `c.relkind in ('r', 'p', 'f') and ${isUsers}`

/**
 * NOT NULL that is not validated (PostgreSQL 18) is a constraint of its own. A partition whose identity is its parent's
 * (from PostgreSQL 17 on) has no sequence, and gets it when it is attached.
 */
const column = `
  concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
    case when a.attcollation not in (0, t.typcollation) then 'collate ' || a.attcollation::regcollation::text end,
    case when a.attgenerated <> '' then 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') ' || case a.attgenerated when 's' then 'stored' else 'virtual' end
         when d.adbin is not null then 'default ' || pg_get_expr(d.adbin, d.adrelid) end,
    (select format('generated %s as identity (sequence name %s)', case a.attidentity when 'a' then 'always' else 'by default' end,
              ${named('sn.nspname', 's.relname')})
       from pg_depend o join pg_class s on s.oid = o.objid join pg_namespace sn on sn.oid = s.relnamespace
      where o.classid = 'pg_class'::regclass and o.refclassid = 'pg_class'::regclass and o.refobjid = a.attrelid
        and o.refobjsubid = a.attnum and o.deptype = 'i' and s.relkind = 'S' and a.attidentity <> ''),
    case when a.attnotnull and coalesce(k.convalidated, true) then 'not null' end)`

const columns = `
  (select string_agg(${column}, ', ' order by a.attnum)
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     left join pg_constraint k on k.conrelid = a.attrelid and k.contype = 'n' and k.conkey = array[a.attnum]
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`

/** Partitions and heirs are made as tables of their own, and linked when all is there: so nothing is made twice. */
const tables: StatementQuery = {
  sql: `
    ${rows(
      `format('create %stable %s%s%s%s', case when c.relkind = 'f' then 'foreign ' when c.relpersistence = 'u' then 'unlogged ' else '' end, ${tableName},
         case when c.reloftype <> 0 then ' of ' || format_type(c.reloftype, null) else ' (' || coalesce(${columns}, '') || ')' end,
         case c.relkind when 'p' then ' partition by ' || pg_get_partkeydef(c.oid) else '' end,
         coalesce((select format(' server %I', s.srvname) from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid), ''))`,
      ofTable,
    )}
    ${fromRelations} where ${isTable} and c.relpersistence <> 't'`,
}

/** A foreign key to a partitioned table has further rows for its partitions, which the server keeps for itself. */
const isOwn = `not exists (select from pg_constraint above where above.oid = k.conparentid and above.conrelid = k.conrelid)`

function constraintsOf(condition: string): StatementQuery {
  return {
    sql: `
    ${rows(`format('alter table %s add constraint %I %s', ${tableName}, k.conname, pg_get_constraintdef(k.oid))`, ofTable)}
    ${fromRelations} join pg_constraint k on k.conrelid = c.oid where ${condition} and ${isOwn} and ${isTable}`,
  }
}

const indexes: StatementQuery = {
  sql: `
    ${rows(`pg_get_indexdef(i.indexrelid)`, { ...ofTable, invalid: 'not (i.indisvalid and i.indisready and i.indislive)' })}
    ${fromRelations} join pg_index i on i.indrelid = c.oid
    where c.relkind in ('r', 'p', 'm') and ${isUsers}
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))`,
}

const inheritance: StatementQuery = {
  sql: `
    ${rows(
      `case when c.relispartition then format('alter table %s attach partition %s %s', ${named('pn.nspname', 'p.relname')}, ${tableName}, pg_get_expr(c.relpartbound, c.oid))
         else format('alter table %s inherit %s', ${tableName}, ${named('pn.nspname', 'p.relname')}) end`,
      ofTable,
    )}
    ${fromRelations} join pg_inherits h on h.inhrelid = c.oid
    join pg_class p on p.oid = h.inhparent join pg_namespace pn on pn.oid = p.relnamespace where ${isTable}`,
}

const views: StatementQuery = {
  sql: `
    ${rows(
      `format('create %sview %s as %s', case c.relkind when 'm' then 'materialized ' else '' end, ${tableName}, rtrim(pg_get_viewdef(c.oid), ';'))`,
      ofTable,
    )}
    ${fromRelations} where c.relkind in ('v', 'm') and ${isUsers} and c.relpersistence <> 't'`,
}

const viewGrants: StatementQuery = {
  sql: `
    ${rows(
      `format('grant %s on %s to %s', string_agg(distinct lower(x.privilege_type), ', ' order by lower(x.privilege_type)), ${tableName},
         case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end)`,
      ofTable,
    )}
    ${fromRelations}, aclexplode(c.relacl) x
    where c.relkind in ('v', 'm') and x.grantee <> c.relowner and ${isUsers} group by n.nspname, c.relname, x.grantee`,
}

/** Those that a partition has from its parent are the server's. */
const triggers: StatementQuery = {
  sql: `
    ${rows(`pg_get_triggerdef(g.oid)`, ofTable)}
    ${fromRelations} join pg_trigger g on g.tgrelid = c.oid where not g.tgisinternal and g.tgparentid = 0 and ${isUsers}`,
}

const triggerStates: StatementQuery = {
  sql: `
    ${rows(
      `format('alter table %s %s trigger %I', ${tableName},
         case g.tgenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end, g.tgname)`,
      ofTable,
    )}
    ${fromRelations} join pg_trigger g on g.tgrelid = c.oid
    where g.tgenabled <> 'O' and not g.tgisinternal and g.tgparentid = 0 and ${isTable}`,
}

/** What a policy says is not needed, and may tell more than it should. */
const policies: StatementQuery = {
  sql: `
    ${rows(`format('create policy %I on %s', p.polname, ${tableName})`, ofTable)}
    ${fromRelations} join pg_policy p on p.polrelid = c.oid where ${isTable}`,
}

const rowSecurity: StatementQuery = {
  sql: `
    ${rows(`format('alter table %s enable row level security', ${tableName})`, ofTable)}
    ${fromRelations} where c.relrowsecurity and ${isTable}`,
}

export const tableQueries: readonly StatementQuery[] = [
  tables,
  constraintsOf(`k.contype in ('p', 'u', 'x')`),
  constraintsOf(`(k.contype = 'c' or k.contype = 'n' and not k.convalidated)`),
  constraintsOf(`k.contype = 'f'`),
  views,
  indexes,
  inheritance,
  viewGrants,
  triggers,
  triggerStates,
  policies,
  rowSecurity,
]

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
