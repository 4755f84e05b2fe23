import { notOfExtension, usersSchema } from '../catalogue/query.ts'
import type { StatementQuery } from './query.ts'
import { named, rows } from './query.ts'

const schemas: StatementQuery = {
  sql: `
    ${rows(`format('create schema %I', n.nspname)`, { schema: 'null', name: 'n.nspname' })}
      from pg_namespace n
     where ${usersSchema('n')} and n.nspname <> 'public' and ${notOfExtension('pg_namespace', 'n.oid')}`,
}

const extensions: StatementQuery = {
  sql: `
    ${rows(`format('create extension %I', e.extname)`, { schema: 'null', name: 'e.extname' })}
      from pg_extension e where e.extname <> 'plpgsql'`,
}

const ofType = { schema: 'n.nspname', name: 't.typname' }
const typeName = named('n.nspname', 't.typname')
const fromTypes = `from pg_type t join pg_namespace n on n.oid = t.typnamespace`
const isType = `${usersSchema('n')} and ${notOfExtension('pg_type', 't.oid')}`

const enums: StatementQuery = {
  sql: `
    ${rows(
      `format('create type %s as enum (%s)', ${typeName},
         (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))`,
      ofType,
    )}
    ${fromTypes} where t.typtype = 'e' and ${isType}`,
}

const composites: StatementQuery = {
  sql: `
    ${rows(
      `format('create type %s as (%s)', ${typeName},
         (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
            from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))`,
      ofType,
    )}
    ${fromTypes} join pg_class c on c.oid = t.typrelid where c.relkind = 'c' and ${isType}`,
}

const domains: StatementQuery = {
  sql: `
    ${rows(
      `format('create domain %s as %s%s', ${typeName}, format_type(t.typbasetype, t.typtypmod),
         case when t.typnotnull then ' not null' else '' end)`,
      ofType,
    )}
    ${fromTypes} where t.typtype = 'd' and ${isType}`,
}

const domainConstraints: StatementQuery = {
  sql: `
    ${rows(`format('alter domain %s add constraint %I %s', ${typeName}, k.conname, pg_get_constraintdef(k.oid))`, ofType)}
    ${fromTypes} join pg_constraint k on k.contypid = t.oid where k.contype = 'c' and ${isType}`,
}

/** The body stands apart: only its names are kept. Aggregates have no such definition. */
const functions: StatementQuery = {
  sql: `
    ${rows(
      `format('create %s %s(%s)%s language %I %s%s', case p.prokind when 'p' then 'procedure' else 'function' end,
         ${named('n.nspname', 'p.proname')}, pg_get_function_arguments(p.oid),
         coalesce(' returns ' || pg_get_function_result(p.oid), ''), l.lanname,
         case when p.prokind = 'p' then '' when p.provolatile = 'i' then 'immutable' when p.provolatile = 's' then 'stable' else 'volatile' end,
         case when p.prosqlbody is null then '' else ' begin atomic end' end)`,
      {
        schema: 'n.nspname',
        name: 'p.proname',
        body: `case when p.prosqlbody is null then case when l.lanname in ('sql', 'plpgsql') then p.prosrc else '' end end`,
      },
    )}
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
     where p.prokind <> 'a' and ${usersSchema('n')} and ${notOfExtension('pg_proc', 'p.oid')}`,
}

/** Sequences of identity columns come with their tables. */
const sequences: StatementQuery = {
  sql: `
    ${rows(`format('create sequence %s as %s', ${named('n.nspname', 'c.relname')}, format_type(s.seqtypid, null))`, {
      schema: 'n.nspname',
      name: 'c.relname',
    })}
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
     where ${usersSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}
       and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')`,
}

const ownedSequences: StatementQuery = {
  sql: `
    ${rows(
      `format('alter sequence %s owned by %s.%I', ${named('n.nspname', 'c.relname')}, ${named('tn.nspname', 't.relname')}, a.attname)`,
      { schema: 'tn.nspname', name: 't.relname' },
    )}
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'a' and d.refclassid = 'pg_class'::regclass
      join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace
      join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
     where c.relkind = 'S' and ${usersSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}`,
}

const publications: StatementQuery = {
  sql: `
    ${rows(
      `format('create publication %I%s', p.pubname, case when p.puballtables then ' for all tables' else
         coalesce(' for table ' || (select string_agg(${named('n.nspname', 'c.relname')}, ', ' order by n.nspname collate "C", c.relname collate "C")
           from pg_publication_rel r join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace
          where r.prpubid = p.oid), '') end)`,
      { schema: 'null', name: 'p.pubname' },
    )}
      from pg_publication p`,
}

/** What tables may need. */
export const beforeTables: readonly StatementQuery[] = [
  schemas,
  extensions,
  enums,
  composites,
  domains,
  domainConstraints,
  functions,
  sequences,
]

export const afterTables: readonly StatementQuery[] = [ownedSequences, publications]
