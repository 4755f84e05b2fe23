import { notOfExtension, usersSchema } from '../catalogue/query.ts'
import type { StatementQuery } from './query.ts'
import { functionName, functionWithArguments, given, named, notPart, operatorName, rows, usersLoose } from './query.ts'

const operand = (type: string): string => `case when ${type} <> 0 then format_type(${type}, null) end`

/** One that is only named, as the commutator of another, is not there yet. */
export const operators: StatementQuery = {
  reads: ['pg_operator', 'pg_proc'],
  sql: `
    ${rows(
      `format('create operator %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ', ${given('function', functionName('o.oprcode'))},
         ${given('leftarg', operand('o.oprleft'))}, ${given('rightarg', operand('o.oprright'))},
         ${given('restrict', functionName('o.oprrest'))}, ${given('join', functionName('o.oprjoin'))}))`,
      { schema: 'n.nspname', name: 'o.oprname' },
    )}
    from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
    where o.oprcode <> 0 and ${usersSchema('n')} and ${notOfExtension('pg_operator', 'o.oid')}`,
}

export const operatorFamilies: StatementQuery = {
  reads: ['pg_opfamily', 'pg_am'],
  sql: `
    ${rows(`format('create operator family %s using %I', ${named('n.nspname', 'f.opfname')}, m.amname)`, { schema: 'n.nspname', name: 'f.opfname' })}
    from pg_opfamily f join pg_am m on m.oid = f.opfmethod join pg_namespace n on n.oid = f.opfnamespace
    where ${usersSchema('n')} and ${notOfExtension('pg_opfamily', 'f.oid')}`,
}

/** Operators and functions without which the class would not be; others are loose in its family. */
const ofClass = (catalogue: string): string =>
  `exists (select from pg_depend d where d.classid = '${catalogue}'::regclass and d.objid = i.oid and d.refclassid = 'pg_opclass'::regclass and d.refobjid = c.oid)`

const classItems = `
  concat_ws(', ',
    (select string_agg(format('operator %s %s (%s, %s)', i.amopstrategy, ${operatorName('i.amopopr')}, format_type(i.amoplefttype, null), format_type(i.amoprighttype, null)), ', '
              order by i.amopstrategy, format_type(i.amoplefttype, null) collate "C", format_type(i.amoprighttype, null) collate "C")
       from pg_amop i where i.amopfamily = c.opcfamily and ${ofClass('pg_amop')}),
    (select string_agg(format('function %s (%s, %s) %s', i.amprocnum, format_type(i.amproclefttype, null), format_type(i.amprocrighttype, null), ${functionWithArguments('i.amproc')}), ', '
              order by i.amprocnum, format_type(i.amproclefttype, null) collate "C", format_type(i.amprocrighttype, null) collate "C")
       from pg_amproc i where i.amprocfamily = c.opcfamily and ${ofClass('pg_amproc')}),
    'storage ' || format_type(coalesce(nullif(c.opckeytype, 0), c.opcintype), null))`

export const operatorClasses: StatementQuery = {
  reads: ['pg_opclass', 'pg_opfamily', 'pg_am', 'pg_amop', 'pg_amproc', 'pg_operator', 'pg_proc'],
  sql: `
    ${rows(
      `format('create operator class %s for type %s using %I family %s as %s', ${named('n.nspname', 'c.opcname')}, format_type(c.opcintype, null),
         m.amname, ${named('fn.nspname', 'f.opfname')}, ${classItems})`,
      { schema: 'n.nspname', name: 'c.opcname' },
    )}
    from pg_opclass c join pg_am m on m.oid = c.opcmethod join pg_namespace n on n.oid = c.opcnamespace
    join pg_opfamily f on f.oid = c.opcfamily join pg_namespace fn on fn.oid = f.opfnamespace
    where ${usersSchema('n')} and ${notOfExtension('pg_opclass', 'c.oid')}`,
}

const castTypes = `format_type(k.castsource, null), format_type(k.casttarget, null)`

export const casts: StatementQuery = {
  reads: ['pg_cast', 'pg_proc'],
  sql: `
    ${rows(
      `format('create cast (%s as %s) %s', ${castTypes}, case k.castmethod when 'f' then 'with function ' || ${functionWithArguments('k.castfunc')}
         when 'i' then 'with inout' else 'without function' end)`,
      { schema: 'null', name: `format('%s as %s', ${castTypes})` },
    )}
    from pg_cast k where ${usersLoose('pg_cast', 'k.oid')} and ${notPart('pg_cast', 'k.oid')}`,
}
