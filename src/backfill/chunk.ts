/** How large a batch is, and what it should cost. All sizes in rows. */
export interface ChunkPolicy {
  readonly firstRows: number
  readonly leastRows: number
  readonly mostRows: number
  /** What a batch should take, in milliseconds. */
  readonly targetMs: number
}

/**
 * A batch holds its row locks until it commits. 150 ms is about what a user's own transaction on the same rows can
 * wait without anyone noticing; below 50 rows the transaction costs more than its rows, above 50,000 one slow batch
 * is a long transaction.
 */
export const defaultChunkPolicy: ChunkPolicy = { firstRows: 1000, leastRows: 50, mostRows: 50_000, targetMs: 150 }

/** Grown by half at most: one batch out of a warm cache must not make the next one twenty times as large. */
const mostGrowth = 1.5

/** How long a batch of `rows` took, or that it got no lock. */
export interface ChunkResult {
  readonly rows: number
  readonly durationMs: number
  readonly outcome: 'done' | 'no-lock'
}

/**
 * The size of the next batch: what would have met the target at the last pace, growing slowly and shrinking at once.
 * Always a whole number from `leastRows` to `mostRows`.
 */
export function nextChunk(rows: number, last: ChunkResult, policy: ChunkPolicy): number {
  return clamp(last.outcome === 'no-lock' ? rows / 2 : rows * growth(last, policy), policy)
}

function growth({ durationMs }: ChunkResult, { targetMs }: ChunkPolicy): number {
  if (durationMs <= 0) return mostGrowth
  return Math.min(targetMs / durationMs, mostGrowth)
}

/** The size of the first batch: what the migration asks for, within the limits. */
export function firstChunk(asked: number | undefined, policy: ChunkPolicy): number {
  return clamp(asked ?? policy.firstRows, policy)
}

function clamp(rows: number, { leastRows, mostRows }: ChunkPolicy): number {
  return Math.round(Math.min(Math.max(rows, leastRows), mostRows))
}
