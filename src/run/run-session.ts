import type { Connection } from '../model/database.ts'
import type { Journal } from './journal.ts'
import type { Lease } from './lease.ts'
import { inLeasedSession } from './leased-session.ts'
import { withRunnerLock } from './mutex.ts'
import { processOf } from './pooler.ts'
import { type RunInput, mutexOptions } from './recorded-run.ts'
import { prepareSession, refuseReadOnly } from './session.ts'
import { openSecondSession } from './watch/second-session.ts'

/** The sessions of a run. */
export interface RunSessions {
  /** Server process of the session that runs the DDL. */
  readonly pid: number
  /** Watches that session; undefined where none can be had. */
  readonly second: Connection | undefined
  /** Server process of the second session. */
  readonly watcher: number | undefined
  /** Set where the run holds a lease instead of the lock. Then it is watched by nobody, and its process is not known: 0. */
  readonly lease?: Lease | undefined
}

/**
 * Runs `work` under the runner's lock, in a session that is fit for DDL and watched by another one. Afterwards the
 * session is as it was before.
 *
 * @throws ToolkitError `read-only-server`, `transaction-pooler`, `watcher-unavailable`, `runner-locked`, `lease-lost`
 */
export async function inRunSession<T>(
  input: RunInput,
  journal: Journal,
  work: (sessions: RunSessions) => Promise<T>,
): Promise<T> {
  const { connection, openAnother, onEvent, options } = input
  await refuseReadOnly(connection)
  if (options?.leaseMs !== undefined && connection.kind === 'server') {
    return inLeasedSession(input, journal, options.leaseMs, (lease) =>
      work({ pid: 0, second: undefined, watcher: undefined, lease }),
    )
  }
  const second = await openSecondSession({
    connection,
    openAnother,
    required: options?.watched === true,
    warn: (message) => onEvent?.({ kind: 'warning', message }),
  })
  try {
    const restore = await prepareSession(connection)
    const pid = await processOf(connection)
    const watcher = second === undefined ? undefined : await processOf(second)
    const locked = (): Promise<T> => work({ pid, second, watcher })
    return await withRunnerLock(connection, mutexOptions(input, journal), locked).finally(restore)
  } finally {
    await second?.close()
  }
}
