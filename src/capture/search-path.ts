import type { Connection } from '../model/database.ts'

/**
 * The search_path that sessions of a role begin with in this database: what is set for the role here, for the role, for
 * the database, or for the server, in this order. Null where there is no such role.
 */
export async function searchPathOf(connection: Connection, role: string): Promise<string | null> {
  const { rows } = await connection.query<{ path: string }>(
    `
    select coalesce(
      (
        select substr(one, length('search_path=') + 1)
        from pg_catalog.pg_db_role_setting s cross join unnest(s.setconfig) one
        where one like 'search\\_path=%' and s.setrole in (r.oid, 0) and s.setdatabase in (0, d.oid)
        order by s.setrole = 0, s.setdatabase = 0
        limit 1
      ),
      (select coalesce(f.setting, g.boot_val) from pg_catalog.pg_settings g
        left join lateral (select g.reset_val as setting where g.source not in ('session', 'user', 'database', 'database user')) f on true
        where g.name = 'search_path')
    ) as path
    from pg_catalog.pg_roles r, pg_catalog.pg_database d
    where r.rolname = $1 and d.datname = current_database()`,
    [role],
  )
  return rows[0]?.path ?? null
}
