import { DatabaseError } from '../db/database-error.ts'
import type { Connection } from '../model/database.ts'
import type { TargetIdentity } from '../model/planned-run.ts'

/** Which database a session is in. A copy of a server's files, also a promoted replica, is told as the same. */
export async function targetIdentity(connection: Connection): Promise<TargetIdentity> {
  const { rows } = await connection.query<{ database: string; oid: number }>(
    `select datname::text as database, oid::int8::float8 as oid from pg_catalog.pg_database where datname = current_database()`,
  )
  const system = await systemIdentifier(connection)
  return {
    system,
    started: system === null ? await startTime(connection) : null,
    database: rows[0]?.database ?? '',
    databaseOid: rows[0]?.oid ?? 0,
    server: Math.floor(connection.versionNumber / 10_000),
  }
}

/** Null where the role may not ask: some providers take that right away. */
async function systemIdentifier(connection: Connection): Promise<string | null> {
  try {
    const { rows } = await connection.query<{ id: string }>(
      'select system_identifier::text as id from pg_catalog.pg_control_system()',
    )
    return rows[0]?.id ?? null
  } catch (error) {
    if (error instanceof DatabaseError && error.sqlState === '42501') return null
    throw error
  }
}

async function startTime(connection: Connection): Promise<string> {
  const { rows } = await connection.query<{ at: string }>(
    `select extract(epoch from pg_catalog.pg_postmaster_start_time())::text as at`,
  )
  return rows[0]?.at ?? ''
}
