import {
  type CatalogueSource,
  access,
  always,
  enabledWords,
  owner,
  qualified,
  usersLoose,
  usersOwn,
  when,
  words,
} from './source.ts'

/** The database itself, schemas, extensions, and kinds that are rare. */
export function databaseSources(major: number): readonly CatalogueSource[] {
  return [
    database,
    schemas,
    extensions,
    languages,
    accessMethods,
    transforms,
    conversions,
    collations(major),
    eventTriggers,
  ]
}

const database: CatalogueSource = {
  kind: 'the database',
  reads: ['pg_database'],
  object: `'the database'`,
  aspects: { ...owner('d.datdba'), connections: `'at most ' || nullif(d.datconnlimit, -1) || ' connections'` },
  access: access('d.datacl', 'd', 'd.datdba'),
  from: 'pg_database d where d.datname = current_database()',
  present: always,
}

/** `public` is made by initdb and changed by users. */
const schemas: CatalogueSource = {
  kind: 'schemas',
  reads: ['pg_namespace'],
  object: `'schema ' || quote_ident(n.nspname)`,
  aspects: owner('n.nspowner'),
  access: {
    list: 'n.nspacl',
    ordinary: `coalesce((select i.initprivs from pg_init_privs i where i.classoid = 'pg_namespace'::regclass and i.objoid = n.oid and i.objsubid = 0), acldefault('n', n.nspowner))`,
  },
  from: `pg_namespace n where n.oid in (select oid from spaces) and n.oid not in (select objid from members where classid = 'pg_namespace'::regclass)`,
  present: always,
}

const extensions: CatalogueSource = {
  kind: 'extensions',
  reads: ['pg_extension'],
  object: `'extension ' || quote_ident(e.extname)`,
  aspects: {
    version: `'version ' || e.extversion`,
    schema: `'in schema ' || e.extnamespace::regnamespace::text`,
    ...owner('e.extowner'),
  },
  from: 'pg_extension e',
  present: always,
}

const languages: CatalogueSource = {
  kind: 'languages',
  reads: ['pg_language'],
  object: `'language ' || quote_ident(l.lanname)`,
  aspects: {
    trust: when('not l.lanpltrusted', 'not trusted'),
    handler: `case when l.lanplcallfoid <> 0 then 'handler ' || l.lanplcallfoid::regproc::text end`,
    inline: `case when l.laninline <> 0 then 'inline handler ' || l.laninline::regproc::text end`,
    validator: `case when l.lanvalidator <> 0 then 'validator ' || l.lanvalidator::regproc::text end`,
    ...owner('l.lanowner'),
  },
  access: access('l.lanacl', 'l', 'l.lanowner'),
  from: `pg_language l where ${usersLoose('pg_language', 'l')}`,
}

const accessMethods: CatalogueSource = {
  kind: 'access methods',
  reads: ['pg_am'],
  object: `'access method ' || quote_ident(m.amname)`,
  aspects: {
    type: words('m.amtype', { i: 'for indexes', t: 'for tables' }),
    handler: `'handler ' || m.amhandler::text`,
  },
  from: `pg_am m where ${usersLoose('pg_am', 'm')}`,
}

const transforms: CatalogueSource = {
  kind: 'transforms',
  reads: ['pg_transform', 'pg_language'],
  object: `'transform for ' || format_type(t.trftype, null) || ' language ' || (select quote_ident(lanname) from pg_language where oid = t.trflang)`,
  aspects: {
    'from SQL': `case when t.trffromsql <> 0 then 'from SQL with ' || t.trffromsql::regprocedure::text end`,
    'to SQL': `case when t.trftosql <> 0 then 'to SQL with ' || t.trftosql::regprocedure::text end`,
  },
  from: `pg_transform t where ${usersLoose('pg_transform', 't')}`,
}

const conversions: CatalogueSource = {
  kind: 'conversions',
  reads: ['pg_conversion'],
  object: `'conversion ' || ${qualified('c.connamespace', 'c.conname')}`,
  aspects: {
    definition: `format('from %s to %s by %s', pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc)`,
    default: when('c.condefault', 'default conversion'),
    ...owner('c.conowner'),
  },
  from: `pg_conversion c where ${usersOwn('pg_conversion', 'c', 'connamespace')}`,
}

function collations(major: number): CatalogueSource {
  const icu = major >= 17 ? 'c.colllocale' : major >= 15 ? 'c.colliculocale' : 'null'
  return {
    kind: 'collations',
    reads: ['pg_collation'],
    object: `'collation ' || ${qualified('c.collnamespace', 'c.collname')}`,
    aspects: {
      provider: words('c.collprovider', {
        c: 'provider libc',
        i: 'provider icu',
        b: 'provider builtin',
        d: 'provider default',
      }),
      locale: `'locale ' || coalesce(${icu}, c.collcollate)`,
      ctype: `'ctype ' || nullif(c.collctype, c.collcollate)`,
      comparison: when('not c.collisdeterministic', 'not deterministic'),
      ...(major >= 16 ? { rules: `'rules ' || quote_literal(c.collicurules)` } : {}),
      encoding: `case when c.collencoding >= 0 then 'encoding ' || pg_encoding_to_char(c.collencoding) end`,
      ...owner('c.collowner'),
    },
    from: `pg_collation c where ${usersOwn('pg_collation', 'c', 'collnamespace')}`,
  }
}

const eventTriggers: CatalogueSource = {
  kind: 'event triggers',
  reads: ['pg_event_trigger'],
  object: `'event trigger ' || quote_ident(e.evtname)`,
  aspects: {
    event: `'on ' || e.evtevent`,
    function: `'runs ' || e.evtfoid::regproc::text`,
    tags: `case when e.evttags is not null then 'for ' || (select string_agg(t, ', ' order by t collate "C") from unnest(e.evttags) t) end`,
    state: words('e.evtenabled', enabledWords),
    ...owner('e.evtowner'),
  },
  from: `pg_event_trigger e where ${usersLoose('pg_event_trigger', 'e')}`,
}
