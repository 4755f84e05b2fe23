import { notOfExtension, usersSchema } from '../catalogue/query.ts'
import type { StatementQuery } from './query.ts'
import { named, rows } from './query.ts'

/** Sequences of identity columns come with their tables. */
export const sequences: StatementQuery = {
  reads: ['pg_class', 'pg_sequence'],
  sql: `
    ${rows(`format('create sequence %s as %s', ${named('n.nspname', 'c.relname')}, format_type(s.seqtypid, null))`, {
      schema: 'n.nspname',
      name: 'c.relname',
    })}
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
     where ${usersSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}
       and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')`,
}

export const ownedSequences: StatementQuery = {
  reads: ['pg_class', 'pg_attribute'],
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
