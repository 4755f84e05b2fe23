import { notOfExtension, usersSchema } from '../catalogue/query.ts'
import type { StatementQuery } from './query.ts'
import { functionName, given, named, rows } from './query.ts'

interface TextSearch {
  readonly catalogue: string
  /** What the names of the catalogue's columns begin with. */
  readonly prefix: string
}

const configurations: TextSearch = { catalogue: 'pg_ts_config', prefix: 'cfg' }
const dictionaries: TextSearch = { catalogue: 'pg_ts_dict', prefix: 'dict' }
const parsers: TextSearch = { catalogue: 'pg_ts_parser', prefix: 'prs' }
const templates: TextSearch = { catalogue: 'pg_ts_template', prefix: 'tmpl' }

function query(
  { catalogue, prefix }: TextSearch,
  sql: (name: string) => string,
  reads: readonly string[] = [],
): StatementQuery {
  const [schema, name] = ['n.nspname', `o.${prefix}name`]
  return {
    reads: [catalogue, ...reads],
    sql: `
    ${rows(sql(named(schema, name)), { schema, name })}
    from ${catalogue} o join pg_namespace n on n.oid = o.${prefix}namespace
    where ${usersSchema('n')} and ${notOfExtension(catalogue, 'o.oid')}`,
  }
}

function nameOf({ catalogue, prefix }: TextSearch, oid: string): string {
  return `(select ${named('tn.nspname', `t.${prefix}name`)} from ${catalogue} t join pg_namespace tn on tn.oid = t.${prefix}namespace where t.oid = ${oid})`
}

export const textSearchConfigurations: StatementQuery = query(
  configurations,
  (name) => `format('create text search configuration %s (parser = %s)', ${name}, ${nameOf(parsers, 'o.cfgparser')})`,
  ['pg_ts_parser'],
)

/** One statement a configuration, since its words may be many: the same dictionaries, the same list of words. */
export const textSearchMappings: StatementQuery = {
  reads: ['pg_ts_config', 'pg_ts_config_map', 'pg_ts_dict'],
  sql: `
    ${rows(
      `format('alter text search configuration %s add mapping for %s with %s', ${named('n.nspname', 'o.cfgname')},
         string_agg(quote_ident(w.token), ', ' order by w.token collate "C"), w.dictionaries)`,
      { schema: 'n.nspname', name: 'o.cfgname' },
    )}
    from pg_ts_config o join pg_namespace n on n.oid = o.cfgnamespace
    cross join lateral (
      select t.alias as token, string_agg(${nameOf(dictionaries, 'm.mapdict')}, ', ' order by m.mapseqno) as dictionaries
        from pg_ts_config_map m join ts_token_type(o.cfgparser) t on t.tokid = m.maptokentype
       where m.mapcfg = o.oid group by t.alias) w
    where ${usersSchema('n')} and ${notOfExtension('pg_ts_config', 'o.oid')}
    group by n.nspname, o.cfgname, w.dictionaries`,
}

/** Without options: they may name anything. */
export const textSearchDictionaries: StatementQuery = query(
  dictionaries,
  (name) =>
    `format('create text search dictionary %s (template = %s)', ${name}, ${nameOf(templates, 'o.dicttemplate')})`,
  ['pg_ts_template'],
)

const parserFunctions = [
  given('start', functionName('o.prsstart')),
  given('gettoken', functionName('o.prstoken')),
  given('end', functionName('o.prsend')),
  given('lextypes', functionName('o.prslextype')),
  given('headline', functionName('o.prsheadline')),
].join(', ')

export const textSearchParsers: StatementQuery = query(
  parsers,
  (name) => `format('create text search parser %s (%s)', ${name}, concat_ws(', ', ${parserFunctions}))`,
  ['pg_proc'],
)

const templateFunctions = [
  given('init', functionName('o.tmplinit')),
  given('lexize', functionName('o.tmpllexize')),
].join(', ')

export const textSearchTemplates: StatementQuery = query(
  templates,
  (name) => `format('create text search template %s (%s)', ${name}, concat_ws(', ', ${templateFunctions}))`,
  ['pg_proc'],
)
