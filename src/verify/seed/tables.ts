import type { Connection } from '../../model/database.ts'

export interface SeedColumn {
  readonly name: string
  /** The type that a domain stands for, and the element's type of an array; without the lengths that `character` and `bit` imply. */
  readonly type: string
  /** `pg_type.typcategory` of that type: N number, S string, D date, E enum, … */
  readonly category: string
  readonly isArray: boolean
  /** Length or precision that the type is declared with; null without. */
  readonly limit: number | null
  /** Digits after the point of a numeric; null without. */
  readonly scale: number | null
  readonly labels: readonly string[]
  readonly notNull: boolean
  readonly default: 'none' | 'sequence' | 'other'
  /** Texts of the checks and partition bounds that name it: their literals are worth a try. */
  readonly hints: readonly string[]
}

export interface SeedForeignKey {
  readonly columns: readonly string[]
  readonly references: string
  readonly referencedColumns: readonly string[]
}

export interface SeedTable {
  /** Quoted and qualified. */
  readonly name: string
  readonly columns: readonly SeedColumn[]
  readonly foreignKeys: readonly SeedForeignKey[]
  readonly rows: number
}

/** Every table that rows can be put into, in an order in which foreign keys can be met. Partitions are filled through their parent. */
export async function readSeedTables(connection: Connection): Promise<readonly SeedTable[]> {
  const { rows } = await connection.query<{
    name: string
    columns: readonly SeedColumn[]
    keys: readonly SeedForeignKey[]
  }>(tablesQuery)
  const tables: SeedTable[] = []
  for (const { name, columns, keys } of rows) {
    const counted = await connection.query<{ count: number }>(`select count(*)::float8 as count from ${name}`)
    tables.push({ name, columns, foreignKeys: keys, rows: counted.rows[0]?.count ?? 0 })
  }
  return inOrder(tables)
}

/** Referenced tables first. In a circle, any order: its keys are left null where they may be. */
function inOrder(tables: readonly SeedTable[]): readonly SeedTable[] {
  const done = new Map<string, SeedTable>()
  const visit = (table: SeedTable, path: readonly string[]): void => {
    if (done.has(table.name) || path.includes(table.name)) return
    for (const { references } of table.foreignKeys) {
      const referenced = tables.find(({ name }) => name === references)
      if (referenced !== undefined) visit(referenced, [...path, table.name])
    }
    done.set(table.name, table)
  }
  for (const table of tables) visit(table, [])
  return [...done.values()]
}

const tablesQuery = `
  with recursive base (oid, type, typmod, hints) as (
    select t.oid, t.oid, -1, '{}'::text[] from pg_type t where t.typtype <> 'd'
    union all
    select d.oid, b.type, case when d.typtypmod = -1 then b.typmod else d.typtypmod end,
           b.hints || array(select pg_get_constraintdef(k.oid) from pg_constraint k where k.contypid = d.oid)
      from pg_type d join base b on b.oid = d.typbasetype where d.typtype = 'd')
  select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', quote_ident(a.attname), 'type', case when e.typname in ('bpchar', 'bit') then 'pg_catalog.' || quote_ident(e.typname) else format_type(e.oid, null) end, 'category', e.typcategory,
        'isArray', t.typcategory = 'A', 'limit', case when e.typname = 'bit' then nullif(m.typmod, -1) when m.typmod < 4 then null when e.typname = 'numeric' then ((m.typmod - 4) >> 16) & 65535 when e.typcategory = 'S' then m.typmod - 4 end,
        'scale', case when e.typname = 'numeric' and m.typmod >= 4 then (m.typmod - 4) & 2047 end,
        'labels', coalesce((select jsonb_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = e.oid), '[]'),
        'notNull', a.attnotnull or domain.typnotnull,
        'default', case when a.attidentity <> '' or pg_get_expr(f.adbin, f.adrelid) like 'nextval(%' then 'sequence' when a.atthasdef then 'other' else 'none' end,
        'hints', to_jsonb(b.hints || array(select pg_get_constraintdef(k.oid) from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey))
                 || array(select pg_get_expr(p.relpartbound, p.oid) from pg_inherits i join pg_class p on p.oid = i.inhrelid where i.inhparent = c.oid and p.relispartition and pg_get_partkeydef(c.oid) like '%' || quote_ident(a.attname) || '%'))
      ) order by a.attnum), '[]')
       from pg_attribute a join pg_type domain on domain.oid = a.atttypid join base b on b.oid = a.atttypid
       join pg_type t on t.oid = b.type join pg_type e on e.oid = case when t.typcategory = 'A' then t.typelem else t.oid end
       cross join lateral (select case when a.atttypmod = -1 then b.typmod else a.atttypmod end as typmod) m
       left join pg_attrdef f on f.adrelid = c.oid and f.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'columns', (select jsonb_agg(quote_ident(attname) order by o) from unnest(k.conkey) with ordinality u (n, o) join pg_attribute on attrelid = k.conrelid and attnum = u.n),
        'references', (select quote_ident(rn.nspname) || '.' || quote_ident(r.relname) from pg_class r join pg_namespace rn on rn.oid = r.relnamespace where r.oid = k.confrelid),
        'referencedColumns', (select jsonb_agg(quote_ident(attname) order by o) from unnest(k.confkey) with ordinality u (n, o) join pg_attribute on attrelid = k.confrelid and attnum = u.n))), '[]')
       from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0) as keys
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'migrate')
     and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
   order by 1`
