import { type CatalogueSource, owner, qualified, usersOwn } from './source.ts'

const configuration = `'text search configuration ' || ${qualified('c.cfgnamespace', 'c.cfgname')}`

const configurations: CatalogueSource = {
  kind: 'text search configurations',
  reads: ['pg_ts_config', 'pg_ts_parser'],
  object: configuration,
  aspects: {
    parser: `(select 'parser ' || ${qualified('p.prsnamespace', 'p.prsname')} from pg_ts_parser p where p.oid = c.cfgparser)`,
    ...owner('c.cfgowner'),
  },
  from: `pg_ts_config c where ${usersOwn('pg_ts_config', 'c', 'cfgnamespace')}`,
}

const mappings: CatalogueSource = {
  kind: 'mappings of text search configurations',
  reads: ['pg_ts_config', 'pg_ts_config_map'],
  object: configuration,
  part: `'mapping for ' || (select t.alias from ts_token_type(c.cfgparser) t where t.tokid = m.maptokentype)`,
  aspects: {
    dictionaries: `string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno)`,
  },
  from: `pg_ts_config c join pg_ts_config_map m on m.mapcfg = c.oid where ${usersOwn('pg_ts_config', 'c', 'cfgnamespace')}
    group by c.cfgnamespace, c.cfgname, c.cfgparser, m.maptokentype`,
}

const dictionaries: CatalogueSource = {
  kind: 'text search dictionaries',
  reads: ['pg_ts_dict', 'pg_ts_template'],
  object: `'text search dictionary ' || ${qualified('d.dictnamespace', 'd.dictname')}`,
  aspects: {
    template: `(select 'template ' || ${qualified('t.tmplnamespace', 't.tmplname')} from pg_ts_template t where t.oid = d.dicttemplate)`,
    options: `'options ' || d.dictinitoption`,
    ...owner('d.dictowner'),
  },
  from: `pg_ts_dict d where ${usersOwn('pg_ts_dict', 'd', 'dictnamespace')}`,
}

const templates: CatalogueSource = {
  kind: 'text search templates',
  reads: ['pg_ts_template'],
  object: `'text search template ' || ${qualified('t.tmplnamespace', 't.tmplname')}`,
  aspects: { functions: `format('init %s, lexize %s', t.tmplinit, t.tmpllexize)` },
  from: `pg_ts_template t where ${usersOwn('pg_ts_template', 't', 'tmplnamespace')}`,
}

const parsers: CatalogueSource = {
  kind: 'text search parsers',
  reads: ['pg_ts_parser'],
  object: `'text search parser ' || ${qualified('p.prsnamespace', 'p.prsname')}`,
  aspects: {
    functions: `format('start %s, token %s, end %s, headline %s, types %s', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype)`,
  },
  from: `pg_ts_parser p where ${usersOwn('pg_ts_parser', 'p', 'prsnamespace')}`,
}

export const textSearchSources: readonly CatalogueSource[] = [
  configurations,
  mappings,
  dictionaries,
  templates,
  parsers,
]
