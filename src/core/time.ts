import { ToolkitError } from './errors.ts'

/** Time as engines see it, injected so that tests need not wait. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `act` after `ms` milliseconds, unless what it gives is called before. */
  after(ms: number, act: () => void): () => void
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason)
      const onAbort = (): void => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * `7d`, `90s`, `1.5h`, `250ms` as milliseconds.
 *
 * @throws ToolkitError `duration-invalid`
 */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  const unit = match?.[2]
  if (match === null || unit === undefined || !isUnit(unit)) {
    throw new ToolkitError({
      code: 'duration-invalid',
      message: `"${text}" is not a duration.`,
      hint: 'Write a number and a unit: 250ms, 30s, 5m, 2h or 7d.',
    })
  }
  return Number(match[1]) * unitMs[unit]
}

function isUnit(text: string): text is keyof typeof unitMs {
  return Object.hasOwn(unitMs, text)
}

/** Milliseconds for people: `340 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`, `7 d`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const parts: [number, string][] = [
    [Math.floor(ms / unitMs.d), 'd'],
    [Math.floor(ms / unitMs.h) % 24, 'h'],
    [Math.floor(ms / unitMs.m) % 60, 'min'],
    [Math.round(ms / unitMs.s) % 60, 's'],
  ]
  const shown = parts.filter(([count]) => count > 0).slice(0, 2)
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ')
}
