import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

/** Takes as long as with the usual 48, and the process stays 30 MB smaller. */
const maxYoungGenerationSizeMb = 8

let ahead: Worker | undefined

/** Begins with a thread that is likely to be wanted: it loads what it needs meanwhile. */
export function startAhead(): void {
  ahead = start()
}

/** The thread that was begun with, else one that begins now; undefined where there is none: one processor, or a program that was not built. */
export function takeThread(): Worker | undefined {
  const thread = ahead ?? start()
  ahead = undefined
  return thread
}

function start(): Worker | undefined {
  const entry = fileURLToPath(new URL('../cli/start-thread.cjs', import.meta.url))
  if (availableParallelism() < 2 || !existsSync(entry)) return undefined
  const thread = new Worker(entry, { resourceLimits: { maxYoungGenerationSizeMb } })
  // Whoever waits for it says so; a process that has its answer ends.
  thread.unref()
  // It then gives no answer, which is an answer, too.
  thread.on('error', () => undefined)
  return thread
}
