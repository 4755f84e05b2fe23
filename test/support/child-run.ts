import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'

const script = fileURLToPath(new URL('run-up.ts', import.meta.url))

export interface ChildEvent {
  readonly kind: string
  readonly [field: string]: unknown
}

export interface ChildRun {
  readonly process: ChildProcess
  /** Every line so far. */
  readonly events: readonly ChildEvent[]
  /** Resolves at the first event that fits. */
  until(fits: (event: ChildEvent) => boolean): Promise<ChildEvent>
  /** Exit code, or null when it was killed. */
  readonly ended: Promise<number | null>
}

/** What runs in the process. */
export interface Child {
  readonly url: string
  readonly files: Readonly<Record<string, string>>
  /** `up` when absent. */
  readonly command?: 'up' | 'down'
  readonly options?: object
  /** A migration whose check is answered with no is reverted, whatever is proven. */
  readonly reverts?: boolean
  /** It dies, as by kill -9, when the server has answered SQL that begins like this, for the first or the n-th time. */
  readonly dieAtAnswer?: { readonly to: string; readonly time?: number }
}

/** `up` or `down` in a process of its own. */
export function childRun(url: string, files: Child['files'], more: Omit<Child, 'url' | 'files'> = {}): ChildRun {
  const started: Child = { url, files, ...more }
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(started)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const events: ChildEvent[] = []
  const waiting = new Set<(event: ChildEvent) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event: ChildEvent = JSON.parse(line)
    events.push(event)
    for (const look of waiting) look(event)
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  const until = (fits: (event: ChildEvent) => boolean): Promise<ChildEvent> =>
    new Promise((resolve, reject) => {
      const found = events.find(fits)
      if (found !== undefined) return resolve(found)
      waiting.add((event) => {
        if (fits(event)) resolve(event)
      })
      void ended.then((code) =>
        reject(new Error(`The child ended with ${code} before the event: ${JSON.stringify(events)}`)),
      )
    })
  return { process: child, events, until, ended }
}

/** Asks again until the answer fits. The test's own time limit ends it. */
export async function eventually<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (fits(answer)) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
