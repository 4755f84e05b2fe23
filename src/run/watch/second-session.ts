import { ToolkitError } from '../../core/errors.ts'
import { sqlStateOf } from '../../db/database-error.ts'
import type { Connection } from '../../model/database.ts'
import { refuseTransactionPooler } from '../pooler.ts'

/** How to open the session that watches. */
export interface SecondSessionInput {
  readonly connection: Connection
  /** Opens one more session on the same address; without it nobody watches. */
  readonly openAnother?: (() => Promise<Connection>) | undefined
  /** Refuse to run where none can be had. */
  readonly required: boolean
  readonly warn: (message: string) => void
}

/** The server, the database or the role has no connection left: the one reason for which a run goes on without. */
const tooManyConnections = '53300'

/**
 * Opens the session that watches the one that runs the DDL. It is open before anything happens, because when a
 * migration holds everybody up there may be no connection left to end it over. With it a transaction pooler is found
 * out, too.
 *
 * @throws ToolkitError `transaction-pooler`, `watcher-unavailable`, `cannot-connect`
 */
export async function openSecondSession(input: SecondSessionInput): Promise<Connection | undefined> {
  const { connection, openAnother } = input
  if (openAnother === undefined || connection.kind === 'embedded') return undefined
  const second = await openOrWarn(openAnother, input)
  if (second === undefined) return undefined
  try {
    await refuseTransactionPooler(connection, second)
    // A limit of the role must not end the watch before what it watches.
    await second.run('set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0')
    if (second.versionNumber >= 140_000) await second.run('set idle_session_timeout = 0')
    return second
  } catch (error) {
    await second.close()
    throw error
  }
}

async function openOrWarn(
  open: () => Promise<Connection>,
  { required, warn }: SecondSessionInput,
): Promise<Connection | undefined> {
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof ToolkitError) || sqlStateOf(error) !== tooManyConnections) throw error
    const message = 'There is no connection left for the session that watches the run'
    if (required) {
      throw new ToolkitError({
        code: 'watcher-unavailable',
        message: `${message}: ${error.message}. Nothing was changed.`,
        hint: 'Free a connection and run the command again. Without --safe it runs unwatched: it does not give way to those that queue behind it, and a cancelled run needs a connection to cancel its statement.',
        cause: error,
      })
    }
    warn(
      `${message}, so nobody sees who waits behind it; lock timeouts still hold. Raise max_connections, or the limit of the role or database.`,
    )
    return undefined
  }
}
