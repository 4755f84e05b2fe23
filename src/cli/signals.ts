import { ToolkitError } from '../core/errors.ts'

/**
 * Runs `work` with a signal that Ctrl-C and SIGTERM abort: the runner then cancels its statement on the server, rolls
 * back and ends with 130 or 143. A second signal ends the process at once; the server notices the closed connection.
 */
export async function untilSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const onInterrupt = (): void => controller.abort(stopped('interrupted'))
  const onTerminate = (): void => controller.abort(stopped('terminated'))
  process.once('SIGINT', onInterrupt)
  process.once('SIGTERM', onTerminate)
  try {
    return await work(controller.signal)
  } finally {
    process.removeListener('SIGINT', onInterrupt)
    process.removeListener('SIGTERM', onTerminate)
  }
}

function stopped(code: 'interrupted' | 'terminated'): ToolkitError {
  return new ToolkitError({
    code,
    message: code === 'interrupted' ? 'The run was interrupted.' : 'The run was told to end.',
    hint: 'What was open was rolled back; what was committed stays, and the same command goes on from there. See: migrate status',
  })
}
