import type { Connection } from '../../model/database.ts'

/** A type that values are made up for, with what its declaration says. */
export interface SeedType {
  /** The type that a domain stands for, and the element's type of an array; without length and precision. */
  readonly type: string
  /** Its bare name in the catalogue: `int4`, `bpchar`. */
  readonly base: string
  /** `pg_type.typcategory` of it: N number, S string, D date, E enum, … */
  readonly category: string
  readonly isArray: boolean
  /** Length or precision that the type is declared with; null without. */
  readonly limit: number | null
  /** Digits after the point of a numeric; null without. */
  readonly scale: number | null
  readonly labels: readonly string[]
  /** Of a composite type. */
  readonly fields: readonly Omit<SeedType, 'fields' | 'bounds'>[]
  /** What a range, or the ranges of a multirange, are between. */
  readonly bounds: { readonly base: string; readonly category: string; readonly multi: boolean } | null
}

export interface SeedColumn extends SeedType {
  readonly name: string
  readonly number: number
  readonly notNull: boolean
  readonly default: 'none' | 'sequence' | 'other'
  /** Identity that takes no value but its own. */
  readonly always: boolean
  /** Conditions that a value must meet, over the column's name: checks of this column alone, and of its domains. */
  readonly conditions: readonly string[]
  /** Texts of all checks and partition bounds that name it: their literals are worth a try. */
  readonly hints: readonly string[]
  /** It is in a unique key by itself, or in an exclusion constraint: equal and overlapping values are refused. */
  readonly unique: boolean
}

export interface SeedForeignKey {
  readonly columns: readonly string[]
  readonly references: string
  readonly referencedColumns: readonly string[]
  readonly deferrable: boolean
}

export interface SeedTable {
  readonly oid: number
  /** Quoted and qualified. */
  readonly name: string
  readonly columns: readonly SeedColumn[]
  readonly foreignKeys: readonly SeedForeignKey[]
  /** Conditions that a row must meet: checks of several columns, and that there is a partition for it. */
  readonly conditions: readonly string[]
  /** Columns of its primary key. */
  readonly key: readonly string[]
}

/**
 * Tables that rows can be put into, in an order in which foreign keys can be met. Partitions are filled through their
 * parent.
 *
 * @param only their names; null for all
 */
export async function readSeedTables(
  connection: Connection,
  only: readonly string[] | null = null,
): Promise<readonly SeedTable[]> {
  const { rows } = await connection.query<SeedTable>(tablesQuery, [only])
  return inOrder(rows)
}

/** Referenced tables first. In a circle, any order: its keys are filled afterwards. */
function inOrder(tables: readonly SeedTable[]): readonly SeedTable[] {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const done = new Map<string, SeedTable>()
  const visit = (table: SeedTable, path: readonly string[]): void => {
    if (done.has(table.name) || path.includes(table.name)) return
    for (const { references } of table.foreignKeys) {
      const referenced = byName.get(references)
      if (referenced !== undefined) visit(referenced, [...path, table.name])
    }
    done.set(table.name, table)
  }
  for (const table of tables) visit(table, [])
  return [...done.values()]
}

/** The type of an oid and a typmod as `SeedType` has it. `pg_catalog.bpchar` has no length of its own, unlike `character`. */
const typeOf = (element: string, typmod: string): string => `
  'type', case when ${element}.typname in ('bpchar', 'bit') then 'pg_catalog.' || quote_ident(${element}.typname) else format_type(${element}.oid, null) end,
  'base', ${element}.typname, 'category', ${element}.typcategory,
  'limit', case when ${element}.typname in ('bit', 'varbit') then nullif(${typmod}, -1) when ${typmod} < 4 then null when ${element}.typname = 'numeric' then ((${typmod} - 4) >> 16) & 65535 when ${element}.typcategory = 'S' then ${typmod} - 4 end,
  'scale', case when ${element}.typname = 'numeric' and ${typmod} >= 4 then (${typmod} - 4) & 2047 end,
  'labels', coalesce((select jsonb_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = ${element}.oid), '[]')`

const arrayElement = (type: string): string =>
  `case when ${type}.typcategory = 'A' and ${type}.typelem <> 0 then ${type}.typelem else ${type}.oid end`

const names = (numbers: string, relation: string): string =>
  `(select jsonb_agg(quote_ident(attname) order by place) from unnest(${numbers}) with ordinality u (number, place) join pg_attribute on attrelid = ${relation} and attnum = u.number)`

const own = `not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')`

const tablesQuery = `
  with recursive base (oid, type, typmod, conditions) as (
    select t.oid, t.oid, -1, '{}'::text[] from pg_type t where t.typtype <> 'd'
    union all
    select d.oid, b.type, case when d.typtypmod = -1 then b.typmod else d.typtypmod end,
           b.conditions || array(select regexp_replace(pg_get_constraintdef(k.oid), '^CHECK | NOT VALID$', '', 'g') from pg_constraint k where k.contypid = d.oid and k.contype = 'c')
      from pg_type d join base b on b.oid = d.typbasetype where d.typtype = 'd')
  select c.oid::int8::float8 as oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', quote_ident(a.attname), 'number', a.attnum, ${typeOf('e', 'm.typmod')},
        'isArray', t.typcategory = 'A' and t.typelem <> 0,
        'fields', coalesce((select jsonb_agg(jsonb_build_object(${typeOf('fe', 'fa.atttypmod')}, 'isArray', ft.typcategory = 'A') order by fa.attnum)
            from pg_attribute fa join base fb on fb.oid = fa.atttypid join pg_type ft on ft.oid = fb.type join pg_type fe on fe.oid = ${arrayElement('ft')}
           where e.typcategory = 'C' and fa.attrelid = e.typrelid and fa.attnum > 0 and not fa.attisdropped), '[]'),
        'bounds', (select jsonb_build_object('base', s.typname, 'category', s.typcategory, 'multi', r.rngmultitypid = e.oid)
            from pg_range r join pg_type s on s.oid = r.rngsubtype where e.oid in (r.rngtypid, r.rngmultitypid)),
        'notNull', a.attnotnull or domain.typnotnull, 'always', a.attidentity = 'a',
        'default', case when a.attidentity <> '' or pg_get_expr(f.adbin, f.adrelid) like 'nextval(%' then 'sequence' when a.atthasdef then 'other' else 'none' end,
        'conditions', to_jsonb(array(select regexp_replace(x, '\\mVALUE\\M', quote_ident(a.attname), 'g') from unnest(b.conditions) x)
             || array(select pg_get_expr(k.conbin, k.conrelid) from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum])),
        'hints', to_jsonb(b.conditions || array(select pg_get_expr(k.conbin, k.conrelid) from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey))
             || array(select pg_get_expr(p.relpartbound, p.oid) from pg_partition_tree(c.oid) i join pg_class p on p.oid = i.relid where c.relkind = 'p' and i.level > 0 and exists (
                  select from pg_partitioned_table pt join pg_attribute pa on pa.attrelid = pt.partrelid and pa.attnum = any (pt.partattrs::int2[]) where pt.partrelid = i.parentrelid and pa.attname = a.attname))),
        'unique', exists (select from pg_index i left join pg_constraint k on k.conindid = i.indexrelid
                           where i.indrelid = c.oid and (i.indisunique and i.indnkeyatts = 1 and i.indkey[0] = a.attnum or k.contype = 'x' and a.attnum = any (k.conkey)))
      ) order by a.attnum), '[]')
       from pg_attribute a join pg_type domain on domain.oid = a.atttypid join base b on b.oid = a.atttypid
       join pg_type t on t.oid = b.type join pg_type e on e.oid = ${arrayElement('t')}
       cross join lateral (select case when a.atttypmod = -1 then b.typmod else a.atttypmod end as typmod) m
       left join pg_attrdef f on f.adrelid = c.oid and f.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'columns', ${names('k.conkey', 'k.conrelid')},
        'references', (select quote_ident(rn.nspname) || '.' || quote_ident(r.relname) from pg_class r join pg_namespace rn on rn.oid = r.relnamespace where r.oid = k.confrelid),
        'referencedColumns', ${names('k.confkey', 'k.confrelid')}, 'deferrable', k.condeferrable) order by k.conname), '[]')
       from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0) as "foreignKeys",
    (select coalesce(jsonb_agg(condition), '[]') from (
       select pg_get_expr(k.conbin, k.conrelid) as condition from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and cardinality(k.conkey) <> 1
       union all
       select string_agg('(' || coalesce(pg_get_partition_constraintdef(i.relid), 'true') || ')', ' or ') from pg_partition_tree(c.oid) i where c.relkind = 'p' and i.isleaf and i.level > 0 having count(*) > 0) x) as conditions,
    coalesce((select ${names('i.indkey::int2[]', 'i.indrelid')} from pg_index i where i.indrelid = c.oid and i.indisprimary), '[]') as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'migrate') and ${own}
     and ($1::text[] is null or quote_ident(n.nspname) || '.' || quote_ident(c.relname) = any ($1))
   order by 2`
