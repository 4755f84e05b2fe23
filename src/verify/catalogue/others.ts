import { type CatalogueQuery, notOfExtension, options } from './query.ts'

const publications: CatalogueQuery = {
  kind: 'publication',
  sql: `
    select 'publication ' || quote_ident(p.pubname) as object, '' as part, jsonb_build_object(
      'operations', 'publishes ' || concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end),
      'tables', case when p.puballtables then 'all tables' else 'tables ' || coalesce((select string_agg(prrelid::regclass::text, ', ' order by prrelid::regclass::text) from pg_publication_rel where prpubid = p.oid), 'none') end,
      'partitions', case when p.pubviaroot then 'as the root table' else 'as the partition' end,
      'owner', 'owner ' || p.pubowner::regrole::text) as aspects
    from pg_publication p`,
}

const eventTriggers: CatalogueQuery = {
  kind: 'event trigger',
  sql: `
    select 'event trigger ' || quote_ident(e.evtname) as object, '' as part, jsonb_build_object(
      'event', 'on ' || e.evtevent, 'function', 'runs ' || e.evtfoid::regproc::text,
      'tags', coalesce('for ' || array_to_string(e.evttags, ', '), 'for every command'),
      'state', case e.evtenabled when 'O' then 'enabled' when 'D' then 'disabled' when 'R' then 'enabled on replicas' else 'always enabled' end) as aspects
    from pg_event_trigger e where ${notOfExtension('pg_event_trigger', 'e.oid')}`,
}

const servers: CatalogueQuery = {
  kind: 'foreign server',
  sql: `
    select 'foreign server ' || quote_ident(s.srvname) as object, '' as part, jsonb_build_object(
      'wrapper', (select 'wrapper ' || fdwname from pg_foreign_data_wrapper where oid = s.srvfdw),
      'options', ${options('s.srvoptions')},
      'owner', 'owner ' || s.srvowner::regrole::text) as aspects
    from pg_foreign_server s`,
}

const collations: CatalogueQuery = {
  kind: 'collation',
  sql: `
    select 'collation ' || i.identity as object, '' as part, jsonb_build_object(
      'definition', format('provider %s, collate %s, ctype %s', c.collprovider, c.collcollate, c.collctype),
      'comparison', case when c.collisdeterministic then 'deterministic' else 'not deterministic' end) as aspects
    from pg_collation c, lateral pg_identify_object('pg_collation'::regclass, c.oid, 0) i
    where c.oid >= 16384 and i.schema <> $1 and ${notOfExtension('pg_collation', 'c.oid')}`,
}

const defaultPrivileges: CatalogueQuery = {
  kind: 'default privileges',
  sql: `
    select 'default privileges of ' || d.defaclrole::regrole::text as object,
           case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end
             || coalesce(' in ' || (select quote_ident(nspname) from pg_namespace where oid = d.defaclnamespace), '') as part,
           jsonb_build_object('privileges', (select string_agg(a::text, ', ' order by a::text) from unnest(d.defaclacl) a)) as aspects
    from pg_default_acl d`,
}

/** Kinds that are rare: that they exist is told, not what they hold. */
const rareCatalogues: readonly string[] = [
  'pg_cast',
  'pg_conversion',
  'pg_operator',
  'pg_opclass',
  'pg_opfamily',
  'pg_ts_config',
  'pg_ts_dict',
  'pg_ts_parser',
  'pg_ts_template',
  'pg_foreign_data_wrapper',
  'pg_user_mapping',
  'pg_transform',
  'pg_am',
  'pg_language',
]

const rare: CatalogueQuery = {
  kind: 'rare',
  sql: rareCatalogues
    .map(
      (catalogue) => `
    select i.type || ' ' || i.identity as object, '' as part, jsonb_build_object('existence', 'exists') as aspects
    from ${catalogue} r, lateral pg_identify_object('${catalogue}'::regclass, r.oid, 0) i
    where r.oid >= 16384 and coalesce(i.schema, '') <> $1 and ${notOfExtension(catalogue, 'r.oid')}`,
    )
    .join(' union all '),
}

export const otherQueries: readonly CatalogueQuery[] = [
  publications,
  eventTriggers,
  servers,
  collations,
  defaultPrivileges,
  rare,
]
