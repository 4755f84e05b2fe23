import { type CatalogueSource, access, always, foreignOptions, options, some, when, words } from './source.ts'

const part = `'column ' || quote_ident(a.attname)`
/** An aspect that is told apart: a column that comes back comes last. */
export const position = 'position'

/**
 * Columns of tables and views. Statistics targets are null for the default from PostgreSQL 17 on, -1 before. Names of
 * not-null constraints (PostgreSQL 18) are the server's bookkeeping; that one is not proven, or not inherited, is told.
 */
export function columnSources(major: number): readonly CatalogueSource[] {
  return [columns, ...(major >= 18 ? [notNullConstraints] : [])]
}

const columns: CatalogueSource = {
  kind: 'columns',
  reads: ['pg_attribute', 'pg_attrdef', 'pg_type'],
  relation: 'a.attrelid',
  part,
  aspects: {
    [position]: 'a.attnum::text',
    type: 'format_type(a.atttypid, a.atttypmod)',
    nullability: when('a.attnotnull', 'not null'),
    default: `case when a.atthasdef and a.attgenerated = '' then 'default ' || pg_get_expr(d.adbin, d.adrelid) end`,
    generated: `case when a.attgenerated <> '' then 'generated as ' || pg_get_expr(d.adbin, d.adrelid) || case a.attgenerated when 's' then ' stored' else ' virtual' end end`,
    identity: words('a.attidentity', { a: 'identity always', d: 'identity by default' }),
    collation: `case when a.attcollation <> 0 and a.attcollation <> t.typcollation then 'collation ' || a.attcollation::regcollation::text end`,
    storage: `case when a.attstorage <> t.typstorage and c.relkind in ('r', 'p', 'm') then ${words('a.attstorage', { p: 'storage plain', e: 'storage external', m: 'storage main', x: 'storage extended' })} end`,
    compression: words('a.attcompression', { p: 'compression pglz', l: 'compression lz4' }),
    statistics: `case when a.attstattarget >= 0 then 'statistics target ' || a.attstattarget end`,
    options: options('a.attoptions'),
    'wrapper options': foreignOptions('a.attfdwoptions', 'options of the wrapper '),
    inheritance: `case when a.attinhcount > 0 then case when a.attislocal then 'own and inherited' else 'inherited' end end`,
  },
  access: access('a.attacl', 'c', 'c.relowner'),
  from: `pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on a.atthasdef and d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid >= 16384 and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f', 'v', 'm')`,
  present: always,
  byRelation: true,
}

const notNullConstraints: CatalogueSource = {
  kind: 'not-null constraints',
  reads: ['pg_constraint', 'pg_attribute'],
  relation: 'k.conrelid',
  part,
  aspects: {
    nullability: `concat_ws(', ', 'not null', ${when('not k.convalidated', 'not validated')}, ${when('k.connoinherit', 'not inherited')})`,
  },
  from: `pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype = 'n' and k.conrelid <> 0 and (not k.convalidated or k.connoinherit)`,
  present: some('pg_constraint', `oid >= 16384 and contype = 'n' and (not convalidated or connoinherit)`),
}
