/** How fast rows go by: a moving average, so that the time left follows a change of pace within a few batches. */
export interface Pace {
  readonly rowsPerSecond: number
}

/** Weight of the newest batch. A quarter forgets what was ten batches ago. */
const newestWeight = 0.25

export function nextPace(before: Pace | undefined, rows: number, durationMs: number): Pace {
  const now = durationMs <= 0 ? (before?.rowsPerSecond ?? 0) : (rows / durationMs) * 1000
  if (before === undefined) return { rowsPerSecond: now }
  return { rowsPerSecond: before.rowsPerSecond * (1 - newestWeight) + now * newestWeight }
}

/** Milliseconds until the estimated end; undefined before there is a pace. */
export function timeLeftMs(pace: Pace | undefined, rowsLeft: number): number | undefined {
  if (pace === undefined || pace.rowsPerSecond <= 0) return undefined
  return Math.round((Math.max(rowsLeft, 0) / pace.rowsPerSecond) * 1000)
}
