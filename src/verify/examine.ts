import { touchedByFacts, hidesWhatItDoes } from '../model/touched.ts'
import type { Clock } from '../core/time.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { inOneTransaction } from '../model/statement.ts'
import type { Bench, BenchState } from './bench.ts'
import { DataWatch } from './data/watch-data.ts'
import { withDeadline } from './deadline.ts'
import { bareName } from './differing.ts'
import type { Examination } from './levels/level.ts'
import { LockMeter } from './lock-meter.ts'
import { queryProof } from './queries/query-proof.ts'
import type { QueryWatches } from './queries/query-watches.ts'
import { type SeedReport, seedReport } from './seed/report.ts'
import { climb } from './stairway.ts'
import { tryWrites } from './writes/try-writes.ts'

type Rows = SeedReport['style'] | 'none'

/** What was seen, and the locks that were measured on the way. */
export interface Measured extends Examination {
  readonly meter: LockMeter
}

/** How time is measured and how much of it a section may take, and who asks the old queries. */
export interface Eyes {
  readonly clock: Clock
  readonly queries: QueryWatches
  readonly deadlineMs: number
}

const unfitRows = { varied: 'rows with NULLs and unusual values', plain: 'ordinary rows' } as const

/**
 * Takes one migration up, down and up again on rows. Rows that are made up may be such as the application would never
 * have written: a NULL before NOT NULL is set, two equal values before a unique key. So an upgrade that fails is tried
 * again with ordinary values in the tables that it touches, and then on none.
 */
export async function examine(migration: ParsedMigration, bench: Bench, eyes: Eyes): Promise<Measured> {
  const unfit: string[] = []
  for (const rows of ['varied', 'plain'] as const) {
    const examination = await climbOn(rows, migration, bench, eyes)
    const { failure } = examination.stairway
    if (failure?.step !== 'up' || failure.cancelled === true) return { ...examination, unfit }
    unfit.push(`The upgrade does not fit ${unfitRows[rows]} that were made up: ${failure.reason}.`)
    // What ran in a transaction has left nothing behind.
    if (!inOneTransaction(migration.up, migration.upSql)) await bench.clear()
  }
  const examination = await climbOn('none', migration, bench, eyes)
  if (examination.stairway.failure?.step === 'up') return examination
  return { ...examination, unfit }
}

async function climbOn(
  rows: Rows,
  migration: ParsedMigration,
  bench: Bench,
  { clock, deadlineMs, queries }: Eyes,
): Promise<Measured> {
  const state = await bench.before(migration)
  await prepareRows(rows, migration, state)
  const { connection, connect, prints, schema, seeder } = state
  const watch = new DataWatch(prints)
  const meter = new LockMeter(migration, { clock, connect })
  const asking = queries.of(migration)
  const stairway = await climb(connection, migration, {
    schema,
    observers: asking === undefined ? [watch] : [watch, asking],
    carry: withDeadline(meter.carry, deadlineMs),
  })
  const seed = rows === 'none' ? undefined : seedReport(rows, watch.seen.before ?? new Map(), seeder.reasons)
  const { again } = stairway
  const writes = again === undefined ? undefined : await tryWrites(connection, migration, stairway)
  const answers = asking === undefined ? null : queryProof(asking.seen)
  return { writes, stairway, seed, unfit: [], data: watch.seen, queries: answers, meter }
}

async function prepareRows(rows: Rows, migration: ParsedMigration, { connection, seeder }: BenchState): Promise<void> {
  await seeder.fill(connection)
  if (rows === 'varied') return
  const { statements } = migration.upSql
  const touched = touchedByFacts(statements)
  const isTouched = (table: string): boolean => touched.has(bareName(table)) || hidesWhatItDoes(statements)
  if (rows === 'plain') await seeder.settle(connection, isTouched)
  else await seeder.clear(connection, isTouched)
}
