import { type CatalogueQuery, notOfExtension, options, privileges, qualified, usersSchema } from './query.ts'

const schemas: CatalogueQuery = {
  kind: 'schema',
  sql: `
    select 'schema ' || quote_ident(n.nspname) as object, '' as part, jsonb_build_object(
      'owner', 'owner ' || n.nspowner::regrole::text,
      'privileges', ${privileges('n.nspacl', 'n', 'n.nspowner')}) as aspects
    from pg_namespace n where ${usersSchema('n')} and ${notOfExtension('pg_namespace', 'n.oid')}`,
}

/** Where a sequence stands is data, not schema. */
const sequences: CatalogueQuery = {
  kind: 'sequence',
  sql: `
    select 'sequence ' || ${qualified('n', 'c.relname')} as object, '' as part, jsonb_build_object(
      'type', format_type(s.seqtypid, null),
      'numbers', format('start %s increment %s from %s to %s cache %s', s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache),
      'cycle', case when s.seqcycle then 'cycle' else 'no cycle' end,
      'persistence', case c.relpersistence when 'u' then 'unlogged' else 'logged' end,
      'owned by', coalesce((select 'owned by ' || d.refobjid::regclass::text || '.' || quote_ident(a.attname)
                     from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0), 'owned by no column'),
      'owner', 'owner ' || c.relowner::regrole::text,
      'privileges', ${privileges('c.relacl', 's', 'c.relowner')}) as aspects
    from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
    where ${usersSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`,
}

const views: CatalogueQuery = {
  kind: 'view',
  sql: `
    select case c.relkind when 'v' then 'view ' else 'materialized view ' end || ${qualified('n', 'c.relname')} as object, '' as part, jsonb_build_object(
      'definition', pg_get_viewdef(c.oid),
      'columns', 'columns ' || (select string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped),
      'options', ${options('c.reloptions')},
      'populated', case when c.relispopulated then 'populated' else 'not populated' end,
      'owner', 'owner ' || c.relowner::regrole::text,
      'privileges', ${privileges('c.relacl', 'r', 'c.relowner')}) as aspects
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and ${usersSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`,
}

const functions: CatalogueQuery = {
  kind: 'function',
  sql: `
    select case p.prokind when 'p' then 'procedure ' when 'a' then 'aggregate ' else 'function ' end
             || ${qualified('n', 'p.proname')} || '(' || pg_get_function_identity_arguments(p.oid) || ')' as object, '' as part, jsonb_build_object(
      'definition', case p.prokind when 'a' then (
                      select format('aggregate %s over %s, final %s, start %s', g.aggtransfn::regproc, format_type(g.aggtranstype, null), g.aggfinalfn::regproc, g.agginitval)
                        from pg_aggregate g where g.aggfnoid = p.oid) else pg_get_functiondef(p.oid) end,
      'owner', 'owner ' || p.proowner::regrole::text,
      'privileges', ${privileges('p.proacl', 'f', 'p.proowner')}) as aspects
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where ${usersSchema('n')} and ${notOfExtension('pg_proc', 'p.oid')}`,
}

/** Types that belong to a table, an array or a range are told with what they belong to. */
const types: CatalogueQuery = {
  kind: 'type',
  sql: `
    select case t.typtype when 'd' then 'domain ' else 'type ' end || ${qualified('n', 't.typname')} as object, '' as part, jsonb_strip_nulls(jsonb_build_object(
      'definition', case t.typtype
        when 'e' then 'enum of ' || coalesce((select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid), 'nothing')
        when 'c' then 'composite of ' || coalesce((select string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum) from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped), 'nothing')
        when 'r' then (select format('range of %s, canonical %s, difference %s', format_type(rngsubtype, null), rngcanonical, rngsubdiff) from pg_range where rngtypid = t.oid)
        when 'd' then format_type(t.typbasetype, t.typtypmod)
        else format('base type, input %s, output %s', t.typinput, t.typoutput) end,
      'nullability', case when t.typtype = 'd' then case when t.typnotnull then 'not null' else 'nullable' end end,
      'default', case when t.typtype = 'd' then coalesce('default ' || t.typdefault, 'no default') end,
      'collation', case when t.typtype = 'd' and t.typcollation <> 0 then 'collation ' || t.typcollation::regcollation::text end,
      'owner', 'owner ' || t.typowner::regrole::text,
      'privileges', ${privileges('t.typacl', 'T', 't.typowner')})) as aspects
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where ${usersSchema('n')} and ${notOfExtension('pg_type', 't.oid')}
      and t.typtype <> 'm' and t.typcategory <> 'A'
      and (t.typrelid = 0 or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))`,
}

const domainConstraints: CatalogueQuery = {
  kind: 'domain constraint',
  sql: `
    select 'domain ' || ${qualified('n', 't.typname')} as object, 'constraint ' || quote_ident(k.conname) as part, jsonb_build_object(
      'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
      'validity', case when k.convalidated then 'valid' else 'not valid' end) as aspects
    from pg_constraint k join pg_type t on t.oid = k.contypid join pg_namespace n on n.oid = t.typnamespace
    where k.contype <> 'n' and ${usersSchema('n')} and ${notOfExtension('pg_type', 't.oid')}`,
}

const extensions: CatalogueQuery = {
  kind: 'extension',
  sql: `
    select 'extension ' || quote_ident(e.extname) as object, '' as part,
           jsonb_build_object('version', 'version ' || e.extversion, 'schema', 'in schema ' || quote_ident(n.nspname)) as aspects
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace`,
}

/** Objects of the user's have OIDs from 16384 on; the schema `public` is the one older object that users change. */
const comments: CatalogueQuery = {
  kind: 'comment',
  sql: `
    select 'comment on ' || i.type || ' ' || i.identity as object, '' as part, jsonb_build_object('text', quote_literal(d.description)) as aspects
    from pg_description d, lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
    where (d.objoid >= 16384 or (d.classoid = 'pg_namespace'::regclass and d.objoid = 'public'::regnamespace))
      and d.classoid <> 'pg_extension'::regclass
      and coalesce(i.schema, '') !~ '^pg_' and coalesce(i.schema, '') <> $1
      and not (d.classoid = 'pg_namespace'::regclass and i.name = $1)
      and not exists (select from pg_depend e where e.classid = d.classoid and e.objid = d.objoid and e.deptype = 'e')`,
}

const statistics: CatalogueQuery = {
  kind: 'statistics',
  sql: `
    select 'statistics ' || ${qualified('n', 's.stxname')} as object, '' as part, jsonb_build_object(
      'definition', pg_get_statisticsobjdef(s.oid),
      'target', case when coalesce(s.stxstattarget, -1) = -1 then 'default statistics target' else 'statistics target ' || s.stxstattarget end,
      'owner', 'owner ' || s.stxowner::regrole::text) as aspects
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where ${usersSchema('n')}`,
}

export const objectQueries: readonly CatalogueQuery[] = [
  schemas,
  sequences,
  views,
  functions,
  types,
  domainConstraints,
  extensions,
  comments,
  statistics,
]
