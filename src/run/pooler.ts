import { ToolkitError } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'

/**
 * Refuses a pooler that gives a session another server process for each transaction (PgBouncer in transaction mode and
 * its like): the runner's lock would stay behind in one process while the statements run in others.
 *
 * Two sessions are asked which process serves them, the second in an open transaction. A pooler of transactions gives it
 * the process that the first has just used, or gives the first another one afterwards. A session pooler and a server
 * itself do neither.
 *
 * @throws ToolkitError `transaction-pooler`
 */
export async function refuseTransactionPooler(connection: Connection, other: Connection): Promise<void> {
  const before = await processOf(connection)
  await other.run('begin')
  const otherProcess = await processOf(other)
  const after = await processOf(connection)
  await other.run('rollback')
  if (otherProcess !== before && after === before) return
  throw new ToolkitError({
    code: 'transaction-pooler',
    message:
      'This address leads to a transaction pooler: one server process answered for two sessions. The lock that keeps runs apart does not hold there, and settings leak into other sessions. Nothing was changed.',
    hint: 'Name the address of the server itself: --direct-url postgres://…, MIGRATE_DIRECT_URL or "directUrl" in the configuration. Often it is the same host with port 5432; a session pooler will do.',
  })
}

/** Which server process answers. */
export async function processOf(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}
