import type { Connection } from '../../../src/model/database.ts'

/** What a place in a statement can stand for. */
export type PlaceKind =
  | 'attach'
  | 'column'
  | 'constraint'
  | 'function'
  | 'index'
  | 'partitioned'
  | 'policy'
  | 'rule'
  | 'sequence'
  | 'table'
  | 'trigger'
  | 'type'
  | 'view'

/** Names as a statement may write them, by kind; of what is on a table, by that. */
export interface PresentNames {
  readonly byKind: Readonly<Record<string, readonly string[]>>
  readonly byTable: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

const ofTable: ReadonlySet<string> = new Set(['column', 'constraint', 'policy', 'rule', 'trigger'])
const fallback = ['a', 'b', 'c', 'x', 'k']

/** A statement with a name in each of its places `{kind number}`. */
export function filled(statement: string, { byKind, byTable }: PresentNames): string {
  const name = (names: readonly string[] | undefined, which: string): string => {
    const all = names === undefined || names.length === 0 ? fallback : names
    return all[Number(which) % all.length] ?? 'a'
  }
  const tables = [...statement.matchAll(/\{(table|partitioned|view) (\d+)\}/g)].map(
    ([, kind = '', which = '0'], at) => ({
      at,
      name: name(byKind[kind], which),
    }),
  )
  let table = tables[0]?.name ?? ''
  return statement.replaceAll(/\{(\w+) (\d+)\}/g, (_, kind: string, which: string) => {
    if (ofTable.has(kind)) return name(byTable[table]?.[kind], which)
    const found = name(byKind[kind], which)
    if (kind === 'table' || kind === 'partitioned' || kind === 'view') table = found
    return found
  })
}

export async function presentNames(connection: Connection): Promise<PresentNames> {
  const { rows } = await connection.query<PresentNames>(namesQuery)
  const [names] = rows
  if (names === undefined) throw new Error('The server said nothing of what it has.')
  return names
}

const namesQuery = `
  with named(kind, own, name) as (
    select case relkind when 'i' then 'index' when 'I' then 'index' when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'view' else 'table' end,
           '', oid::regclass::text from pg_class where oid >= 16384 and relkind <> 'c' and relkind <> 't'
       and relnamespace <> 'pg_toast'::regnamespace
    union all select 'partitioned', '', oid::regclass::text from pg_class where oid >= 16384 and relkind = 'p'
    -- Two indexes with the words between them.
    union all select 'attach', '', format('%s attach partition %s', u.indexrelid::regclass, o.indexrelid::regclass)
      from pg_inherits h join pg_index u on u.indrelid = h.inhparent join pg_index o on o.indrelid = h.inhrelid
     where h.inhrelid >= 16384 and not exists (select from pg_inherits a where a.inhrelid = o.indexrelid)
    union all select 'type', '', oid::regtype::text from pg_type
      where oid >= 16384 and oid not in (select objid from pg_depend where deptype = 'e') and typelem = 0 and (typrelid = 0 or typrelid in (select oid from pg_class where relkind = 'c')) and typtype <> 'm'
    union all select 'function', '', oid::regprocedure::text from pg_proc where oid >= 16384 and oid not in (select objid from pg_depend where deptype = 'e')
    union all select 'column', attrelid::regclass::text, quote_ident(attname) from pg_attribute
      where attrelid >= 16384 and attnum > 0 and not attisdropped
    union all select 'constraint', conrelid::regclass::text, quote_ident(conname) from pg_constraint where conrelid >= 16384
    union all select 'trigger', tgrelid::regclass::text, quote_ident(tgname) from pg_trigger where not tgisinternal
    union all select 'policy', polrelid::regclass::text, quote_ident(polname) from pg_policy
    union all select 'rule', ev_class::regclass::text, quote_ident(rulename) from pg_rewrite where ev_class >= 16384 and rulename <> '_RETURN')
  select coalesce((select jsonb_object_agg(kind, names) from (select kind, jsonb_agg(name order by name) as names from named where own = '' group by kind) k), '{}') as "byKind",
         coalesce((select jsonb_object_agg(own, kinds) from (
           select own, jsonb_object_agg(kind, names) as kinds from (select own, kind, jsonb_agg(name order by name) as names from named where own <> '' group by own, kind) t group by own) o), '{}') as "byTable"`
