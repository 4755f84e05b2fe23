import type { ToolkitError } from '../core/errors.ts'
import type { SeriesStep } from '../model/database.ts'
import type { RunContext } from './context.ts'
import { cancellable, stopIfAborted } from './interruption.ts'
import { type Witness, lookUpCommit } from './lost-commit.ts'
import { isLost } from './rescue.ts'

/** What holds until COMMIT or ROLLBACK, in milliseconds; 0 and undefined: no limit. */
export interface TransactionLimits {
  readonly lockTimeoutMs: number
  readonly statementTimeoutMs?: number | undefined
}

/** What `prepareSession` sets where the session is one's own. */
export const leasedSettings: readonly string[] = [
  'idle_in_transaction_session_timeout = 0',
  `client_connection_check_interval = '1s'`,
]

/** BEGIN, and the limits of the transaction. */
export function beginning(
  { lease }: Pick<RunContext, 'lease'>,
  { lockTimeoutMs, statementTimeoutMs = 0 }: TransactionLimits,
): readonly [begin: SeriesStep, ...limits: SeriesStep[]] {
  const settings = [
    `lock_timeout = ${Math.round(lockTimeoutMs)}`,
    `statement_timeout = ${Math.round(statementTimeoutMs)}`,
    ...(lease === undefined ? [] : leasedSettings),
  ]
  const often = lease === undefined
  return [{ sql: 'begin', often }, ...settings.map((setting) => ({ sql: `set local ${setting}`, often }))]
}

/**
 * BEGIN, work, COMMIT; ROLLBACK when anything fails. When the connection breaks during COMMIT another session looks for
 * the row of the journal that the transaction wrote.
 *
 * @throws LostCommit with what it found
 */
export async function inTransaction(
  context: RunContext,
  limits: TransactionLimits,
  witness: Witness,
  work: () => Promise<void>,
): Promise<void> {
  stopIfAborted(context.signal)
  return committed(context, witness, async () => {
    await context.connection.series(beginning(context, limits))
    await work()
  })
}

/** The same where `work` begins the transaction, and `commit` may do more than COMMIT. */
export async function committed(
  context: RunContext,
  witness: Witness,
  work: () => Promise<void>,
  commit: () => Promise<void> = () => context.connection.run('commit'),
): Promise<void> {
  const { connection } = context
  let lost: ToolkitError | undefined
  const ifLost = (error: unknown): void => {
    if (isLost(error)) lost = error
    throw error
  }
  try {
    await work()
    await context.lease?.check(connection)
    // Deferred triggers and constraints run in it, for as long as they like.
    await cancellable(context, () => commit().catch(ifLost))
  } catch (error) {
    if (lost !== undefined) throw await lookUpCommit(context, witness, lost)
    await rollback(context)
    throw error
  }
}

export async function rollback({ connection, log }: Pick<RunContext, 'connection' | 'log'>): Promise<void> {
  try {
    await connection.run('rollback')
  } catch (error) {
    // A cancel request that came late may hit the first ROLLBACK. A broken connection rolls back by itself.
    log.debug({ err: error }, 'rollback failed, trying once more')
    await connection.run('rollback').catch(() => undefined)
  }
}
