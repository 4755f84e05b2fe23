/** How long to wait for a lock, how often, and how long to let others through in between. */
export interface LockSchedule {
  /** `lock_timeout` of each attempt, in milliseconds; as many attempts as there are numbers. */
  readonly timeoutsMs: readonly number[]
  /** The pause after the first attempt, as a multiple of its `lock_timeout`; it doubles from attempt to attempt. */
  readonly pauseFactor: number
}

/**
 * While a statement waits for ACCESS EXCLUSIVE, everything that comes after it waits behind it, so each wait is a
 * stall of the table. Starting at 50 ms and doubling to 400 ms keeps a stall below what users notice; a pause of ten
 * times the wait keeps writers blocked for at most a tenth of the time. Ten attempts are about half a minute in all,
 * which is longer than an ordinary transaction lasts.
 */
export const defaultLockSchedule: LockSchedule = {
  timeoutsMs: [50, 100, 200, 400, 400, 400, 400, 400, 400, 400],
  pauseFactor: 10,
}

/** Three times doubled, a pause grows no more: who waits for ten minutes at once would not be there when the table is. */
const mostDoublings = 3

/** The pause after an attempt, up to half longer by chance, so that two runners do not collide again and again. */
export function pauseAfter({ timeoutsMs, pauseFactor }: LockSchedule, attempt: number, random: number): number {
  const firstMs = (timeoutsMs[0] ?? 0) * pauseFactor
  return Math.round(firstMs * 2 ** Math.min(attempt - 1, mostDoublings) * (1 + random / 2))
}

/**
 * Autovacuum gives way only to a waiter whose wait has lasted `deadlock_timeout`, when the deadlock check runs
 * (PostgreSQL documentation, "Routine Vacuuming"). A shorter `lock_timeout` would never get past it; half a second
 * more lets the worker end.
 */
export function timeoutPastAutovacuum(deadlockTimeoutMs: number): number {
  return deadlockTimeoutMs + 500
}
