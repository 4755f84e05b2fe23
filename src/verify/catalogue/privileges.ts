import { type CatalogueSource, some } from './source.ts'

const objectKinds = `case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end`

/** What objects that a role makes later may be used for. A list for one schema adds to that for all. */
const defaultPrivileges: CatalogueSource = {
  kind: 'default privileges',
  reads: ['pg_default_acl'],
  object: `'default privileges of ' || pg_get_userbyid(d.defaclrole)`,
  part: `${objectKinds} || coalesce(' in ' || nullif(d.defaclnamespace, 0)::regnamespace::text, '')`,
  aspects: {},
  access: {
    list: 'd.defaclacl',
    ordinary: `case when d.defaclnamespace = 0 then acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole) else '{}' end`,
  },
  from: `pg_default_acl d where d.defaclnamespace = 0 or d.defaclnamespace in (select oid from spaces)`,
  present: some('pg_default_acl'),
}

/** What was granted or revoked on objects of the system and of extensions, which are not told themselves. */
const ofSystem = (
  catalogue: string,
  alias: string,
  {
    list,
    object,
    where,
    but = 'true',
  }: { readonly list: string; readonly object: string; readonly where: string; readonly but?: string },
): CatalogueSource => {
  const first = `pg_init_privs i on i.classoid = '${catalogue}'::regclass and i.objoid = ${alias}.oid and i.objsubid = 0`
  const changed = `${catalogue} ${alias} left join ${first} where ${list} is not null and ${list} is distinct from i.initprivs and ${but}`
  const foreign = `(${alias}.oid < 16384 or ${alias}.oid in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e' and classid = '${catalogue}'::regclass))`
  return {
    kind: 'privileges on objects of the system and of extensions',
    reads: [catalogue, 'pg_init_privs'],
    object,
    aspects: {},
    access: { list, ordinary: `coalesce(i.initprivs, ${where})` },
    from: `${changed} and ${foreign}`,
    present: `exists (select from ${changed} and ${foreign})`,
    follows: [catalogue, 'pg_init_privs'],
  }
}

export const privilegeSources: readonly CatalogueSource[] = [
  defaultPrivileges,
  ofSystem('pg_proc', 'p', {
    list: 'p.proacl',
    object: `'function ' || p.oid::regprocedure::text`,
    where: `acldefault('f', p.proowner)`,
  }),
  ofSystem('pg_class', 'c', {
    list: 'c.relacl',
    object: `'table ' || c.oid::regclass::text`,
    where: `acldefault('r', c.relowner)`,
    // What initdb granted there is not written down as what was there first.
    but: `c.relnamespace is distinct from to_regnamespace('information_schema')`,
  }),
  ofSystem('pg_type', 't', {
    list: 't.typacl',
    object: `'type ' || format_type(t.oid, null)`,
    where: `acldefault('T', t.typowner)`,
  }),
  ofSystem('pg_language', 'l', {
    list: 'l.lanacl',
    object: `'language ' || quote_ident(l.lanname)`,
    where: `acldefault('l', l.lanowner)`,
  }),
  ofSystem('pg_foreign_data_wrapper', 'w', {
    list: 'w.fdwacl',
    object: `'foreign data wrapper ' || quote_ident(w.fdwname)`,
    where: `acldefault('F', w.fdwowner)`,
  }),
]
