import type { Connection } from '../model/database.ts'
import { quoteName } from '../model/name.ts'

const rolesQuery = 'select rolname::text as role from pg_roles order by rolname'

/**
 * Roles are shared by all databases of a server, so a history that creates some would find them there when it is applied
 * to a second scratch database. Those that came meanwhile are dropped, which is only right on a server that is thrown away.
 */
export class ServerRoles {
  #first: ReadonlySet<string> | undefined

  /** To be called when the database that a history was applied to is gone, with a session on a new, empty one. */
  async restore(connection: Connection): Promise<void> {
    const { rows } = await connection.query<{ role: string }>(rolesQuery)
    const roles = rows.map(({ role }) => role)
    const first = (this.#first ??= new Set(roles))
    const created = roles.filter((role) => !first.has(role))
    if (created.length > 0) await connection.run(`drop role ${created.map(quoteName).join(', ')}`)
  }
}
