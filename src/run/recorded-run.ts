import { ToolkitError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Clock } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import type { RunContext } from './context.ts'
import type { RunEvent } from './events.ts'
import type { Journal } from './journal.ts'
import { type Actor, recordRun, recordRunEnd } from './journal/write.ts'
import { type LockSchedule, defaultLockSchedule } from './lock-schedule.ts'
import type { MutexOptions } from './mutex.ts'

/** How `up` and `down` run. */
export interface RunOptions {
  /** Schema of the journal; `migrate` when absent. */
  readonly schema?: string | undefined
  readonly lock?: LockSchedule | undefined
  /** How long to wait for another run to end, in milliseconds; a minute when absent. */
  readonly waitForRunnerMs?: number | undefined
  readonly dryRun?: boolean | undefined
  /** Run statements again whose outcome nobody knows. */
  readonly retryUnknown?: boolean | undefined
  /** Digest of the run plan that the run is held to, for the journal. */
  readonly plan?: string | undefined
}

/** What `up` and `down` are given alike. */
export interface RunInput {
  readonly connection: Connection
  /** Opens one more session on the same address; without it a transaction pooler is not found out. */
  readonly openAnother?: (() => Promise<Connection>) | undefined
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
export function mutexOptions(input: RunInput, { schema }: Journal): MutexOptions {
  return {
    schema,
    waitMs: input.options?.waitForRunnerMs ?? defaultWaitForRunnerMs,
    clock: input.clock,
    random: input.random ?? Math.random,
    signal: input.signal,
    onWait: (holder) => input.onEvent?.({ kind: 'runner-wait', holder }),
  }
}

/** Runs `work` between the beginning and the end of a row in `run`. */
export async function recordedRun<T>(
  input: RunInput,
  journal: Journal,
  command: string,
  work: (context: RunContext) => Promise<T>,
): Promise<T> {
  const { connection, clock, log, signal, options = {} } = input
  const run = await recordRun(journal, command, input.actor, options.plan)
  const end = async (error?: { code: string; message: string }): Promise<void> => {
    await recordRunEnd(journal, run, { at: new Date(clock.now()), ...(error === undefined ? {} : { error }) })
  }
  try {
    const result = await work({
      connection,
      journal,
      run,
      clock,
      log,
      signal,
      lock: options.lock ?? defaultLockSchedule,
      random: input.random ?? Math.random,
      retryUnknown: options.retryUnknown ?? false,
      emit: (event) => input.onEvent?.(event),
    })
    await end()
    return result
  } catch (error) {
    const code = error instanceof ToolkitError ? error.code : 'bug'
    await end({ code, message: messageOf(error) }).catch((unwritten: unknown) => {
      log.warn({ err: unwritten }, 'the end of the run could not be written to the journal')
    })
    throw error
  }
}
