import type { Effect } from '../model/effect.ts'
import type { Statement } from '../model/statement.ts'
import type { Log } from '../core/log.ts'
import type { Clock } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import type { RunEvent } from './events.ts'
import type { Ahead } from './ahead.ts'
import type { Journal } from './journal.ts'
import type { Lease } from './lease.ts'
import type { Limits } from './limits.ts'
import type { LockSchedule } from './lock-schedule.ts'

/** What everything that performs needs. */
export interface RunContext {
  readonly connection: Connection
  /** The server process of that session. */
  readonly pid: number
  /** What holds instead of the runner's lock and of settings of the session, behind a transaction pooler. */
  readonly lease: Lease | undefined
  /** Another session, which watches it; undefined where none can be had. */
  readonly second: Connection | undefined
  /** Opens one more session on the same address. */
  readonly openAnother: (() => Promise<Connection>) | undefined
  /** Asks the server to cancel what the session runs. */
  readonly cancel: () => Promise<void>
  /** Ends the session on the server; where nobody watches, the same as `cancel`. */
  readonly end: () => Promise<void>
  /** What was sent to the session ahead of its turn. */
  readonly ahead: Ahead
  readonly journal: Journal
  /** Row of `run` that all rows written point to. */
  readonly run: number
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal | undefined
  readonly lock: LockSchedule
  readonly limits: Limits
  /** The dialect's: what a statement does to tables. */
  readonly effects: ((statement: Statement) => readonly Effect[]) | undefined
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number
  /** Whether a statement whose outcome nobody knows may run again. */
  readonly retryUnknown: boolean
  readonly emit: (event: RunEvent) => void
}
