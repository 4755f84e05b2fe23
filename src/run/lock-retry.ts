import { ToolkitError } from '../core/errors.ts'
import { formatDuration } from '../core/time.ts'
import { DatabaseError } from '../db/database-error.ts'
import type { Name } from '../model/name.ts'
import { type Blocker, blockersOf, blockersText } from './blockers.ts'
import type { RunContext } from './context.ts'
import { wait } from './interruption.ts'
import { isLost } from './rescue.ts'
import { pauseAfter, timeoutPastAutovacuum } from './lock-schedule.ts'
import { GaveWay } from './watch/cancelled.ts'

/** A lock was not obtained in time, or two sessions waited for each other: the two answers that trying again can change. */
const retryable = new Set(['55P03', '40P01'])

export function isLockFailure(error: unknown): error is DatabaseError {
  if (error instanceof GaveWay) return true
  return error instanceof DatabaseError && error.sqlState !== undefined && retryable.has(error.sqlState)
}

/** Which attempt it is, and how long it may wait for each lock. */
export interface Attempt {
  readonly attempt: number
  readonly lockTimeoutMs: number
  /** Spent in earlier attempts and pauses, in milliseconds. */
  readonly lockWaitMs: number
  /** Tells who was in the way while it waited. */
  readonly onBlockers: (blockers: readonly Blocker[]) => void
}

/**
 * Tries as often as the schedule has attempts. `work` must leave nothing behind when it fails.
 *
 * @throws ToolkitError `lock-timeout` after the last attempt, with whoever is in the way; at once where that is an
 * autovacuum to prevent wraparound, which gives way to nobody
 */
export async function withLockRetries<T>(
  context: RunContext,
  subject: { readonly migration: string; readonly tables: readonly Name[] },
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const { clock, lock } = context
  const begunAt = clock.now()
  const attempts = lock.timeoutsMs.length
  let leastMs = 0
  for (let attempt = 1; ; attempt += 1) {
    const lockTimeoutMs = Math.max(lock.timeoutsMs[attempt - 1] ?? lock.timeoutsMs.at(-1) ?? 0, leastMs)
    let seen: readonly Blocker[] = []
    const onBlockers = (blockers: readonly Blocker[]): void => {
      seen = blockers
    }
    try {
      return await work({ attempt, lockTimeoutMs, lockWaitMs: clock.now() - begunAt, onBlockers })
    } catch (error) {
      if (!isLockFailure(error)) throw error
      const stays = seen.some(({ kind }) => kind === 'wraparound-autovacuum')
      const blockers = seen.length > 0 ? seen : await blockersOf(context.connection, subject.tables).catch(noneIfLost)
      if (attempt >= attempts || stays)
        throw lockTimeout(context, subject.migration, { attempts: attempt, blockers, cause: error })
      const pauseMs = pauseAfter(lock, attempt, context.random())
      const gaveWayTo = error instanceof GaveWay ? error.behind : 0
      const { migration } = subject
      context.emit({ kind: 'lock-wait', migration, attempt, attempts, lockTimeoutMs, pauseMs, gaveWayTo, blockers })
      if (blockers.some(({ kind }) => kind === 'autovacuum'))
        leastMs = timeoutPastAutovacuum(await deadlockTimeoutMs(context))
      await wait(context, pauseMs)
    }
  }
}

/** The next attempt says what a lost connection means for it. */
function noneIfLost(error: unknown): readonly Blocker[] {
  if (isLost(error)) return []
  throw error
}

async function deadlockTimeoutMs({ connection }: RunContext): Promise<number> {
  const { rows } = await connection.query<{ ms: number }>(
    `select setting::int as ms from pg_settings where name = 'deadlock_timeout'`,
  )
  return rows[0]?.ms ?? 1000
}

interface GivenUp {
  readonly attempts: number
  readonly blockers: readonly Blocker[]
  readonly cause: DatabaseError
}

function lockTimeout(context: RunContext, migration: string, { attempts, blockers, cause }: GivenUp): ToolkitError {
  const tries = attempts === 1 ? 'one attempt' : `any of ${attempts} attempts`
  return new ToolkitError({
    code: 'lock-timeout',
    message: `${migration} ${failureWords(cause)} in ${tries}; it was rolled back: ${cause.message}`,
    details: blockersText(blockers),
    hint: `${hintFor(blockers)} ${limitWords(context, cause)}`,
    cause,
  })
}

function failureWords(cause: DatabaseError): string {
  return cause.sqlState === '40P01' ? 'ran into a deadlock' : 'did not get a lock that it needs'
}

/** Which limit ended the last attempt, by its name in the configuration. */
function limitWords({ lock, limits }: RunContext, cause: DatabaseError): string {
  const attempts = `run.attempts: ${lock.timeoutsMs.length}`
  if (cause instanceof GaveWay)
    return `It makes room for others after ${formatDuration(limits.queue)} (run.limits.queue), and then tries again (${attempts}).`
  if (cause.sqlState === '40P01') return `A deadlock is tried again (${attempts}).`
  const [least, most] = [Math.min(...lock.timeoutsMs), Math.max(...lock.timeoutsMs)]
  const waits =
    least === most
      ? `run.lockTimeout: ${formatDuration(least)}`
      : `run.lockTimeout: ${formatDuration(least)}, run.lockTimeoutMost: ${formatDuration(most)}`
  return `How long and how often it waits: ${waits}, ${attempts}.`
}

function hintFor(blockers: readonly Blocker[]): string {
  const is = (kind: Blocker['kind']): boolean => blockers.some((blocker) => blocker.kind === kind)
  if (is('wraparound-autovacuum'))
    return 'An autovacuum that prevents wraparound gives way to nobody, and would begin anew if it were ended. Let it finish (pg_stat_progress_vacuum shows how far it is), then run the command again.'
  if (is('prepared-transaction'))
    return 'A prepared transaction holds its locks until somebody ends it: COMMIT PREPARED or ROLLBACK PREPARED with the name above. Then run the command again.'
  return 'Run the command again when the long transactions have ended, or end them with SELECT pg_terminate_backend(pid).'
}
