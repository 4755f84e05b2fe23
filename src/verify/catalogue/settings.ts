import { type CatalogueSource, some } from './source.ts'

/** The object that holds settings of roles; they are the server's, not the database's, unless they say otherwise. */
export const settingsOfRole = 'settings of role '

/** `ALTER DATABASE … SET`, `ALTER ROLE … SET`, `ALTER ROLE … IN DATABASE … SET`; each setting is a part. */
export const settingSource: CatalogueSource = {
  kind: 'settings of the database and of roles',
  reads: ['pg_db_role_setting'],
  object: `case when s.setrole = 0 then 'the database' else '${settingsOfRole}' || pg_get_userbyid(s.setrole) || case when s.setdatabase = 0 then '' else ' in the database' end end`,
  part: `'setting ' || split_part(v, '=', 1)`,
  aspects: { value: `substr(v, strpos(v, '=') + 1)` },
  from: `pg_db_role_setting s, unnest(s.setconfig) v where (s.setdatabase = 0 and s.setrole <> 0) or s.setdatabase = (select oid from pg_database where datname = current_database())`,
  present: some('pg_db_role_setting'),
}
