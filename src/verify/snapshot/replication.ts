import type { StatementQuery } from './query.ts'
import { named, rows } from './query.ts'
import { usedColumns } from './uses.ts'

const using = { catalogue: 'pg_publication_rel', oid: 'r.oid' }

/** From PostgreSQL 15 on with the columns that are published, and those that a condition on the rows names. */
function tableOf(major: number): string {
  const table = named('n.nspname', 'c.relname')
  if (major < 15) return `'table ' || ${table}`
  return `concat_ws(' ', 'table', ${table},
    (select '(' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')' from pg_attribute a where a.attrelid = c.oid and a.attnum = any (r.prattrs)),
    case when r.prqual is not null then 'where (' || coalesce(${usedColumns(using, 'c.oid', '%I is null', ' or ')}, 'true') || ')' end)`
}

export function publications(major: number): StatementQuery {
  const tables = `
    select ${tableOf(major)} as part from pg_publication_rel r join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace where r.prpubid = p.oid`
  const schemas = `
    select 'tables in schema ' || quote_ident(n.nspname) from pg_publication_namespace s join pg_namespace n on n.oid = s.pnnspid where s.pnpubid = p.oid`
  return {
    reads: ['pg_publication', 'pg_publication_rel', ...(major < 15 ? [] : ['pg_publication_namespace'])],
    sql: `
    ${rows(
      `format('create publication %I%s', p.pubname, case when p.puballtables then ' for all tables' else
         coalesce(' for ' || (select string_agg(part, ', ' order by part collate "C") from (${tables}${major < 15 ? '' : ` union all ${schemas}`}) published), '') end)`,
      { schema: 'null', name: 'p.pubname' },
    )}
    from pg_publication p`,
  }
}

/** Never the connection: it holds a host and a password, and a role that is no superuser may not read it. */
export const subscriptions: StatementQuery = {
  reads: ['pg_subscription', 'pg_database'],
  sql: `
    ${rows(
      `format('create subscription %I connection '''' publication %s with (connect = false)', s.subname,
         (select string_agg(quote_ident(p), ', ' order by p collate "C") from unnest(s.subpublications) p))`,
      { schema: 'null', name: 's.subname' },
    )}
    from pg_subscription s where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())`,
}
