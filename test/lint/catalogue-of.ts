import type { Connection } from '../../src/model/database.ts'
import type { Schema, Table } from '../../src/model/schema.ts'
import { nameOfNotNull } from '../../src/lint/schema/not-null.ts'
import type { TypeName } from '../../src/model/type.ts'

/** A schema as plain lines, the same from the model and from a server. */
export interface SchemaLines {
  readonly columns: readonly string[]
  readonly constraints: readonly string[]
  readonly indexes: readonly string[]
  readonly triggers: readonly string[]
  readonly views: readonly string[]
  readonly sequences: readonly string[]
  readonly enums: readonly string[]
}

/** What the model says. Implicit NOT NULL constraints, which only PostgreSQL 18 has, are left out on both sides. */
export function linesOfModel(
  schema: Schema,
  { temporary = false }: { readonly temporary?: boolean } = {},
): SchemaLines {
  const tables = schema.tables().filter((table) => temporary || !table.temporary)
  return {
    columns: sorted(tables.flatMap(columnLines)),
    constraints: sorted(tables.flatMap(constraintLines)),
    indexes: sorted(tables.flatMap(indexLines)),
    triggers: sorted(tables.flatMap(triggerLines)),
    views: sorted(
      schema
        .views()
        .map(({ name, materialized }) => `${name.schema}.${name.name}${materialized ? ' materialized' : ''}`),
    ),
    sequences: sorted(sequencesOf(schema)),
    enums: sorted(enumsOf(schema)),
  }
}

function columnLines({ name: table, columns }: Table): readonly string[] {
  return [...columns.values()].map((column, index) =>
    [
      `${table.schema}.${table.name} ${index + 1} ${column.name} ${column.type === undefined ? notTold : typeText(column.type)}`,
      ...(column.notNull ? ['not null'] : []),
      ...(column.default === undefined || column.generated !== undefined ? [] : ['default']),
      ...(column.identity === undefined ? [] : [column.identity]),
      ...(column.generated === undefined ? [] : [column.generated]),
    ].join(' '),
  )
}

/** Stands for a type that the history does not tell. */
export const notTold = '?'

/** With the schema where it is the user's own. */
export function typeText({ schema, name, array, sql }: TypeName): string {
  return schema === undefined ? sql : `${schema}.${name}${array ? '[]' : ''}`
}

function constraintLines({ name: table, constraints }: Table): readonly string[] {
  return [...constraints.values()]
    .filter(({ type }) => type !== 'not-null')
    .map((constraint) => {
      const target =
        constraint.type === 'foreign-key' ? ` to ${constraint.references.schema}.${constraint.references.name}` : ''
      const own = 'columns' in constraint ? constraint.columns.filter((column) => column !== '') : []
      const columns = own.length === 0 ? '' : ` (${own.join()})`
      const referenced = constraint.type === 'foreign-key' ? ` (${constraint.referencedColumns.join()})` : ''
      return `${table.schema}.${table.name} ${constraint.name} ${constraint.type}${columns}${target}${referenced}${constraint.valid ? '' : ' not valid'}`
    })
}

/** NOT NULL constraints, which only PostgreSQL 18 has. */
export function notNullsOfModel(schema: Schema): readonly string[] {
  return sorted(
    schema.tables().flatMap((table) => {
      const { schema: namespace, name } = table.name
      const columns = [...table.columns.values()].filter(({ notNull }) => notNull)
      return columns.map((column) => `${namespace}.${name} ${nameOfNotNull(table, column.name)} (${column.name})`)
    }),
  )
}

export async function notNullsOfServer(connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.query<{ line: string }>(notNullsQuery)
  return sorted(rows.map(({ line }) => line))
}

function indexLines({ name: table, indexes }: Table): readonly string[] {
  return [...indexes.values()].map(
    (index) =>
      `${table.schema}.${table.name} ${index.name.schema}.${index.name.name} (${index.columns.join()})${index.unique ? ' unique' : ''}${index.partial ? ' partial' : ''}${index.constraint === undefined ? '' : ` for ${index.constraint}`}${index.parent === undefined ? '' : ` part of ${index.parent.schema}.${index.parent.name}`}`,
  )
}

function triggerLines({ name: table, triggers }: Table): readonly string[] {
  return [...triggers.values()].map(
    ({ name, timing, events, rowLevel, updateOf, when, fires }) =>
      `${table.schema}.${table.name} ${name} ${timing} ${events.toSorted().join()} (${updateOf.toSorted().join()}) ${rowLevel ? 'row' : 'statement'}${when === undefined ? '' : ' when'} ${fires}`,
  )
}

/** The model is asked by name, since a schema does not list them. */
function sequencesOf(schema: Schema): readonly string[] {
  return 'sequences' in schema && typeof schema.sequences === 'function' ? names(schema.sequences()) : []
}

function enumsOf(schema: Schema): readonly string[] {
  if (!('enumTypes' in schema) || typeof schema.enumTypes !== 'function') return []
  return names(schema.enumTypes())
}

function names(
  objects: readonly {
    readonly name: { readonly schema: string; readonly name: string }
    readonly values?: readonly string[]
  }[],
): readonly string[] {
  return objects.map(
    ({ name, values }) => `${name.schema}.${name.name}${values === undefined ? '' : ` (${values.join()})`}`,
  )
}

/** What the server's catalogue says. */
export async function linesOfServer(connection: Connection): Promise<SchemaLines> {
  const lines = async (sql: string): Promise<readonly string[]> => {
    const { rows } = await connection.query<{ line: string }>(sql)
    return sorted(rows.map(({ line }) => line))
  }
  return {
    columns: await lines(columnsQuery),
    constraints: await lines(constraintsQuery),
    indexes: await lines(indexesQuery),
    triggers: await lines(triggersQuery),
    views: await lines(viewsQuery),
    sequences: await lines(sequencesQuery),
    enums: await lines(enumsQuery),
  }
}

function sorted(lines: readonly string[]): readonly string[] {
  return lines.toSorted()
}

const user = `(n.nspname !~ '^pg_' and n.nspname <> 'information_schema' or n.oid = pg_my_temp_schema())`
/** The name of a schema, where that of the session's own temporary one stands for what it is. */
const schemaName = (namespace: string): string =>
  `case when ${namespace}.oid = pg_my_temp_schema() then 'pg_temp' else ${namespace}.nspname end`
const columnList = (table: string, numbers: string): string =>
  `(select string_agg(col.attname, ',' order by o.at) from unnest(${numbers}) with ordinality o(number, at)
     join pg_attribute col on col.attrelid = ${table} and col.attnum = o.number)`

/** Whatever the search path is. */
const typeName = `(select case when y.typnamespace = 'pg_catalog'::regnamespace then format_type(a.atttypid, a.atttypmod)
      else (select ${schemaName('u')} from pg_namespace u where u.oid = y.typnamespace) || '.' || coalesce(e.typname || '[]', y.typname) end
    from pg_type y left join pg_type e on e.oid = y.typelem and y.typcategory = 'A' where y.oid = a.atttypid)`

const columnsQuery = `
  select concat_ws(' ', ${schemaName('n')} || '.' || c.relname,
           row_number() over (partition by c.oid order by a.attnum), a.attname, ${typeName},
           case when a.attnotnull and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'n' and not k.convalidated and k.conkey[1] = a.attnum) then 'not null' end,
           case when a.atthasdef and a.attgenerated = '' then 'default' end,
           case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
           case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relkind in ('r', 'p') and ${user}`

/** A foreign key to a partitioned table has others to its partitions, which have no life of their own. */
const constraintsQuery = `
  select concat_ws(' ', ${schemaName('n')} || '.' || c.relname, k.conname,
           case k.contype when 'c' then 'check' when 'f' then 'foreign-key' when 'p' then 'primary-key' when 'u' then 'unique' else 'exclude' end,
           case when k.contype <> 'c' then '(' || ${columnList('k.conrelid', 'k.conkey')} || ')' end,
           case when k.contype = 'f' then 'to ' || (select ${schemaName('fn')} || '.' || f.relname from pg_class f join pg_namespace fn on fn.oid = f.relnamespace where f.oid = k.confrelid) end,
           case when k.contype = 'f' then '(' || ${columnList('k.confrelid', 'k.confkey')} || ')' end,
           case when not k.convalidated then 'not valid' end) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
   where k.contype in ('c', 'f', 'p', 'u', 'x') and ${user}
     and not exists (select from pg_constraint up where up.oid = k.conparentid and up.conrelid = k.conrelid)`

const notNullsQuery = `
  select ${schemaName('n')} || '.' || c.relname || ' ' || k.conname || ' (' || ${columnList('k.conrelid', 'k.conkey')} || ')' as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
   where k.contype = 'n' and c.relkind in ('r', 'p') and k.convalidated and ${user}`

const indexesQuery = `
  select ${schemaName('tn')} || '.' || t.relname || ' ' || ${schemaName('n')} || '.' || c.relname || ' (' ||
           (select string_agg(coalesce(a.attname, ''), ',' order by o.at)
              from unnest(i.indkey::int2[]) with ordinality o(number, at)
              left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = o.number
             where o.at <= i.indnkeyatts) || ')' ||
           case when i.indisunique then ' unique' else '' end ||
           case when i.indpred is not null then ' partial' else '' end ||
           coalesce(' for ' || k.conname, '') ||
           coalesce((select ' part of ' || ${schemaName('un')} || '.' || u.relname from pg_inherits h join pg_class u on u.oid = h.inhparent
             join pg_namespace un on un.oid = u.relnamespace where h.inhrelid = c.oid), '') as line
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_class t on t.oid = i.indrelid join pg_namespace tn on tn.oid = t.relnamespace
    left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
   where t.relkind in ('r', 'p') and ${user}`

/** Those of partitions are their parent's. Bits of `tgtype`: `catalog/pg_trigger.h`. */
const triggersQuery = `
  select concat_ws(' ', ${schemaName('n')} || '.' || c.relname, g.tgname,
           case when g.tgtype & 2 > 0 then 'before' when g.tgtype & 64 > 0 then 'instead of' else 'after' end,
           (select string_agg(event, ',' order by event collate "C") from (values (4, 'insert'), (8, 'delete'), (16, 'update'), (32, 'truncate')) e(bit, event) where g.tgtype & bit > 0),
           '(' || coalesce((select string_agg(a.attname, ',' order by a.attname) from unnest(g.tgattr::int2[]) u(number) join pg_attribute a on a.attrelid = c.oid and a.attnum = u.number), '') || ')',
           case when g.tgtype & 1 > 0 then 'row' else 'statement' end,
           case when g.tgqual is not null then 'when' end,
           case g.tgenabled when 'O' then 'origin' when 'D' then 'never' when 'R' then 'in replicas' else 'always' end) as line
    from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
   where not g.tgisinternal and g.tgparentid = 0 and c.relkind in ('r', 'p') and ${user}`

const viewsQuery = `
  select ${schemaName('n')} || '.' || c.relname || case when c.relkind = 'm' then ' materialized' else '' end as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${user}`

const sequencesQuery = `
  select ${schemaName('n')} || '.' || c.relname as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S' and ${user}`

const enumsQuery = `
  select ${schemaName('n')} || '.' || t.typname || ' (' || coalesce(string_agg(e.enumlabel, ',' order by e.enumsortorder), '') || ')' as line
    from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_enum e on e.enumtypid = t.oid
   where t.typtype = 'e' and ${user} group by n.oid, n.nspname, t.typname`
