import { notOfExtension, usersSchema } from '../catalogue/query.ts'
import type { StatementQuery } from './query.ts'
import { functionName, functionWithArguments, named, rows, usersLoose } from './query.ts'

/** `PG_PUBLIC_NAMESPACE` of PostgreSQL's `pg_namespace.dat`. */
const firstSchema = 2200

/**
 * Every database begins with `public`: told is that it is gone, that it has another name, or that it is another one; in
 * the order of their words, a new one comes after the first has its other name.
 */
export const schemas: StatementQuery = {
  reads: ['pg_namespace'],
  sql: `
    ${rows(`format('create schema %I', n.nspname)`, { schema: 'null', name: 'n.nspname' })}
    from pg_namespace n where ${usersSchema('n')} and ${usersLoose('pg_namespace', 'n.oid')}
    union all
    ${rows(`format('alter schema public rename to %I', n.nspname)`, { schema: 'null', name: 'n.nspname' })}
    from pg_namespace n where ${usersSchema('n')} and n.oid = ${firstSchema} and n.nspname <> 'public'
    union all
    ${rows(`'drop schema public'`, { schema: 'null', name: `'public'` })}
    where not exists (select from pg_namespace n where n.nspname = 'public' or n.oid = ${firstSchema})`,
}

export const extensions: StatementQuery = {
  reads: ['pg_extension', 'pg_namespace'],
  sql: `
    ${rows(`format('create extension %I schema %I', e.extname, n.nspname)`, { schema: 'null', name: 'e.extname' })}
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.oid >= 16384`,
}

export const languages: StatementQuery = {
  reads: ['pg_language', 'pg_proc'],
  sql: `
    ${rows(
      `concat_ws(' ', format('create %slanguage %I', case when l.lanpltrusted then 'trusted ' else '' end, l.lanname), 'handler ' || ${functionName('l.lanplcallfoid')},
         'inline ' || ${functionName('l.laninline')}, 'validator ' || ${functionName('l.lanvalidator')})`,
      { schema: 'null', name: 'l.lanname' },
    )}
    from pg_language l where ${usersLoose('pg_language', 'l.oid')}`,
}

export const accessMethods: StatementQuery = {
  reads: ['pg_am', 'pg_proc'],
  sql: `
    ${rows(
      `format('create access method %I type %s handler %s', m.amname, case m.amtype when 't' then 'table' else 'index' end, ${functionName('m.amhandler')})`,
      { schema: 'null', name: 'm.amname' },
    )}
    from pg_am m where ${usersLoose('pg_am', 'm.oid')}`,
}

export const transforms: StatementQuery = {
  reads: ['pg_transform', 'pg_language', 'pg_proc'],
  sql: `
    ${rows(
      `format('create transform for %s language %I (%s)', format_type(t.trftype, null), l.lanname,
         concat_ws(', ', 'from sql with function ' || ${functionWithArguments('t.trffromsql')}, 'to sql with function ' || ${functionWithArguments('t.trftosql')}))`,
      { schema: 'null', name: `format('%s language %s', format_type(t.trftype, null), l.lanname)` },
    )}
    from pg_transform t join pg_language l on l.oid = t.trflang where ${usersLoose('pg_transform', 't.oid')}`,
}

export const conversions: StatementQuery = {
  reads: ['pg_conversion', 'pg_proc'],
  sql: `
    ${rows(
      `format('create conversion %s for %L to %L from %s', ${named('n.nspname', 'c.conname')}, pg_encoding_to_char(c.conforencoding),
         pg_encoding_to_char(c.contoencoding), ${functionName('c.conproc')})`,
      { schema: 'n.nspname', name: 'c.conname' },
    )}
    from pg_conversion c join pg_namespace n on n.oid = c.connamespace where ${usersSchema('n')} and ${notOfExtension('pg_conversion', 'c.oid')}`,
}

export function collations(major: number): StatementQuery {
  const locale = major >= 17 ? 'c.colllocale' : major >= 15 ? 'c.colliculocale' : 'null'
  return {
    reads: ['pg_collation'],
    sql: `
    ${rows(
      `format('create collation %s (%s)', ${named('n.nspname', 'c.collname')}, concat_ws(', ',
         'provider = ' || case c.collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end,
         'locale = ' || quote_literal(coalesce(${locale}, c.collcollate)), case when not c.collisdeterministic then 'deterministic = false' end))`,
      { schema: 'n.nspname', name: 'c.collname' },
    )}
    from pg_collation c join pg_namespace n on n.oid = c.collnamespace where ${usersSchema('n')} and ${notOfExtension('pg_collation', 'c.oid')}`,
  }
}

export const eventTriggers: StatementQuery = {
  reads: ['pg_event_trigger', 'pg_proc'],
  sql: `
    ${rows(
      `format('create event trigger %I on %s%s execute function %s()', e.evtname, e.evtevent,
         coalesce((select format(' when tag in (%s)', string_agg(quote_literal(tag), ', ' order by tag collate "C")) from unnest(e.evttags) tag), ''), ${functionName('e.evtfoid')})`,
      { schema: 'null', name: 'e.evtname' },
    )}
    from pg_event_trigger e where ${usersLoose('pg_event_trigger', 'e.oid')}`,
}
