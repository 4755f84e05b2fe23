import type { StatementQuery } from './query.ts'
import { named, rows } from './query.ts'
import { fromRelations, isTable, isUsers, ofTable, tableName } from './relation.ts'

/**
 * NOT NULL that is not validated (PostgreSQL 18) is a constraint of its own; one that is says its name where that is not
 * the one that the server would choose today. A partition whose identity is its parent's
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
    case when a.attnotnull and coalesce(k.convalidated, true) then
      case when k.conname <> format('%s_%s_not_null', c.relname, a.attname)
        or exists (select from pg_constraint o where o.conname = k.conname and o.connamespace = k.connamespace and o.oid <> k.oid) then format('constraint %I not null', k.conname) else 'not null' end end)`

const columns = `
  (select string_agg(${column}, ', ' order by a.attnum)
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     left join pg_constraint k on k.conrelid = a.attrelid and k.contype = 'n' and k.conkey = array[a.attnum]
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`

/** Partitions and heirs are made as tables of their own, and linked when all is there: so nothing is made twice. */
export const tables: StatementQuery = {
  reads: [
    'pg_class',
    'pg_attribute',
    'pg_attrdef',
    'pg_type',
    'pg_constraint',
    'pg_foreign_table',
    'pg_foreign_server',
  ],
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

/** Of a CHECK without the parentheses that nothing needs: messages show it. */
function constraintsOf(condition: string, only = ''): StatementQuery {
  return {
    reads: ['pg_class', 'pg_constraint', 'pg_index'],
    sql: `
    ${rows(`format('alter table ${only}%s add constraint %I %s', ${tableName}, k.conname, pg_get_constraintdef(k.oid, k.contype = 'c'))`, ofTable)}
    ${fromRelations} join pg_constraint k on k.conrelid = c.oid where ${condition} and ${isOwn} and ${isTable}`,
  }
}

/** An index of a partitioned table that not every partition has, which is made with ONLY. */
const isLoose = `(c.relkind = 'p' and not i.indisvalid)`
/** A constraint that has such an index. */
const isLooseKey = `k.contype in ('p', 'u', 'x') and c.relkind = 'p' and exists (select from pg_index i where i.indexrelid = k.conindid and not i.indisvalid)`

/** A partition gets those of its parent that it lacks when it is linked, but for one that is made with ONLY: that comes later. */
export const indexes: StatementQuery = indexesOf(`not ${isLoose}`)
export const looseIndexes: StatementQuery = indexesOf(isLoose)

/** What partitions have of such an index. */
export const indexPartitions: StatementQuery = {
  reads: ['pg_class', 'pg_index', 'pg_inherits'],
  sql: `
    ${rows(`format('alter index %s attach partition %s', ${named('n.nspname', 'w.relname')}, ${named('pn.nspname', 'p.relname')})`, ofTable)}
    ${fromRelations} join pg_index i on i.indrelid = c.oid join pg_class w on w.oid = i.indexrelid
    join pg_inherits h on h.inhparent = w.oid join pg_class p on p.oid = h.inhrelid join pg_namespace pn on pn.oid = p.relnamespace
    where ${isLoose} and ${isUsers}`,
}

function indexesOf(condition: string): StatementQuery {
  return {
    reads: ['pg_class', 'pg_index', 'pg_constraint'],
    sql: `
    ${rows(`pg_get_indexdef(i.indexrelid)`, { ...ofTable, invalid: 'not (i.indisvalid and i.indisready and i.indislive)' })}
    ${fromRelations} join pg_index i on i.indrelid = c.oid
    where c.relkind in ('r', 'p', 'm') and ${condition} and ${isUsers}
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))`,
  }
}

/**
 * What a table has for the sake of its parents alone goes with theirs. A partition loses whatever its parent loses, but a
 * NOT NULL of its own. Before PostgreSQL 18 those have no rows of their own, and count as the column does.
 */
const inherited = `
  json_build_object(
    'columns', array(select a.attname from pg_attribute a where not c.relispartition and a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and not a.attislocal order by a.attname collate "C"),
    'constraints', array(select k.conname from pg_constraint k where not c.relispartition and k.conrelid = c.oid and k.contype = 'c' and not k.conislocal order by k.conname collate "C"),
    'notNulls', array(select a.attname from pg_attribute a left join pg_constraint k on k.conrelid = c.oid and k.contype = 'n' and k.conkey = array[a.attnum]
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attnotnull and not coalesce(k.conislocal, a.attislocal) order by a.attname collate "C"))`

export const inheritance: StatementQuery = {
  reads: ['pg_class', 'pg_inherits', 'pg_attribute', 'pg_constraint'],
  sql: `
    ${rows(
      `case when c.relispartition then format('alter table %s attach partition %s %s', ${named('pn.nspname', 'p.relname')}, ${tableName}, pg_get_expr(c.relpartbound, c.oid))
         else format('alter table %s inherit %s', ${tableName}, ${named('pn.nspname', 'p.relname')}) end`,
      { ...ofTable, inherited },
    )}
    ${fromRelations} join pg_inherits h on h.inhrelid = c.oid
    join pg_class p on p.oid = h.inhparent join pg_namespace pn on pn.oid = p.relnamespace where ${isTable}`,
}

export const keys: StatementQuery = constraintsOf(`k.contype in ('p', 'u', 'x') and not (${isLooseKey})`)
export const looseKeys: StatementQuery = constraintsOf(isLooseKey, 'only ')
export const checks: StatementQuery = constraintsOf(`(k.contype = 'c' or k.contype = 'n' and not k.convalidated)`)
export const foreignKeys: StatementQuery = constraintsOf(`k.contype = 'f'`)
