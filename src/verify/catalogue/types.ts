import { type CatalogueSource, access, owner, qualified, some, usersOwn, when, words } from './source.ts'

const object = `case t.typtype when 'd' then 'domain ' else 'type ' end || ${qualified('t.typnamespace', 't.typname')}`
const given = (column: string, word: string): string =>
  `case when ${column} <> 0 then '${word} ' || ${column}::text end`

const composite = some('pg_class', `oid >= 16384 and relkind = 'c'`)

/** Row types of tables, arrays and multiranges are told with what they belong to. */
const types: CatalogueSource = {
  kind: 'types',
  reads: ['pg_type', 'pg_class', 'pg_enum'],
  object,
  aspects: {
    kind: words('t.typtype', { e: 'enum', c: 'composite', r: 'range', b: 'base type', p: 'shell type' }),
    values: `case when t.typtype = 'e' then (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) end`,
    'base type': `case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end`,
    nullability: when(`t.typtype = 'd' and t.typnotnull`, 'not null'),
    default: `'default ' || case when t.typtype = 'd' then coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault) else t.typdefault end`,
    collation: `case when t.typtype = 'd' and t.typcollation <> 0 and t.typcollation <> (select b.typcollation from pg_type b where b.oid = t.typbasetype) then 'collation ' || t.typcollation::regcollation::text end`,
    ...owner('t.typowner'),
  },
  access: access('t.typacl', 'T', 't.typowner'),
  from: `pg_type t where ${usersOwn('pg_type', 't', 'typnamespace')} and t.typtype <> 'm' and t.typcategory <> 'A'
    and (t.typrelid = 0 or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))`,
  present: `${some('pg_type', `oid >= 16384 and typtype <> 'c' and typcategory <> 'A'`)} or ${composite}`,
  follows: ['pg_type', 'pg_enum'],
}

const attributes: CatalogueSource = {
  kind: 'attributes of composite types',
  reads: ['pg_type', 'pg_attribute'],
  object,
  part: `'attribute ' || quote_ident(a.attname)`,
  aspects: {
    type: 'format_type(a.atttypid, a.atttypmod)',
    collation: `case when a.attcollation <> 0 and a.attcollation <> (select b.typcollation from pg_type b where b.oid = a.atttypid) then 'collation ' || a.attcollation::regcollation::text end`,
  },
  from: `pg_type t join pg_class c on c.oid = t.typrelid and c.relkind = 'c' join pg_attribute a on a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    where ${usersOwn('pg_type', 't', 'typnamespace')}`,
  present: composite,
}

const ranges: CatalogueSource = {
  kind: 'ranges',
  reads: ['pg_range', 'pg_type', 'pg_opclass'],
  object,
  aspects: {
    subtype: `'range of ' || format_type(g.rngsubtype, null)`,
    multirange: `'multirange ' || format_type(g.rngmultitypid, null)`,
    collation: `case when g.rngcollation <> 0 and g.rngcollation <> (select b.typcollation from pg_type b where b.oid = g.rngsubtype) then 'collation ' || g.rngcollation::regcollation::text end`,
    'operator class': `(select case when o.opcdefault then null else 'operator class ' || ${qualified('o.opcnamespace', 'o.opcname')} end from pg_opclass o where o.oid = g.rngsubopc)`,
    canonical: given('g.rngcanonical', 'canonical function'),
    difference: given('g.rngsubdiff', 'difference function'),
  },
  from: `pg_range g join pg_type t on t.oid = g.rngtypid where ${usersOwn('pg_type', 't', 'typnamespace')}`,
  present: some('pg_range', 'rngtypid >= 16384'),
  follows: ['pg_range', 'pg_type', 'pg_opclass'],
}

const baseTypes: CatalogueSource = {
  kind: 'base types',
  reads: ['pg_type'],
  object,
  aspects: {
    functions: `concat_ws(', ', 'input ' || t.typinput::text, 'output ' || t.typoutput::text, ${given('t.typreceive', 'receive')}, ${given('t.typsend', 'send')},
      ${given('t.typmodin', 'typmod in')}, ${given('t.typmodout', 'typmod out')}, ${given('t.typanalyze', 'analyze')}, ${given('t.typsubscript', 'subscript')})`,
    storage: `format('length %s, %s, alignment %s, storage %s', t.typlen, case when t.typbyval then 'by value' else 'by reference' end, t.typalign, t.typstorage)`,
    category: `format('category %s%s, delimiter %s', t.typcategory, case when t.typispreferred then ' preferred' else '' end, t.typdelim)`,
    element: `case when t.typelem <> 0 then 'elements of ' || format_type(t.typelem, null) end`,
    collatable: when('t.typcollation <> 0', 'collatable'),
  },
  from: `pg_type t where ${usersOwn('pg_type', 't', 'typnamespace')} and t.typtype = 'b' and t.typcategory <> 'A'`,
  present: some('pg_type', `oid >= 16384 and typtype = 'b' and typcategory <> 'A'`),
  follows: ['pg_type'],
}

export const typeSources: readonly CatalogueSource[] = [types, attributes, ranges, baseTypes]
