const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Calls `work` when the process ends, also by a signal, which then ends it as if nobody had listened. */
export function onProcessEnd(work: () => void): () => void {
  const listeners = signals.map((signal) => {
    const listener = (): void => {
      work()
      process.removeListener(signal, listener)
      // Where somebody else listens, they decide how the process ends.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
    }
    process.on(signal, listener)
    return { signal, listener }
  })
  process.on('exit', work)
  return () => {
    process.removeListener('exit', work)
    for (const { signal, listener } of listeners) process.removeListener(signal, listener)
  }
}
