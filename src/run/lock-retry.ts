import { ToolkitError } from '../core/errors.ts'
import { DatabaseError } from '../db/database-error.ts'
import type { Name } from '../model/name.ts'
import { type Blocker, blockersOf, blockersText } from './blockers.ts'
import type { RunContext } from './context.ts'
import { interruption } from './interruption.ts'
import { pauseAfter, timeoutPastAutovacuum } from './lock-schedule.ts'

/** A lock was not obtained in time, or two sessions waited for each other: the two answers that trying again can change. */
const retryable = new Set(['55P03', '40P01'])

export function isLockFailure(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.sqlState !== undefined && retryable.has(error.sqlState)
}

/** Which attempt it is, and how long it may wait for each lock. */
export interface Attempt {
  readonly attempt: number
  readonly lockTimeoutMs: number
  /** Spent in earlier attempts and pauses, in milliseconds. */
  readonly lockWaitMs: number
}

/**
 * Tries as often as the schedule has attempts. `work` must leave nothing behind when it fails.
 *
 * @throws ToolkitError `lock-timeout` after the last attempt, with whoever is in the way
 */
export async function withLockRetries<T>(
  context: RunContext,
  subject: { readonly migration: string; readonly tables: readonly Name[] },
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const { clock, lock } = context
  const begunAt = clock.now()
  let leastMs = 0
  for (let attempt = 1; ; attempt += 1) {
    const lockTimeoutMs = Math.max(lock.timeoutsMs[attempt - 1] ?? lock.timeoutsMs.at(-1) ?? 0, leastMs)
    try {
      return await work({ attempt, lockTimeoutMs, lockWaitMs: clock.now() - begunAt })
    } catch (error) {
      if (!isLockFailure(error)) throw error
      const blockers = await blockersOf(context.connection, subject.tables)
      if (attempt >= lock.timeoutsMs.length) throw lockTimeout(subject.migration, attempt, blockers, error)
      const pauseMs = pauseAfter(lock, lockTimeoutMs, context.random())
      const attempts = lock.timeoutsMs.length
      context.emit({
        kind: 'lock-wait',
        migration: subject.migration,
        attempt,
        attempts,
        lockTimeoutMs,
        pauseMs,
        blockers,
      })
      if (blockers.some(({ kind }) => kind === 'autovacuum'))
        leastMs = timeoutPastAutovacuum(await deadlockTimeoutMs(context))
      await pause(context, pauseMs)
    }
  }
}

async function pause({ clock, signal }: RunContext, ms: number): Promise<void> {
  try {
    await clock.sleep(ms, signal)
  } catch (error) {
    throw signal?.aborted === true ? interruption(signal) : error
  }
}

async function deadlockTimeoutMs({ connection }: RunContext): Promise<number> {
  const { rows } = await connection.query<{ ms: number }>(
    `select setting::int as ms from pg_settings where name = 'deadlock_timeout'`,
  )
  return rows[0]?.ms ?? 1000
}

function lockTimeout(
  migration: string,
  attempts: number,
  blockers: readonly Blocker[],
  cause: DatabaseError,
): ToolkitError {
  const why = cause.sqlState === '40P01' ? 'ran into a deadlock' : 'did not get a lock that it needs'
  return new ToolkitError({
    code: 'lock-timeout',
    message: `${migration} ${why} in ${attempts === 1 ? 'one attempt' : `any of ${attempts} attempts`}; it was rolled back: ${cause.message}`,
    details: blockersText(blockers),
    hint: 'Run the command again when the long transactions have ended, or end them with SELECT pg_terminate_backend(pid).',
    cause,
  })
}
