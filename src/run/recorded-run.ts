import { ToolkitError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Clock } from '../core/time.ts'
import { sqlStateOf } from '../db/database-error.ts'
import { Ahead } from './ahead.ts'
import { rollback } from './transaction.ts'
import type { Connection } from '../model/database.ts'
import type { Effect } from '../model/effect.ts'
import type { Statement } from '../model/statement.ts'
import type { RunContext } from './context.ts'
import type { RunEvent } from './events.ts'
import type { Journal } from './journal.ts'
import { type Actor, type RunFailure, recordRun, recordRunEnd } from './journal/write.ts'
import { leaseHolder } from './lease.ts'
import { type Limits, defaultLimits } from './limits.ts'
import { type LockSchedule, defaultLockSchedule } from './lock-schedule.ts'
import type { MutexOptions } from './mutex.ts'
import { orphanOf } from './orphan.ts'
import { overAnySession } from './rescue.ts'
import type { RunSessions } from './run-session.ts'
import { nameSession } from './session.ts'

/** How `up` and `down` run. */
export interface RunOptions {
  /** Refuse to run unwatched: where no second connection is to be had. */
  readonly watched?: boolean | undefined
  readonly limits?: Partial<Limits> | undefined
  /** Schema of the journal; `migrate` when absent. */
  readonly schema?: string | undefined
  readonly lock?: LockSchedule | undefined
  /** How long to wait for another run to end, in milliseconds; a minute when absent. */
  readonly waitForRunnerMs?: number | undefined
  readonly dryRun?: boolean | undefined
  /** For a transaction pooler: hold a lease for so many milliseconds, prolonged again and again, instead of the lock. */
  readonly leaseMs?: number | undefined
  /** End the session of an earlier run whose process is gone, instead of waiting for it. */
  readonly endOrphan?: boolean | undefined
  /** Run statements again whose outcome nobody knows. */
  readonly retryUnknown?: boolean | undefined
  /** Digest of the run plan that the run is held to, for the journal. */
  readonly plan?: string | undefined
}

/** What `up` and `down` are given alike. */
export interface RunInput {
  readonly connection: Connection
  /** Opens one more session on the same address; without it nobody watches, and a pooler is not found out. */
  readonly openAnother?: (() => Promise<Connection>) | undefined
  /** The dialect's: what a statement does to tables. Without it every statement may take as long as the longest. */
  readonly effects?: ((statement: Statement) => readonly Effect[]) | undefined
  readonly actor: Actor
  readonly clock: Clock
  readonly log: Log
  /** Its reason is thrown when it is a ToolkitError; `SIGTERM` gives `terminated`, anything else `interrupted`. */
  readonly signal?: AbortSignal | undefined
  readonly options?: RunOptions | undefined
  readonly onEvent?: ((event: RunEvent) => void) | undefined
  /** For jitter; `Math.random` when absent. */
  readonly random?: (() => number) | undefined
}

/** A minute is longer than an ordinary migration, and shorter than a pipeline's patience. */
const defaultWaitForRunnerMs = 60_000

/** How to take the runner's lock for this run. */
export function mutexOptions(input: RunInput, journal: Journal): MutexOptions {
  return {
    schema: journal.schema,
    waitMs: input.options?.waitForRunnerMs ?? defaultWaitForRunnerMs,
    clock: input.clock,
    random: input.random ?? Math.random,
    signal: input.signal,
    onWait: (holder, orphan) => input.onEvent?.({ kind: 'runner-wait', holder, orphan }),
    leaseHolder: () => leaseHolder(journal),
    orphanOf: (pid) => orphanOf(journal, pid),
    endOrphan: input.options?.endOrphan,
  }
}

/** Runs `work` between the beginning and the end of a row in `run`. */
export async function recordedRun<T>(
  input: RunInput,
  journal: Journal,
  { command, pid, second, watcher, lease }: RunSessions & { readonly command: string },
  work: (context: RunContext) => Promise<T>,
): Promise<T> {
  const { connection, openAnother, clock, log, options = {} } = input
  const run = await recordRun(journal, { command, backend: pid, watcher, plan: options.plan }, input.actor)
  if (connection.kind === 'server' && lease === undefined) await nameSession(connection, run)
  const end = async (error?: RunFailure): Promise<void> => {
    const at = new Date(clock.now())
    const row = { at, ...(error === undefined ? {} : { error }) }
    await overAnySession({ journal, second, openAnother, log }, (reached) => recordRunEnd(reached, run, row))
  }
  const ahead = new Ahead()
  const stop = stopping(connection, pid, second)
  try {
    const result = await work({
      connection,
      pid,
      second,
      openAnother,
      ...stop,
      ahead,
      journal,
      run,
      clock,
      log,
      signal: lease?.signal ?? input.signal,
      lease,
      lock: options.lock ?? defaultLockSchedule,
      limits: { ...defaultLimits, ...options.limits },
      effects: input.effects,
      random: input.random ?? Math.random,
      retryUnknown: options.retryUnknown ?? false,
      emit: (event) => input.onEvent?.(event),
    }).finally(() => ahead.abandon(stop.cancel, () => rollback({ connection, log })))
    await end()
    return result
  } catch (error) {
    const code = error instanceof ToolkitError ? error.code : 'bug'
    await end({ code, message: messageOf(error), sqlState: sqlStateOf(error) })
    throw error
  }
}

/** Over the session that watches, which is open already: when all others are taken, no new one could be opened. */
function stopping(
  connection: Connection,
  pid: number,
  second: Connection | undefined,
): Pick<RunContext, 'cancel' | 'end'> {
  if (second === undefined) return { cancel: () => connection.cancel(), end: () => connection.cancel() }
  const ask = async (sql: string): Promise<void> => {
    await second.query(sql, [pid]).catch(() => connection.cancel())
  }
  return {
    cancel: () => ask('select pg_cancel_backend($1)'),
    end: () => ask('select pg_terminate_backend($1)'),
  }
}
