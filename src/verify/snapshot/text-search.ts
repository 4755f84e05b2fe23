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

/** A kind that is a list of functions, each with the word that gives it and the catalogue's column that has it. */
function madeOfFunctions(
  kind: string,
  of: TextSearch,
  functions: readonly (readonly [word: string, column: string])[],
): StatementQuery {
  const list = functions.map(([word, column]) => given(word, functionName(`o.${of.prefix}${column}`))).join(', ')
  return query(of, (name) => `format('create text search ${kind} %s (%s)', ${name}, concat_ws(', ', ${list}))`, [
    'pg_proc',
  ])
}

export const textSearchParsers: StatementQuery = madeOfFunctions('parser', parsers, [
  ['start', 'start'],
  ['gettoken', 'token'],
  ['end', 'end'],
  ['lextypes', 'lextype'],
  ['headline', 'headline'],
])

export const textSearchTemplates: StatementQuery = madeOfFunctions('template', templates, [
  ['init', 'init'],
  ['lexize', 'lexize'],
])
