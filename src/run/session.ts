import { ToolkitError } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import { refuseTransactionPooler } from './pooler.ts'

/**
 * Makes a session fit for DDL: a server that writes, no time limit of the role that would kill a long statement, and a
 * server that notices within a second when this process dies (PostgreSQL 14: `client_connection_check_interval`;
 * without it an orphan works on, and may commit, for as long as its statement lasts).
 *
 * `openAnother` opens one more session on the same address: with it, a transaction pooler is found out and refused.
 *
 * @throws ToolkitError `read-only-server`, `transaction-pooler`
 */
export async function prepareSession(connection: Connection, openAnother?: () => Promise<Connection>): Promise<void> {
  await refuseReadOnly(connection)
  if (openAnother !== undefined && connection.kind === 'server') await refuseTransactionPooler(connection, openAnother)
  await connection.run('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
  if (connection.kind === 'embedded' || connection.versionNumber < 140_000) return
  // Not every operating system of a server can tell (Windows cannot); then it stays as it is.
  await connection.run(`set client_connection_check_interval = '1s'`).catch(() => undefined)
}

async function refuseReadOnly(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ recovery: boolean; readonly: boolean }>(
    `select pg_is_in_recovery() as recovery, current_setting('transaction_read_only')::bool as readonly`,
  )
  const [found] = rows
  if (found?.recovery === true) {
    throw new ToolkitError({
      code: 'read-only-server',
      message: 'The server is a read-only replica: it is in recovery.',
      hint: 'Connect to the primary, for instance with target_session_attrs=read-write or its own host name. Nothing was changed.',
    })
  }
  if (found?.readonly === true) {
    throw new ToolkitError({
      code: 'read-only-server',
      message: 'Transactions of this session are read-only: default_transaction_read_only is on.',
      hint: 'Turn it off for the role or the database, or connect as another role. Nothing was changed.',
    })
  }
}
