import { type CatalogueSource, access, always, foreignOptions, options, owner, some, when, words } from './source.ts'

const relations: CatalogueSource = {
  kind: 'tables and views',
  reads: ['pg_class', 'pg_tablespace', 'pg_am'],
  relation: 'c.oid',
  aspects: {
    kind: words('c.relkind', { p: 'partitioned table', f: 'foreign table' }),
    persistence: words('c.relpersistence', { u: 'unlogged' }),
    method: `case when c.relam <> 0 and c.relkind in ('r', 'p', 'm') then (select nullif('access method ' || amname, 'access method heap') from pg_am where oid = c.relam) end`,
    options: options('c.reloptions'),
    'toast options': `case when c.reltoastrelid <> 0 then (select ${options('t.reloptions', 'TOAST options ')} from pg_class t where t.oid = c.reltoastrelid) end`,
    tablespace: `case when c.reltablespace <> 0 then (select 'tablespace ' || spcname from pg_tablespace where oid = c.reltablespace) end`,
    'row security': when('c.relrowsecurity', 'row security on'),
    'forced row security': when('c.relforcerowsecurity', 'forced row security on'),
    'replica identity': words('c.relreplident', {
      f: 'replica identity full',
      n: 'replica identity nothing',
      i: 'replica identity by an index',
    }),
    bound: `case when c.relispartition and c.relkind in ('r', 'p', 'f') then 'partition ' || pg_get_expr(c.relpartbound, c.oid) end`,
    'partition key': `case when c.relkind = 'p' then 'partitioned by ' || pg_get_partkeydef(c.oid) end`,
    'of type': `case when c.reloftype <> 0 then 'of type ' || format_type(c.reloftype, null) end`,
    definition: `case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end`,
    populated: when(`c.relkind = 'm' and not c.relispopulated`, 'not populated'),
    ...owner('c.relowner'),
  },
  access: access('c.relacl', 'r', 'c.relowner'),
  from: `pg_class c where c.oid >= 16384 and c.relkind in ('r', 'p', 'f', 'v', 'm')`,
  present: always,
  byRelation: true,
}

/** Parents of tables, and of indexes, which are attached. */
const parents: CatalogueSource = {
  kind: 'inheritance',
  reads: ['pg_inherits'],
  relation: 'i.inhrelid',
  aspects: {
    parents: `'child of ' || string_agg(i.inhparent::regclass::text || case when i.inhdetachpending then ' (being detached)' else '' end, ', ' order by i.inhseqno)`,
  },
  from: 'pg_inherits i group by i.inhrelid',
  present: some('pg_inherits'),
}

const foreignTables: CatalogueSource = {
  kind: 'foreign tables',
  reads: ['pg_foreign_table', 'pg_foreign_server'],
  relation: 'f.ftrelid',
  aspects: {
    server: `'server ' || s.srvname`,
    'wrapper options': foreignOptions('f.ftoptions', 'options of the wrapper '),
  },
  from: 'pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver',
  present: some('pg_foreign_table'),
}

/** States of a replica identity and CLUSTER are told with the index, of a key with its constraint. */
const indexes: CatalogueSource = {
  kind: 'indexes',
  reads: ['pg_index', 'pg_class', 'pg_tablespace'],
  relation: 'i.indexrelid',
  aspects: indexAspects('pg_get_indexdef(i.indexrelid)'),
  from: `pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indexrelid >= 16384 and i.indrelid not in (select objid from members where classid = 'pg_class'::regclass)
      and i.indexrelid not in (select conindid from pg_constraint where oid >= 16384 and contype in ('p', 'u', 'x'))`,
  present: always,
  byRelation: true,
}

const keyIndexes: CatalogueSource = {
  kind: 'indexes of keys',
  reads: ['pg_index', 'pg_class', 'pg_tablespace', 'pg_constraint'],
  relation: 'i.indrelid',
  part: `'constraint ' || quote_ident(k.conname)`,
  aspects: { ...indexAspects('null'), options: options('c.reloptions') },
  from: `pg_index i join pg_class c on c.oid = i.indexrelid
    join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
    where i.indexrelid >= 16384 and (not i.indisvalid or not i.indisready or i.indisclustered or i.indisreplident or c.reltablespace <> 0 or c.reloptions is not null)`,
  present: `${some('pg_index', 'indexrelid >= 16384 and (not indisvalid or not indisready or indisclustered or indisreplident)')}
    or ${some('pg_class', `oid >= 16384 and relkind in ('i', 'I') and (reltablespace <> 0 or reloptions is not null)`)}`,
}

function indexAspects(definition: string): CatalogueSource['aspects'] {
  return {
    definition,
    'index validity': when('not (i.indisvalid and i.indisready and i.indislive)', 'invalid'),
    clustered: when('i.indisclustered', 'table clustered on it'),
    'used as replica identity': when('i.indisreplident', 'used as replica identity'),
    tablespace: `case when c.reltablespace <> 0 then (select 'tablespace ' || spcname from pg_tablespace where oid = c.reltablespace) end`,
  }
}

const indexStatistics: CatalogueSource = {
  kind: 'statistics targets of index expressions',
  reads: ['pg_attribute'],
  relation: 'a.attrelid',
  part: `'expression ' || a.attnum`,
  aspects: { statistics: `'statistics target ' || a.attstattarget` },
  from: `pg_attribute a join pg_class c on c.oid = a.attrelid where a.attrelid >= 16384 and c.relkind in ('i', 'I') and a.attstattarget >= 0`,
  present: some('pg_attribute', 'attrelid >= 16384 and attstattarget >= 0'),
}

/** Where a sequence stands is data, not schema. */
const sequences: CatalogueSource = {
  kind: 'sequences',
  reads: ['pg_sequence', 'pg_class'],
  relation: 's.seqrelid',
  aspects: {
    type: `nullif(format_type(s.seqtypid, null), 'bigint')`,
    start: `'start ' || nullif(s.seqstart, case when s.seqincrement > 0 then s.seqmin else s.seqmax end)`,
    increment: `'increment ' || nullif(s.seqincrement, 1)`,
    minimum: `'minimum ' || nullif(s.seqmin, case when s.seqincrement > 0 then 1 else ${limits('-', '-1')} end)`,
    maximum: `'maximum ' || nullif(s.seqmax, case when s.seqincrement > 0 then ${limits('', '')} else -1 end)`,
    cache: `'cache ' || nullif(s.seqcache, 1)`,
    cycle: when('s.seqcycle', 'cycle'),
    persistence: words('c.relpersistence', { u: 'unlogged' }),
    ...owner('c.relowner'),
  },
  access: access('c.relacl', 's', 'c.relowner'),
  from: 'pg_sequence s join pg_class c on c.oid = s.seqrelid where true',
  present: some('pg_sequence'),
  byRelation: true,
}

function limits(sign: string, more: string): string {
  return `case s.seqtypid when 'int2'::regtype then ${sign}32767 ${more} when 'int4'::regtype then ${sign}2147483647 ${more} else ${sign}9223372036854775807 ${more} end`
}

/** Of identity columns, and those that OWNED BY ties to a column. */
const sequenceOwners: CatalogueSource = {
  kind: 'ownership of sequences',
  reads: ['pg_depend', 'pg_attribute'],
  relation: 'd.objid',
  aspects: { 'owned by': `'owned by ' || d.refobjid::regclass::text || '.' || quote_ident(a.attname)` },
  from: `pg_sequence s join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0`,
  present: some('pg_sequence'),
  byRelation: true,
}

export const tableSources: readonly CatalogueSource[] = [
  relations,
  parents,
  foreignTables,
  indexes,
  keyIndexes,
  indexStatistics,
  sequences,
  sequenceOwners,
]
