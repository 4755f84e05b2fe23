import type { Log } from '../core/log.ts'
import type { Clock } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import type { RunEvent } from './events.ts'
import type { Journal } from './journal.ts'
import type { LockSchedule } from './lock-schedule.ts'

/** What everything that performs needs. */
export interface RunContext {
  readonly connection: Connection
  readonly journal: Journal
  /** Row of `run` that all rows written point to. */
  readonly run: number
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal | undefined
  readonly lock: LockSchedule
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number
  /** Whether a statement whose outcome nobody knows may run again. */
  readonly retryUnknown: boolean
  readonly emit: (event: RunEvent) => void
}
