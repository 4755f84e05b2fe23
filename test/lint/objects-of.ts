import type { Connection } from '../../src/model/database.ts'
import { nameText } from '../../src/model/name.ts'
import type { Name } from '../../src/model/name.ts'
import type { KnownSchema } from '../../src/lint/schema/known-schema.ts'
import type { SchemaFunction, SchemaObject } from '../../src/model/schema.ts'

/** What the model knows that the maps of `Schema` list: one line an object, kind and identity. */
export function objectsOfModel(
  schema: KnownSchema,
  { temporary = false }: { readonly temporary?: boolean } = {},
): readonly string[] {
  const tables = schema.tables().filter((table) => temporary || !table.temporary)
  const types = [...schema.enumTypes(), ...schema.domains()]
  return [
    ...tables.map(({ name, server }) => `${server === undefined ? 'table' : 'foreign table'} ${nameText(name)}`),
    ...tables.flatMap(({ name, columns }) =>
      [...columns.keys()].map((column) => `column ${nameText(name)}.${nameText({ name: column })}`),
    ),
    ...tables.flatMap(({ name, columns }) =>
      [...columns.values()]
        .filter(({ default: value, generated }) => value !== undefined && generated === undefined)
        .map((column) => `default ${nameText(name)}.${nameText({ name: column.name })}`),
    ),
    ...tables.flatMap(({ name, constraints }) =>
      [...constraints.values()]
        .filter(({ type }) => type !== 'not-null')
        .map((one) => on('table constraint', one.name, name)),
    ),
    ...tables.flatMap(({ name, triggers }) => [...triggers.keys()].map((trigger) => on('trigger', trigger, name))),
    ...tables.flatMap(({ name, policies }) => [...policies].map((policy) => on('policy', policy, name))),
    ...schema
      .indexes()
      .filter(({ table }) => temporary || table.schema !== 'pg_temp')
      .map(({ name }) => `index ${nameText(name)}`),
    ...schema
      .views()
      .map(({ name, materialized }) => `${materialized ? 'materialized view' : 'view'} ${nameText(name)}`),
    ...schema
      .sequences()
      .filter(({ name }) => temporary || name.schema !== 'pg_temp')
      .map(({ name }) => `sequence ${nameText(name)}`),
    ...types.map(({ name }) => `type ${nameText(name)}`),
    ...schema
      .domains()
      .flatMap(({ name, constraints }) =>
        [...constraints.keys()].map((constraint) => on('domain constraint', constraint, name)),
      ),
    ...schema.functions().flatMap(functionLines),
    ...schema.publications().map(({ name }) => `publication ${nameText({ name })}`),
    ...schema.objects().flatMap(objectLines),
  ]
    .map(unquoted)
    .toSorted()
}

/** Types of arguments are not quoted in the model. */
function unquoted(line: string): string {
  return line.replaceAll('"', '')
}

function on(kind: string, name: string, table: Name): string {
  return `${kind} ${nameText({ name })} on ${nameText(table)}`
}

/** Types of arguments as `pg_identify_object` has them, but for their schemas. */
function withArguments(name: Name, types: readonly string[]): string {
  return `${nameText(name)}(${types.map((type) => type.slice(type.lastIndexOf('.') + 1)).join()})`
}

function functionLines({ name, signatures }: SchemaFunction): readonly string[] {
  return signatures.map(
    ({ procedure, argumentTypes }) => `${procedure ? 'procedure' : 'function'} ${withArguments(name, argumentTypes)}`,
  )
}

function objectLines({ object, name, table, argumentTypes, method, partOf }: SchemaObject): readonly string[] {
  if (partOf === true) return []
  const kind = object.replaceAll('-', ' ')
  if (object === 'operator') {
    const symbol = `${name.schema ?? ''}.${name.name}`
    return [`operator ${symbol}(${(argumentTypes ?? []).join().replaceAll('none', 'NONE').replaceAll(/\w+\./g, '')})`]
  }
  if (object === 'aggregate')
    return [`aggregate ${withArguments(name, argumentTypes?.length === 0 ? ['*'] : (argumentTypes ?? []))}`]
  if (object === 'cast') return [`cast (${unquoted(name.name).replace(' as ', ' AS ').replaceAll(/\w+\./g, '')})`]
  if (object === 'transform') return [`transform for ${name.name.replaceAll(/\w+\./g, '')}`]
  if (object === 'user-mapping') return [`user mapping ${name.name}`]
  if (table !== undefined) return [on(kind, name.name, table)]
  return [`${kind} ${nameText(name)}${method === undefined ? '' : ` USING ${method}`}`]
}

/** Objects of the database and of no extension, as `pg_identify_object` calls them. */
export async function objectsOfServer(connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.query<{ line: string | null }>(objectsQuery)
  // What another test has dropped meanwhile, of the whole server's, is called nothing.
  return rows.flatMap(({ line }) => (line === null ? [] : [unquoted(line)])).toSorted()
}

/** What the server makes beside something else, and drops with that, is left out: types of rows, constructors of ranges. */
const objectsQuery = `
  with own as (
    select 'pg_class'::regclass as catalogue, oid from pg_class where relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
      and (relnamespace = pg_my_temp_schema() or relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_'))
    union all select 'pg_type'::regclass, oid from pg_type
      where typtype in ('b', 'c', 'd', 'e', 'r', 'p') and typelem = 0 and (typrelid = 0 or typrelid in (select oid from pg_class where relkind = 'c'))
    union all select 'pg_proc'::regclass, oid from pg_proc
    union all select 'pg_operator'::regclass, oid from pg_operator
    union all select 'pg_opclass'::regclass, oid from pg_opclass
    union all select 'pg_opfamily'::regclass, oid from pg_opfamily
    union all select 'pg_cast'::regclass, oid from pg_cast
    union all select 'pg_collation'::regclass, oid from pg_collation
    union all select 'pg_conversion'::regclass, oid from pg_conversion
    union all select 'pg_constraint'::regclass, oid from pg_constraint k where contype in ('c', 'f', 'p', 'u', 'x')
      and not exists (select from pg_constraint up where up.oid = k.conparentid and up.conrelid = k.conrelid)
      and conrelid not in (select oid from pg_class where relpersistence = 't' and relnamespace <> pg_my_temp_schema())
    union all select 'pg_trigger'::regclass, oid from pg_trigger where not tgisinternal and tgparentid = 0
    union all select 'pg_policy'::regclass, oid from pg_policy
    union all select 'pg_rewrite'::regclass, oid from pg_rewrite where rulename <> '_RETURN'
    union all select 'pg_namespace'::regclass, oid from pg_namespace where nspname !~ '^pg_'
    union all select 'pg_language'::regclass, oid from pg_language
    union all select 'pg_am'::regclass, oid from pg_am
    union all select 'pg_ts_config'::regclass, oid from pg_ts_config
    union all select 'pg_ts_dict'::regclass, oid from pg_ts_dict
    union all select 'pg_ts_parser'::regclass, oid from pg_ts_parser
    union all select 'pg_ts_template'::regclass, oid from pg_ts_template
    union all select 'pg_event_trigger'::regclass, oid from pg_event_trigger
    union all select 'pg_extension'::regclass, oid from pg_extension
    union all select 'pg_foreign_data_wrapper'::regclass, oid from pg_foreign_data_wrapper
    union all select 'pg_foreign_server'::regclass, oid from pg_foreign_server
    union all select 'pg_user_mapping'::regclass, oid from pg_user_mapping
    union all select 'pg_publication'::regclass, oid from pg_publication
    union all select 'pg_subscription'::regclass, oid from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())
    union all select 'pg_statistic_ext'::regclass, oid from pg_statistic_ext
    union all select 'pg_transform'::regclass, oid from pg_transform
    union all select 'pg_authid'::regclass, oid from pg_roles where rolname ~ '^kinds_'
    union all select 'pg_tablespace'::regclass, oid from pg_tablespace where spcname ~ '^kinds_'
    union all select 'pg_database'::regclass, oid from pg_database where datname ~ '^kinds_'
  )
  select case when i.type = 'statistics object' then 'statistics'
              when i.type = 'server' then 'foreign server'
              when i.type = 'foreign-data wrapper' then 'foreign data wrapper'
              else i.type end || ' ' ||
         case when i.type in ('operator', 'cast', 'function', 'procedure', 'aggregate', 'transform')
              -- Until version 15 transforms are called "for integer on language sql".
              then replace(substring(i.identity from '^[^(]*'), ' on language ', ' language ') || regexp_replace(coalesce(substring(i.identity from '[(].*'), ''), '\\m\\w+\\.|"\\w+"\\.', '', 'g')
              when i.type = 'user mapping' then replace(i.identity, ' on server ', ' on ')
              else i.identity end as line
    from own cross join lateral pg_identify_object(own.catalogue, own.oid, 0) i
   -- The schema that every database begins with is one of the user's where it has another name.
   where (own.oid >= 16384 or own.catalogue = 'pg_namespace'::regclass and own.oid = 2200 and i.identity <> 'public')
     and not exists (select from pg_depend d where d.classid = own.catalogue and d.objid = own.oid and d.deptype = 'e')
     and not (own.catalogue in ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_cast'::regclass)
              and exists (select from pg_depend d where d.classid = own.catalogue and d.objid = own.oid and d.deptype = 'i'))
  union all
  select 'column ' || case when c.relnamespace = pg_my_temp_schema() then 'pg_temp' else c.relnamespace::regnamespace::text end || '.' || quote_ident(c.relname) || '.' || quote_ident(a.attname) from pg_attribute a join pg_class c on c.oid = a.attrelid
   where c.oid >= 16384 and c.relkind in ('r', 'p', 'f') and (c.relpersistence <> 't' or c.relnamespace = pg_my_temp_schema()) and a.attnum > 0 and not a.attisdropped
  union all
  select 'default ' || case when c.relnamespace = pg_my_temp_schema() then 'pg_temp' else c.relnamespace::regnamespace::text end || '.' || quote_ident(c.relname) || '.' || quote_ident(a.attname) from pg_attribute a join pg_class c on c.oid = a.attrelid
   where c.oid >= 16384 and c.relkind in ('r', 'p', 'f') and (c.relpersistence <> 't' or c.relnamespace = pg_my_temp_schema()) and a.atthasdef and a.attgenerated = '' and not a.attisdropped`
