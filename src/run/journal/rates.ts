import type { MeasuredRates, WorkKind } from '../../model/rates.ts'
import type { Journal } from '../journal.ts'
import { journalVersion, readable } from './read.ts'

/** What is over sooner says more about its beginning and end than about rows. */
const leastMs = 1000
/** A server changes; what was long ago says little of it. */
const newest = 100

/**
 * How fast this database was in earlier runs, by the middle one of the newest: the journal knows the time and how large
 * the table was.
 *
 * @throws ToolkitError `journal-newer`, `journal-unreadable`, `permission-denied`
 */
export async function readRates(journal: Journal): Promise<MeasuredRates> {
  // Versions before knew no sizes.
  if ((await journalVersion(journal)) < 10) return { perSecond: {} }
  return readable(journal, async () => ({
    perSecond: await readWork(journal),
    backfillRowsPerSecond: await readBackfillRate(journal),
  }))
}

async function readWork({ tables }: Journal): Promise<MeasuredRates['perSecond']> {
  const rows = await tables
    .selectFrom('step')
    .select(['work', 'bytes', 'duration_ms', 'lock_wait_ms'])
    .where('event', '=', 'done')
    .where('bytes', 'is not', null)
    .orderBy('id', 'desc')
    .limit(newest)
    .execute()
  const rates: Partial<Record<WorkKind, number[]>> = {}
  for (const { work, bytes, duration_ms: durationMs, lock_wait_ms: waitMs } of rows) {
    const tookMs = (durationMs ?? 0) - (waitMs ?? 0)
    if (work !== null && Number(bytes) > 0 && tookMs >= leastMs)
      (rates[work] ??= []).push((Number(bytes) / tookMs) * 1000)
  }
  return Object.fromEntries(Object.entries(rates).map(([work, found]) => [work, middle(found)]))
}

async function readBackfillRate({ tables }: Journal): Promise<number | undefined> {
  const rows = await tables
    .selectFrom('backfill')
    .select(['rows_done', 'started_at', 'updated_at'])
    .where('status', '=', 'done')
    .orderBy('updated_at', 'desc')
    .limit(newest)
    .execute()
  const rates = rows.flatMap(({ rows_done: done, started_at: from, updated_at: to }) => {
    const tookMs = to.getTime() - from.getTime()
    return tookMs >= leastMs && Number(done) > 0 ? [(Number(done) / tookMs) * 1000] : []
  })
  return rates.length === 0 ? undefined : middle(rates)
}

/** The lower of the two in the middle, as an estimate had better be too long. */
function middle(rates: readonly number[]): number {
  const sorted = rates.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}
