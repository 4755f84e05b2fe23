import { type CatalogueQuery, notOfExtension, options, privileges, qualified, usersSchema } from './query.ts'

const isTable = `c.relkind in ('r', 'p', 'f') and ${usersSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`
const fromTables = `from pg_class c join pg_namespace n on n.oid = c.relnamespace`
const tableName = `'table ' || ${qualified('n', 'c.relname')}`

const tables: CatalogueQuery = {
  kind: 'table',
  sql: `
    select ${tableName} as object, '' as part, jsonb_build_object(
      'kind', case c.relkind when 'p' then 'partitioned by ' || pg_get_partkeydef(c.oid) when 'f' then 'foreign table' else 'ordinary table' end,
      'persistence', case c.relpersistence when 'u' then 'unlogged' else 'logged' end,
      'method', coalesce((select 'access method ' || amname from pg_am where oid = c.relam), 'no access method'),
      'options', ${options('c.reloptions')},
      'tablespace', coalesce((select 'tablespace ' || spcname from pg_tablespace where oid = c.reltablespace), 'default tablespace'),
      'row security', 'row security ' || case when c.relrowsecurity then 'on' else 'off' end,
      'forced row security', 'forced row security ' || case when c.relforcerowsecurity then 'on' else 'off' end,
      'replica identity', 'replica identity ' || case c.relreplident when 'd' then 'default' when 'f' then 'full' when 'n' then 'nothing' else 'index' end,
      'parents', coalesce((select string_agg('child of ' || inhparent::regclass::text, ', ' order by inhseqno) from pg_inherits where inhrelid = c.oid), 'no parent'),
      'bound', coalesce('partition ' || pg_get_expr(c.relpartbound, c.oid), 'no partition'),
      'of type', case when c.reloftype = 0 then 'of no type' else 'of type ' || format_type(c.reloftype, null) end,
      'foreign', coalesce((select 'server ' || s.srvname || ', ' || ${options('f.ftoptions')} from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid), 'no server'),
      'owner', 'owner ' || c.relowner::regrole::text,
      'privileges', ${privileges('c.relacl', 'r', 'c.relowner')}) as aspects
    ${fromTables} where ${isTable}`,
}

/** Statistics targets are null for the default from PostgreSQL 17 on, -1 before. */
const columns: CatalogueQuery = {
  kind: 'column',
  sql: `
    select ${tableName} as object, 'column ' || quote_ident(a.attname) as part, jsonb_build_object(
      'type', format_type(a.atttypid, a.atttypmod),
      'nullability', case when not a.attnotnull then 'nullable'
                          when exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'n' and k.conkey = array[a.attnum] and not k.convalidated) then 'not null, not validated'
                          else 'not null' end,
      'default', case when a.attgenerated = '' then coalesce('default ' || pg_get_expr(d.adbin, d.adrelid), 'no default') else 'no default' end,
      'generated', case when a.attgenerated = '' then 'not generated' else 'generated as ' || pg_get_expr(d.adbin, d.adrelid) || case a.attgenerated when 's' then ' stored' else ' virtual' end end,
      'identity', case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' else 'no identity' end,
      'collation', case when a.attcollation in (0, t.typcollation) then 'collation of the type' else 'collation ' || a.attcollation::regcollation::text end,
      'storage', case when a.attstorage = t.typstorage then 'storage of the type' else 'storage ' || case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end end,
      'compression', case a.attcompression when 'p' then 'compression pglz' when 'l' then 'compression lz4' else 'default compression' end,
      'statistics', case when coalesce(a.attstattarget, -1) = -1 then 'default statistics target' else 'statistics target ' || a.attstattarget end,
      'options', ${options('a.attoptions')},
      'inheritance', case when a.attinhcount = 0 then 'own column' when a.attislocal then 'own and inherited column' else 'inherited column' end,
      'privileges', case when a.attacl is null then 'privileges of the table' else ${privileges('a.attacl', 'c', 'c.relowner')} end) as aspects
    ${fromTables} join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where ${isTable} and a.attnum > 0 and not a.attisdropped`,
}

/** Names of not-null constraints (PostgreSQL 18) are the server's bookkeeping: nullability is told with the column. */
const constraints: CatalogueQuery = {
  kind: 'constraint',
  sql: `
    select ${tableName} as object, 'constraint ' || quote_ident(k.conname) as part, jsonb_build_object(
      'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
      'validity', case when k.convalidated then 'valid' else 'not valid' end,
      'inheritance', case when k.coninhcount = 0 then 'own constraint' when k.conislocal then 'own and inherited constraint' else 'inherited constraint' end) as aspects
    ${fromTables} join pg_constraint k on k.conrelid = c.oid
    where ${isTable} and k.contype not in ('n', 't')`,
}

const enabled = (column: string): string =>
  `case ${column} when 'O' then 'enabled' when 'D' then 'disabled' when 'R' then 'enabled on replicas' else 'always enabled' end`

const triggers: CatalogueQuery = {
  kind: 'trigger',
  sql: `
    select case c.relkind when 'v' then 'view ' else 'table ' end || ${qualified('n', 'c.relname')} as object,
           'trigger ' || quote_ident(g.tgname) as part,
           jsonb_build_object('definition', pg_get_triggerdef(g.oid), 'state', ${enabled('g.tgenabled')}) as aspects
    ${fromTables} join pg_trigger g on g.tgrelid = c.oid
    where not g.tgisinternal and ${usersSchema('n')} and ${notOfExtension('pg_trigger', 'g.oid')}`,
}

const policies: CatalogueQuery = {
  kind: 'policy',
  sql: `
    select ${tableName} as object, 'policy ' || quote_ident(p.polname) as part, jsonb_build_object(
      'command', 'for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      'mode', case when p.polpermissive then 'permissive' else 'restrictive' end,
      'roles', 'to ' || (select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ' order by r::regrole::text) from unnest(p.polroles) r),
      'using', coalesce('using ' || pg_get_expr(p.polqual, p.polrelid), 'no using'),
      'check', coalesce('with check ' || pg_get_expr(p.polwithcheck, p.polrelid), 'no check')) as aspects
    ${fromTables} join pg_policy p on p.polrelid = c.oid where ${isTable}`,
}

const rules: CatalogueQuery = {
  kind: 'rule',
  sql: `
    select case c.relkind when 'v' then 'view ' else 'table ' end || ${qualified('n', 'c.relname')} as object,
           'rule ' || quote_ident(r.rulename) as part,
           jsonb_build_object('definition', pg_get_ruledef(r.oid), 'state', ${enabled('r.ev_enabled')}) as aspects
    ${fromTables} join pg_rewrite r on r.ev_class = c.oid
    where r.rulename <> '_RETURN' and ${usersSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`,
}

const indexes: CatalogueQuery = {
  kind: 'index',
  sql: `
    select 'index ' || ${qualified('n', 'c.relname')} as object, '' as part, jsonb_build_object(
      'definition', pg_get_indexdef(c.oid),
      'validity', case when i.indisvalid and i.indisready and i.indislive then 'valid' else 'invalid' end,
      'clustered', case when i.indisclustered then 'table clustered on it' else 'table not clustered on it' end,
      'replica identity', case when i.indisreplident then 'replica identity' else 'no replica identity' end,
      'parent', coalesce((select 'attached to ' || inhparent::regclass::text from pg_inherits where inhrelid = c.oid), 'attached to no index'),
      'tablespace', coalesce((select 'tablespace ' || spcname from pg_tablespace where oid = c.reltablespace), 'default tablespace')) as aspects
    ${fromTables} join pg_index i on i.indexrelid = c.oid
    where ${usersSchema('n')} and ${notOfExtension('pg_class', 'i.indrelid')}`,
}

export const tableQueries: readonly CatalogueQuery[] = [
  tables,
  columns,
  constraints,
  triggers,
  policies,
  rules,
  indexes,
]

/** Columns of each table in their order; told apart from the schema, because a column that comes back comes last. */
export const columnOrderQuery: string = `
  select ${qualified('n', 'c.relname')} as table, array_agg(a.attname::text order by a.attnum) as columns
  ${fromTables} join pg_attribute a on a.attrelid = c.oid
  where ${isTable} and a.attnum > 0 and not a.attisdropped
  group by 1`
