import type { Connection } from '../../model/database.ts'
import { type Name, nameText } from '../../model/name.ts'

export interface RelationColumn {
  readonly name: string
  /** `character varying(40)` */
  readonly type: string
  /** The type that a domain stands for. */
  readonly base: string
  /** `pg_type.typcategory` of that: N number, S string, D date, E enum, A array, … */
  readonly category: string
  /** Length that the type is declared with; null without. */
  readonly limit: number | null
  readonly labels: readonly string[]
  readonly nullable: boolean
  /** The server finds a value where a statement gives none: a default, an identity, a generation. */
  readonly filled: boolean
  /** Part of a key that may hold each value once. */
  readonly unique: boolean
}

/** Something about a table that may refuse or change what is written to it. */
export interface Obstacle {
  readonly kind:
    | 'not null'
    | 'check'
    | 'unique key'
    | 'foreign key'
    | 'exclusion'
    | 'trigger'
    | 'row security'
    | 'generated column'
    | 'referring foreign key'
  /** Name for people, with the definition where there is one. */
  readonly text: string
  /** Columns that it looks at; empty: all. */
  readonly columns: readonly string[]
  /** For a trigger: what fires it; null for all else. */
  readonly events: readonly string[] | null
}

/** A relation that statements name, as the catalogue tells it. */
export interface RelationShape {
  /** As the session's search path makes it necessary to write it. */
  readonly name: string
  readonly columns: readonly RelationColumn[]
  readonly obstacles: readonly Obstacle[]
}

/** By the name that statements use, as SQL writes it; names that are no relation are left out. */
export type Relations = ReadonlyMap<string, RelationShape>

/** Looks names up along the session's search path. */
export async function readRelations(connection: Connection, names: readonly Name[]): Promise<Relations> {
  const written = [...new Set(names.map(nameText))]
  if (written.length === 0) return new Map()
  const { rows } = await connection.query<RelationShape & { readonly written: string }>(relationsQuery, [written])
  return new Map(rows.map(({ written: key, name, columns, obstacles }) => [key, { name, columns, obstacles }]))
}

export function relationNamed(relations: Relations, name: Name): RelationShape | undefined {
  return relations.get(nameText(name))
}

const columnsOf = `
  select coalesce(jsonb_agg(jsonb_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'base', format_type(b.oid, null), 'category', b.typcategory,
      'limit', case when m.typmod < 4 or b.typcategory <> 'S' then null else m.typmod - 4 end,
      'labels', coalesce((select jsonb_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = b.oid), '[]'),
      'nullable', not (a.attnotnull or t.typnotnull), 'filled', a.atthasdef or a.attidentity <> '' or a.attgenerated <> '' or t.typdefault is not null,
      'unique', exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any (i.indkey::int2[]))
    ) order by a.attnum), '[]')
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    join pg_type b on b.oid = case when t.typtype = 'd' and t.typbasetype <> 0 then t.typbasetype else t.oid end
    cross join lateral (select case when a.atttypmod = -1 then t.typtypmod else a.atttypmod end as typmod) m
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`

const names = (keys: string, relation: string): string =>
  `array(select attname from pg_attribute where attrelid = ${relation} and attnum = any (${keys}))`

/** Names of not-null constraints (PostgreSQL 18) are told with the column. */
const obstaclesOf = `
  select coalesce(jsonb_agg(jsonb_build_object('kind', o.kind, 'text', o.text, 'columns', o.columns, 'events', o.events) order by o.kind, o.text), '[]')
    from (
      select 'not null' as kind, 'column ' || quote_ident(a.attname) || ' is NOT NULL' as text, array[a.attname] as columns, null::text[] as events
        from pg_attribute a join pg_type t on t.oid = a.atttypid
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and (a.attnotnull or t.typnotnull)
      union all
      select 'generated column', 'column ' || quote_ident(a.attname) || ' is generated', array[a.attname], null
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and (a.attgenerated <> '' or a.attidentity = 'a')
      union all
      select case k.contype when 'c' then 'check' when 'f' then 'foreign key' when 'x' then 'exclusion' else 'unique key' end,
             'constraint ' || quote_ident(k.conname) || ' ' || regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''), ${names('k.conkey', 'c.oid')}, null
        from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'f', 'x', 'p', 'u')
      union all
      select 'check', 'domain ' || format_type(t.oid, null) || ' ' || pg_get_constraintdef(k.oid), array[a.attname], null
        from pg_attribute a join pg_type t on t.oid = a.atttypid join pg_constraint k on k.contypid = t.oid and k.contype = 'c'
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      union all
      select 'unique key', 'index ' || pg_get_indexdef(i.indexrelid), ${names('i.indkey::int2[]', 'c.oid')}, null
        from pg_index i where i.indrelid = c.oid and i.indisunique and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = c.oid)
      union all
      select 'referring foreign key', 'constraint ' || quote_ident(k.conname) || ' of ' || k.conrelid::regclass || ' ' || pg_get_constraintdef(k.oid), ${names('k.confkey', 'c.oid')}, null
        from pg_constraint k where k.confrelid = c.oid and k.contype = 'f' and k.confdeltype in ('a', 'r')
      union all
      select 'trigger', 'trigger ' || quote_ident(g.tgname), '{}', array_remove(array[case when g.tgtype & 4 > 0 then 'insert' end, case when g.tgtype & 8 > 0 then 'delete' end, case when g.tgtype & 16 > 0 then 'update' end], null)
        from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal and g.tgenabled in ('O', 'A')
      union all
      select 'row security', 'row security of ' || c.oid::regclass, '{}', null where c.relrowsecurity
    ) o`

const relationsQuery = `
  select w.name as written, c.oid::regclass::text as name, (${columnsOf}) as columns, (${obstaclesOf}) as obstacles
    from unnest($1::text[]) w (name) join pg_class c on c.oid = to_regclass(w.name)`
