/**
 * What an object goes on using, as the server notes it in `pg_depend`, put as parts of a statement. A rule asks which
 * columns and functions a policy, a rule or a body names; how they are put together stays in the database.
 */
interface Using {
  readonly catalogue: string
  readonly oid: string
}

const noted = ({ catalogue, oid }: Using, of: string): string =>
  `pg_depend d where d.classid = '${catalogue}'::regclass and d.objid = ${oid} and d.refclassid = '${of}'::regclass`

/** Columns of one relation, each as `column` makes it, with `between` between them; null where there is none. */
export function usedColumns(using: Using, relation: string, column: string, between: string): string {
  return `(select string_agg(distinct format('${column}', a.attname) collate "C", '${between}')
     from pg_attribute a where a.attrelid = ${relation} and a.attnum > 0
      and a.attnum in (select d.refobjsubid from ${noted(using, 'pg_class')} and d.refobjid = ${relation}))`
}

/** A query for each relation but `own`, each as `query` makes it of `select … from …`; null where there is none. */
export function usedRelations(using: Using, { own, query, between }: UsedRelations): string {
  return `(select string_agg(format('${query}', format('select %s from %I.%I u', used.columns, un.nspname, uc.relname)), '${between}'
         order by un.nspname collate "C", uc.relname collate "C")
     from (select d.refobjid as relation, string_agg(distinct ('u.' || quote_ident(a.attname)) collate "C", ', ') as columns
             from (select d.refobjid, d.refobjsubid from ${noted(using, 'pg_class')}) d
             left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and a.attnum > 0
            group by d.refobjid) used
     join pg_class uc on uc.oid = used.relation join pg_namespace un on un.oid = uc.relnamespace
    where uc.relkind in ('r', 'p', 'f', 'v', 'm') and uc.oid <> ${own})`
}

interface UsedRelations {
  /** The OID of a relation that is told otherwise; 0 for none. */
  readonly own: string
  readonly query: string
  readonly between: string
}

/** A call of each function of the user's, as `call` makes it; null where there is none. Those of the server are not noted. */
export function usedFunctions(using: Using, call: string, between: string): string {
  return `(select string_agg(distinct format('${call}', format('%I.%I()', un.nspname, up.proname)) collate "C", '${between}')
     from pg_proc up join pg_namespace un on un.oid = up.pronamespace
    where up.oid in (select d.refobjid from ${noted(using, 'pg_proc')}))`
}
