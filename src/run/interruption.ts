import { ToolkitError } from '../core/errors.ts'
import type { RunContext } from './context.ts'

/** Why a run ends early: the reason of its signal. */
export function interruption(signal: AbortSignal): ToolkitError {
  const reason: unknown = signal.reason
  if (reason instanceof ToolkitError) return reason
  const terminated = reason === 'SIGTERM'
  return new ToolkitError({
    code: terminated ? 'terminated' : 'interrupted',
    message: terminated ? 'The run was told to end.' : 'The run was interrupted.',
    hint: 'What was open was rolled back. See: migrate status',
  })
}

/** @throws ToolkitError `interrupted`, `terminated` */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw interruption(signal)
}

/**
 * Waits, outside of any statement.
 *
 * @throws ToolkitError `interrupted`, `terminated`
 */
export async function wait(
  { clock, signal }: Pick<RunContext, 'clock'> & Partial<Pick<RunContext, 'signal'>>,
  ms: number,
): Promise<void> {
  stopIfAborted(signal)
  try {
    await clock.sleep(ms, signal)
  } catch (error) {
    throw signal?.aborted === true ? interruption(signal) : error
  }
}

/** A cancel request can arrive between two statements and then hits nothing; it is sent again after this long. */
const cancelAgainMs = 500
/** Code that never looks whether it is cancelled holds a run up; half of what pipelines usually wait before they kill. */
const endAfterMs = 5000

/**
 * Runs a statement that the signal cancels on the server: without that the server works on after this process is gone.
 * Where it does not end by that, its session is ended.
 *
 * @throws ToolkitError `interrupted`, `terminated` when the signal aborted, whatever the statement answered
 */
export async function cancellable<T>(
  { signal, cancel, end }: Pick<RunContext, 'signal' | 'cancel' | 'end'>,
  work: () => Promise<T>,
): Promise<T> {
  stopIfAborted(signal)
  if (signal === undefined) return work()
  let asked: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const stop = (sinceMs: number): void => {
    // Whether the request gets through decides only how soon the statement ends.
    asked = (sinceMs < endAfterMs ? cancel() : end()).catch(() => undefined)
    timer = setTimeout(() => stop(sinceMs + cancelAgainMs), cancelAgainMs)
  }
  const leave = whenAborted(signal, () => stop(0))
  try {
    return await work()
  } catch (error) {
    if (signal.aborted) throw interruption(signal)
    throw error
  } finally {
    leave()
    clearTimeout(timer)
    // A request still under way would hit the next statement, which may be the ROLLBACK.
    await asked
  }
}

/** What is to be done when a signal aborts. */
const acts: WeakMap<AbortSignal, Set<() => void>> = new WeakMap()

/** A signal is listened to once a run: listeners that come and go with each statement took 6 of 640 ms. Gives what takes it back. */
function whenAborted(signal: AbortSignal, act: () => void): () => void {
  const own = acts.get(signal) ?? listenTo(signal)
  own.add(act)
  return () => own.delete(act)
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const own = new Set<() => void>()
  acts.set(signal, own)
  const all = (): void => {
    for (const act of own) act()
  }
  signal.addEventListener('abort', all, { once: true })
  return own
}
