import { ToolkitError } from '../core/errors.ts'
import { DatabaseError } from '../db/database-error.ts'
import type { Connection } from '../model/database.ts'
import type { DatabaseIdentity } from '../model/journal.ts'
import type { TargetIdentity } from '../model/planned-run.ts'

/**
 * Which database a session is in. A copy of a server's files, also a promoted replica, is told as the same. Where the
 * role may not ask for the identifier of the server, as some providers have it, its start stands in.
 */
export async function targetIdentity(connection: Connection): Promise<TargetIdentity> {
  try {
    return await identity(connection, `(select system_identifier::text from pg_catalog.pg_control_system()), null`)
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlState !== '42501') throw error
    return identity(connection, `null, extract(epoch from pg_catalog.pg_postmaster_start_time())::text`)
  }
}

async function identity(connection: Connection, systemAndStart: string): Promise<TargetIdentity> {
  const { rows } = await connection.query<Omit<TargetIdentity, 'server'>>(
    `select t.system, t.started, d.datname::text as database, d.oid::int8::float8 as "databaseOid"
       from pg_catalog.pg_database d, (select ${systemAndStart}) t (system, started)
      where d.datname = current_database()`,
  )
  const [found] = rows
  if (found === undefined) throw new ToolkitError({ code: 'bug', message: 'pg_database has no row of this database.' })
  return { ...found, server: Math.floor(connection.versionNumber / 10_000) }
}

/**
 * Whether a database is the one that was written down. The start of a server is no part of it, as every restart makes
 * it another; where no identifier was told then, the database's own number is all that there is.
 *
 * @throws ToolkitError `permission-denied` where an identifier was written down and this role may not ask for it
 */
export function isSameDatabase(written: DatabaseIdentity, actual: TargetIdentity): boolean {
  if (written.databaseOid !== actual.databaseOid) return false
  if (written.system !== null && actual.system === null) throw notTold()
  return written.system === null || written.system === actual.system
}

function notTold(): ToolkitError {
  return new ToolkitError({
    code: 'permission-denied',
    message:
      'The label of this database was given with the system identifier of its server, and this role may not ask for ' +
      'that, so that a copy could not be told. Nothing was changed.',
    hint: 'Let an administrator allow it: GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO its role',
  })
}
