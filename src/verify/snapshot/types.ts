import { notOfExtension, usersSchema } from '../catalogue/query.ts'
import type { StatementQuery } from './query.ts'
import { functionName, given, named, notPart, rows } from './query.ts'

const ofType = { schema: 'n.nspname', name: 't.typname' }
const typeName = named('n.nspname', 't.typname')
const fromTypes = `from pg_type t join pg_namespace n on n.oid = t.typnamespace`
const isType = `${usersSchema('n')} and ${notOfExtension('pg_type', 't.oid')}`

export const enums: StatementQuery = {
  reads: ['pg_type', 'pg_enum'],
  sql: `
    ${rows(
      `format('create type %s as enum (%s)', ${typeName},
         (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))`,
      ofType,
    )}
    ${fromTypes} where t.typtype = 'e' and ${isType}`,
}

const attributes = `
  (select string_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
            case when a.attcollation not in (0, own.typcollation) then 'collate ' || a.attcollation::regcollation::text end), ', ' order by a.attnum)
     from pg_attribute a join pg_type own on own.oid = a.atttypid
    where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)`

export const composites: StatementQuery = {
  reads: ['pg_type', 'pg_class', 'pg_attribute'],
  sql: `
    ${rows(`format('create type %s as (%s)', ${typeName}, ${attributes})`, ofType)}
    ${fromTypes} join pg_class c on c.oid = t.typrelid where c.relkind = 'c' and ${isType}`,
}

const collationName = `(select ${named('cn.nspname', 'co.collname')} from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = g.rngcollation)`

export const ranges: StatementQuery = {
  reads: ['pg_type', 'pg_range', 'pg_collation', 'pg_proc'],
  sql: `
    ${rows(
      `format('create type %s as range (%s)', ${typeName}, concat_ws(', ', ${given('subtype', 'format_type(g.rngsubtype, null)')},
         ${given('multirange_type_name', `(select ${named('mn.nspname', 'm.typname')} from pg_type m join pg_namespace mn on mn.oid = m.typnamespace where m.oid = g.rngmultitypid)`)},
         ${given('collation', collationName)}, ${given('canonical', functionName('g.rngcanonical'))}, ${given('subtype_diff', functionName('g.rngsubdiff'))}))`,
      ofType,
    )}
    ${fromTypes} join pg_range g on g.rngtypid = t.oid where ${isType}`,
}

const baseFunctions = [
  ['input', 'typinput'],
  ['output', 'typoutput'],
  ['receive', 'typreceive'],
  ['send', 'typsend'],
  ['typmod_in', 'typmodin'],
  ['typmod_out', 'typmodout'],
  ['analyze', 'typanalyze'],
  ['subscript', 'typsubscript'],
] as const

/** Types of arrays are the server's own; a type that is declared and not yet defined has a name alone. */
export const baseTypes: StatementQuery = {
  reads: ['pg_type', 'pg_proc'],
  sql: `
    ${rows(
      `case when t.typisdefined then format('create type %s (%s)', ${typeName},
         concat_ws(', ', ${baseFunctions.map(([word, column]) => given(word, functionName(`t.${column}`))).join(', ')}))
       else 'create type ' || ${typeName} end`,
      ofType,
    )}
    ${fromTypes} where t.typtype in ('b', 'p') and ${notPart('pg_type', 't.oid')} and ${isType}`,
}

/** A domain over a domain has a copy of its default, or none: what the other one has by now says nothing. */
const domainDefault = `
  case when t.typdefaultbin is not null then ' default ' || pg_get_expr(t.typdefaultbin, 0)
       when exists (select from pg_type below where below.oid = t.typbasetype and below.typtype = 'd') then ' default null' else '' end`

export const domains: StatementQuery = {
  reads: ['pg_type'],
  sql: `
    ${rows(
      `format('create domain %s as %s%s%s', ${typeName}, format_type(t.typbasetype, t.typtypmod), ${domainDefault},
         case when t.typnotnull then ' not null' else '' end)`,
      ofType,
    )}
    ${fromTypes} where t.typtype = 'd' and ${isType}`,
}

export const domainConstraints: StatementQuery = {
  reads: ['pg_type', 'pg_constraint'],
  sql: `
    ${rows(`format('alter domain %s add constraint %I %s', ${typeName}, k.conname, pg_get_constraintdef(k.oid))`, ofType)}
    ${fromTypes} join pg_constraint k on k.contypid = t.oid where k.contype = 'c' and ${isType}`,
}
