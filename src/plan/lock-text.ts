import { formatBytes, formatRoughly } from '../core/bytes.ts'
import { formatDuration } from '../core/time.ts'
import { blocksReads, blocksWrites } from '../model/lock.ts'
import type { PlannedLock, PlannedStatement } from '../model/planned-run.ts'

/** Whether a lock is worth a line: somebody waits for it, or it takes the longer the larger the table is. */
export function isTold({ lock, rewritten, scanned, estimateMs }: PlannedLock): boolean {
  return rewritten || scanned || blocksWrites(lock) || estimateMs !== null
}

/** `SHARE: public.books (1.2M rows, 340 MB), all rows read, about 4s (estimate at an assumed rate): writes wait`. */
export function lockText(
  { relation, lock, rewritten, scanned, rows, bytes, estimateMs, estimateFrom }: PlannedLock,
  from: PlannedStatement['from'],
): string {
  const size = [
    ...(rows === null ? [] : [`${formatRoughly(rows)} rows`]),
    ...(bytes === null ? [] : [formatBytes(bytes)]),
  ]
  const work = rewritten ? 'written anew' : scanned ? 'all rows read' : undefined
  const time =
    estimateMs === null
      ? work === undefined
        ? 'for a moment'
        : 'for how long is not known'
      : `${roughly(estimateMs)} (estimate at ${estimateFrom === 'measured' ? 'a measured' : 'an assumed'} rate)`
  const who = blocksReads(lock) ? 'reads and writes wait' : blocksWrites(lock) ? 'writes wait' : 'nobody waits'
  const parts = [
    `${relation}${size.length === 0 ? '' : ` (${size.join(', ')})`}`,
    ...(work === undefined ? [] : [work]),
  ]
  const source = from === 'proof' ? ', measured' : ''
  return `${lock}${source}: ${parts.join(', ')}, ${time}: ${who}`
}

/** Less than a second is no number to go by. */
function roughly(ms: number): string {
  return ms < 1000 ? 'less than 1s' : `about ${formatDuration(ms)}`
}
