import { ToolkitError } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'

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

/** A cancel request can arrive between two statements and then hits nothing; it is sent again after this long. */
const cancelAgainMs = 500

/**
 * Runs a statement that the signal cancels on the server: without that the server works on after this process is gone.
 *
 * @throws ToolkitError `interrupted`, `terminated` when the signal aborted, whatever the statement answered
 */
export async function cancellable<T>(
  connection: Connection,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  stopIfAborted(signal)
  if (signal === undefined) return work()
  let asked: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const cancel = (): void => {
    // Whether the request gets through decides only how soon the statement ends.
    asked = connection.cancel().catch(() => undefined)
    timer = setTimeout(cancel, cancelAgainMs)
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await work()
  } catch (error) {
    if (signal.aborted) throw interruption(signal)
    throw error
  } finally {
    signal.removeEventListener('abort', cancel)
    clearTimeout(timer)
    // A request still under way would hit the next statement, which may be the ROLLBACK.
    await asked
  }
}
