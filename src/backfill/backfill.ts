import { ToolkitError } from '../core/errors.ts'
import type { Clock } from '../core/time.ts'
import { adviceFor } from '../db/advice.ts'
import { DatabaseError } from '../db/database-error.ts'
import type { Connection } from '../model/database.ts'
import type { BackfillOptions } from '../model/migration.ts'
import { type ChunkPolicy, defaultChunkPolicy, firstChunk, nextChunk } from './chunk.ts'
import { type Pace, nextPace, timeLeftMs } from './pace.ts'
import { type Range, estimateRows, largestKey, nextRange } from './range.ts'
import { type TableKey, findTableKey } from './table-key.ts'

/** Where a backfill stands, as it is written down with each batch. */
export interface BackfillCursor {
  /** The last key of the last committed batch; null before the first. */
  readonly cursor: string | null
  /** The largest key when it began; null: the table was empty. */
  readonly upperBound: string | null
  /** Keys passed, whether the statement changed their rows or not. */
  readonly rowsDone: number
  readonly rowsChanged: number
  readonly rowsEstimated: number
}

/** Where the cursor is kept: in the target, so that it commits together with the batch. */
export interface BackfillStore {
  /** Undefined: it never began. */
  load(): Promise<BackfillCursor | undefined>
  begin(cursor: BackfillCursor): Promise<void>
  /** Moves the cursor; false when it is not at `from` any more, so somebody else moved it. */
  move(from: BackfillCursor, to: BackfillCursor): Promise<boolean>
}

export interface BackfillProgressReport extends BackfillCursor {
  readonly rowsPerSecond: number
  readonly etaMs: number | undefined
}

export interface BackfillInput {
  readonly connection: Connection
  /** The one statement, as written. */
  readonly sql: string
  readonly options: BackfillOptions
  readonly store: BackfillStore
  /** The dialect's: limits the statement to keys after `$1` up to and with `$2`. */
  readonly boundByKey: (sql: string, options: { readonly table: string; readonly key: string }) => Promise<string>
  readonly clock: Clock
  /** Runs a statement so that an interruption cancels it on the server. */
  readonly guard: <T>(work: () => Promise<T>) => Promise<T>
  /** Further settings of each batch's transaction: `name = value`. */
  readonly settings?: readonly string[] | undefined
  /** How long one batch may take, in milliseconds; 0: no limit. */
  readonly statementTimeoutMs: number
  /** Whether a failed batch may be tried again as it is: others were in its way, or it in theirs. */
  readonly isLockFailure: (error: unknown) => boolean
  /** Sleeps, and throws when interrupted. */
  readonly sleep: (ms: number) => Promise<void>
  /** Waits as long as no batch may begin; throws where that lasts too long. */
  readonly beforeBatch?: (() => Promise<void>) | undefined
  readonly onProgress: (progress: BackfillProgressReport) => void
  readonly policy?: Partial<ChunkPolicy> | undefined
}

/** A row lock that a user's transaction holds is waited for this long; longer would make others wait for the batch. */
const lockTimeoutMs = 200
/** Pauses after a batch without its locks, doubling from the first: about 20 s in all, then a person should look. */
const lockPausesMs = [100, 200, 400, 800, 1600, 3200, 6400, 6400]

/**
 * Applies a data change batch by batch, along the key. Each batch is one transaction with the cursor's step, so a
 * batch is done and written down, or neither, and a row is changed once however often the process dies. Rows beyond
 * the largest key at the beginning are swept once at the end.
 *
 * @throws ToolkitError `backfill-invalid`, `backfill-halfway`, `interrupted`, `terminated`
 */
export async function backfill(input: BackfillInput): Promise<BackfillCursor> {
  const found = await findTableKey(input.connection, input.options)
  const bounded = await input.boundByKey(input.sql, { table: input.options.table, key: input.options.key })
  const walk: Walk = { ...input, found, bounded, policy: { ...defaultChunkPolicy, ...input.policy } }
  const stored = await input.store.load()
  const begun = stored ?? (await begin(walk))
  const atBound = await walkTo(walk, begun, begun.upperBound)
  // What was inserted meanwhile: by the new version as it should be, by the old one not. One sweep, or it never ends.
  return walkTo(walk, atBound, await largestKey(input.connection, found))
}

interface Walk extends Omit<BackfillInput, 'policy'> {
  readonly found: TableKey
  readonly bounded: string
  readonly policy: ChunkPolicy
}

async function begin({ connection, found, store }: Walk): Promise<BackfillCursor> {
  const upperBound = await largestKey(connection, found)
  const rowsEstimated = upperBound === null ? 0 : await estimateRows(connection, found)
  const cursor = { cursor: null, upperBound, rowsDone: 0, rowsChanged: 0, rowsEstimated }
  await store.begin(cursor)
  return cursor
}

async function walkTo(walk: Walk, start: BackfillCursor, bound: string | null): Promise<BackfillCursor> {
  if (bound === null) return start
  const { clock } = walk
  let at = start
  let size = firstChunk(walk.options.batch, walk.policy)
  let pace: Pace | undefined
  let refusals = 0
  for (;;) {
    const lookedAt = clock.now()
    const range = await nextRange(walk.connection, walk.found, { cursor: at.cursor, bound, size })
    if (range === undefined) return at
    const lookedMs = clock.now() - lookedAt
    await walk.beforeBatch?.()
    const begunAt = clock.now()
    const moved = await batch(walk, at, range)
    // What it waited for others says nothing about its size.
    const durationMs = lookedMs + clock.now() - begunAt
    if (moved === undefined) {
      await afterRefusal(walk, at, refusals)
      refusals += 1
      size = nextChunk(size, { rows: range.keys, durationMs, outcome: 'no-lock' }, walk.policy)
      continue
    }
    refusals = 0
    at = moved
    pace = nextPace(pace, range.keys, durationMs)
    walk.onProgress({
      ...at,
      rowsPerSecond: Math.round(pace.rowsPerSecond),
      etaMs: timeLeftMs(pace, at.rowsEstimated - at.rowsDone),
    })
    // The last batch of a walk is small because the rows end, which says nothing about the pace.
    if (range.keys >= size) size = nextChunk(size, { rows: range.keys, durationMs, outcome: 'done' }, walk.policy)
  }
}

/** One transaction: the bounded statement and the cursor's step. Undefined when it did not get its locks. */
async function batch(walk: Walk, at: BackfillCursor, range: Range): Promise<BackfillCursor | undefined> {
  const { connection } = walk
  // Losing the last commits in a crash of the server loses their cursor with them, so they are simply done again.
  await connection.run(
    `begin; set local lock_timeout = ${lockTimeoutMs}; set local statement_timeout = ${walk.statementTimeoutMs}; set local synchronous_commit = off${(walk.settings ?? []).map((setting) => `; set local ${setting}`).join('')}`,
  )
  try {
    const result = await walk.guard(() => connection.query(walk.bounded, [at.cursor, range.upper]))
    const next = {
      ...at,
      cursor: range.upper,
      rowsDone: at.rowsDone + range.keys,
      rowsChanged: at.rowsChanged + result.count,
    }
    if (!(await walk.store.move(at, next))) throw movedByOthers(walk.options)
    await walk.guard(() => connection.run('commit'))
    return next
  } catch (error) {
    await connection.run('rollback').catch(() => connection.run('rollback').catch(() => undefined))
    if (!(error instanceof DatabaseError)) throw error
    if (walk.isLockFailure(error)) return undefined
    throw failed(walk, at, range, error)
  }
}

async function afterRefusal(walk: Walk, at: BackfillCursor, refusals: number): Promise<void> {
  const pauseMs = lockPausesMs[refusals]
  if (pauseMs !== undefined) return walk.sleep(pauseMs)
  throw new ToolkitError({
    code: 'backfill-halfway',
    message: `The backfill of ${walk.found.table} did not get the locks of its next rows, after ${at.cursor ?? 'the beginning'}, in ${lockPausesMs.length + 1} attempts.`,
    hint: 'What is done stays done. Run the command again when long transactions on these rows have ended.',
  })
}

function movedByOthers(options: BackfillOptions): ToolkitError {
  return new ToolkitError({
    code: 'backfill-halfway',
    message: `The cursor of the backfill of ${options.table} was moved by another session; this batch was rolled back.`,
    hint: 'End the other run, then run the command again: it goes on where the cursor is.',
  })
}

function failed(walk: Walk, at: BackfillCursor, range: Range, error: DatabaseError): ToolkitError {
  const { table, key } = walk.found
  return new ToolkitError({
    code: 'backfill-halfway',
    message: `The backfill of ${table} stopped: ${error.message}${error.sqlState === undefined ? '' : ` (SQLSTATE ${error.sqlState})`}`,
    details: [
      `Rows: ${at.cursor === null ? '' : `${key} > ${at.cursor} and `}${key} <= ${range.upper}`,
      ...(error.detail === undefined ? [] : [`Detail: ${error.detail}`]),
    ].join('\n'),
    hint: `The batches before are kept. ${adviceFor(error.sqlState) ?? 'Remove the cause and run the command again.'} It goes on with these rows.`,
    cause: error,
  })
}
