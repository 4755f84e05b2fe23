import { ToolkitError } from '../core/errors.ts'

/**
 * Runs `work` with a signal that Ctrl-C and SIGTERM abort: the runner then cancels its statement on the server, rolls
 * back and ends with 130 or 143. A second signal ends the process at once; the server notices the closed connection.
 */
export async function untilSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const listeners = [
    { signal: 'SIGINT', listen: (): void => stop('interrupted') },
    { signal: 'SIGTERM', listen: (): void => stop('terminated') },
  ] as const
  const unlisten = (): void => {
    for (const { signal, listen } of listeners) process.removeListener(signal, listen)
  }
  const stop = (code: 'interrupted' | 'terminated'): void => {
    // Not at once: libraries (signal-exit) end the process when they see at this moment that nobody else listens.
    setImmediate(unlisten)
    controller.abort(stopped(code))
  }
  for (const { signal, listen } of listeners) process.on(signal, listen)
  try {
    return await work(controller.signal)
  } finally {
    unlisten()
  }
}

function stopped(code: 'interrupted' | 'terminated'): ToolkitError {
  return new ToolkitError({
    code,
    message: code === 'interrupted' ? 'The run was interrupted.' : 'The run was told to end.',
    hint: 'What was open was rolled back; what was committed stays, and the same command goes on from there. See: migrate status',
  })
}
