import { notOfExtension, usersSchema } from '../catalogue/query.ts'
import type { StatementQuery } from './query.ts'
import { rows } from './query.ts'
import { fromRelations, isTable, isUsers, ofTable, tableName } from './relation.ts'
import { usedColumns, usedFunctions, usedRelations } from './uses.ts'

/** The text of a view says USING for it; only the tree that is kept says what it was. */
const isNatural = `exists (select from pg_rewrite w where w.ev_class = c.oid and w.rulename = '_RETURN' and w.ev_action::text like '%:isNatural true%')`

/** `pg_get_viewdef` reads the rule that a view is with the rights of the role. */
export const views: StatementQuery = {
  reads: ['pg_class', 'pg_rewrite'],
  sql: `
    ${rows(
      `format('create %sview %s as %s', case c.relkind when 'm' then 'materialized ' else '' end, ${tableName}, rtrim(pg_get_viewdef(c.oid), ';'))`,
      { ...ofTable, natural: isNatural },
    )}
    ${fromRelations} where c.relkind in ('v', 'm') and ${isUsers} and c.relpersistence <> 't'`,
}

export const viewGrants: StatementQuery = {
  reads: ['pg_class'],
  sql: `
    ${rows(
      `format('grant %s on %s to %s', string_agg(distinct lower(x.privilege_type), ', ' order by lower(x.privilege_type)), ${tableName},
         case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end)`,
      ofTable,
    )}
    ${fromRelations}, aclexplode(c.relacl) x
    where c.relkind in ('v', 'm') and x.grantee <> c.relowner and ${isUsers} group by n.nspname, c.relname, x.grantee`,
}

/** Those that a partition has from its parent are the server's. */
export const triggers: StatementQuery = {
  reads: ['pg_class', 'pg_trigger'],
  sql: `
    ${rows(`pg_get_triggerdef(g.oid)`, ofTable)}
    ${fromRelations} join pg_trigger g on g.tgrelid = c.oid where not g.tgisinternal and g.tgparentid = 0 and ${isUsers}`,
}

export const triggerStates: StatementQuery = {
  reads: ['pg_class', 'pg_trigger'],
  sql: `
    ${rows(
      `format('alter table %s %s trigger %I', ${tableName},
         case g.tgenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end, g.tgname)`,
      ofTable,
    )}
    ${fromRelations} join pg_trigger g on g.tgrelid = c.oid
    where g.tgenabled <> 'O' and not g.tgisinternal and g.tgparentid = 0 and ${isTable}`,
}

const policyUses = { catalogue: 'pg_policy', oid: 'p.oid' }

/** What it uses, put together in another way: what a policy says is not needed, and may tell more than it should. */
const policyCondition = `
  case when p.polqual is null and p.polwithcheck is null then '' else
    format(case when p.polcmd = 'a' then ' for insert with check (%1$s)' when p.polwithcheck is null then ' using (%1$s)'
      when p.polqual is null then ' with check (%1$s)' else ' using (%1$s) with check (%1$s)' end, coalesce(nullif(concat_ws(' and ',
      ${usedColumns(policyUses, 'c.oid', '%I is null', ' and ')}, ${usedRelations(policyUses, { own: 'c.oid', query: 'exists (%s)', between: ' and ' })},
      ${usedFunctions(policyUses, '%s', ' and ')}), ''), 'true')) end`

export const policies: StatementQuery = {
  reads: ['pg_class', 'pg_policy', 'pg_attribute', 'pg_proc'],
  sql: `
    ${rows(`format('create policy %I on %s%s', p.polname, ${tableName}, ${policyCondition})`, ofTable)}
    ${fromRelations} join pg_policy p on p.polrelid = c.oid where ${isTable}`,
}

const ruleUses = { catalogue: 'pg_rewrite', oid: 'r.oid' }

/** The rule that a view is made of is no rule of the user's. */
export const rules: StatementQuery = {
  reads: ['pg_class', 'pg_rewrite', 'pg_attribute', 'pg_proc'],
  sql: `
    ${rows(
      `format('create rule %I as on %s to %s do %s %s', r.rulename, case r.ev_type when '1' then 'select' when '2' then 'update' when '3' then 'insert' else 'delete' end,
         ${tableName}, case when r.is_instead then 'instead' else 'also' end,
         coalesce('(' || nullif(concat_ws('; ', 'select ' || ${usedColumns(ruleUses, 'c.oid', 'old.%I', ', ')},
           ${usedRelations(ruleUses, { own: 'c.oid', query: '%s', between: '; ' })}, ${usedFunctions(ruleUses, 'select %s', '; ')}), '') || ')', 'nothing'))`,
      ofTable,
    )}
    ${fromRelations} join pg_rewrite r on r.ev_class = c.oid where r.rulename <> '_RETURN' and ${isUsers}`,
}

export const statistics: StatementQuery = {
  reads: ['pg_class', 'pg_statistic_ext'],
  sql: `
    ${rows('pg_get_statisticsobjdef(s.oid)', { schema: 'n.nspname', name: 's.stxname' })}
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
    where ${usersSchema('n')} and ${notOfExtension('pg_statistic_ext', 's.oid')}`,
}

export const rowSecurity: StatementQuery = {
  reads: ['pg_class'],
  sql: `
    ${rows(`format('alter table %s enable row level security', ${tableName})`, ofTable)}
    ${fromRelations} where c.relrowsecurity and ${isTable}`,
}
