import { type BackfillCursor, type BackfillStore, backfill } from '../backfill/backfill.ts'
import type { ChunkPolicy } from '../backfill/chunk.ts'
import { ToolkitError } from '../core/errors.ts'
import { positionAt } from '../core/span.ts'
import { sqlStateOf } from '../db/database-error.ts'
import type { BackfillOptions } from '../model/migration.ts'
import type { RunContext } from './context.ts'
import { wait } from './interruption.ts'
import { recordSteps } from './journal/write.ts'
import { isLockFailure } from './lock-retry.ts'
import { inTransaction, leasedSettings } from './transaction.ts'
import type { RunMigration } from './run-migration.ts'
import { overAnySession } from './rescue.ts'
import type { SectionWork, Took } from './section.ts'
import { HeldOthersUp } from './watch/cancelled.ts'
import { watched } from './watch/watch.ts'

/** The dialect's function that limits a statement to a range of keys. */
export type BoundByKey = (sql: string, options: { readonly table: string; readonly key: string }) => Promise<string>

/**
 * Runs a backfill to its end and then records its migration as applied.
 *
 * @throws ToolkitError `backfill-invalid`, `backfill-halfway`, `interrupted`, `terminated`
 */
export async function performBackfill(
  context: RunContext,
  migration: RunMigration,
  work: SectionWork,
  by: {
    readonly boundByKey: BoundByKey
    readonly policy?: Partial<ChunkPolicy> | undefined
    /** Waits as long as no batch may begin. */
    readonly beforeBatch: (() => Promise<void>) | undefined
  },
): Promise<Took> {
  const begunAt = context.clock.now()
  const { connection, journal } = context
  const { options, sql } = statementOf(migration)
  try {
    await backfill({
      connection,
      sql,
      options,
      store: journalStore(context, migration.id),
      boundByKey: by.boundByKey,
      policy: by.policy,
      clock: context.clock,
      guard: (run) => watched(context, { migration: migration.id, kind: 'batch' }, run),
      statementTimeoutMs: context.limits.batch,
      settings: context.lease === undefined ? undefined : leasedSettings,
      isLockFailure: (error) => isLockFailure(error) || error instanceof HeldOthersUp,
      sleep: (ms) => wait(context, ms),
      beforeBatch: by.beforeBatch,
      onProgress: (progress) => context.emit({ kind: 'backfill-progress', migration: migration.id, progress }),
    })
  } catch (error) {
    await recordStop(context, migration, error)
    throw error instanceof ToolkitError ? placed(error, migration) : error
  }
  const took = { attempts: 1, lockWaitMs: 0, durationMs: context.clock.now() - begunAt }
  await inTransaction(context, { lockTimeoutMs: 0 }, work, async () => {
    await journal.tables.updateTable('backfill').set({ status: 'done' }).where('migration', '=', migration.id).execute()
    await connection.series(work.record(took))
  })
  return took
}

function statementOf(migration: RunMigration): { readonly options: BackfillOptions; readonly sql: string } {
  const [statement, ...more] = migration.upSql.statements
  if (migration.backfill !== undefined && statement !== undefined && more.length === 0)
    return { options: migration.backfill, sql: statement.sql }
  throw new ToolkitError({
    code: 'backfill-invalid',
    message: `The backfill ${migration.id} holds ${1 + more.length} statements.`,
    at: { path: migration.source.path, ...positionAt(migration.source.text, more[0]?.span.start ?? 0) },
    hint: 'Write one UPDATE, DELETE or INSERT … SELECT, and everything else in another migration.',
  })
}

/** The cursor in the journal's own table: in the same database, so in the same transaction. */
function journalStore({ journal: { tables }, connection, lease }: RunContext, migration: string): BackfillStore {
  return {
    async load() {
      const row = await tables.selectFrom('backfill').selectAll().where('migration', '=', migration).executeTakeFirst()
      if (row === undefined) return undefined
      return {
        cursor: row.cursor,
        upperBound: row.upper_bound,
        rowsDone: Number(row.rows_done),
        rowsChanged: Number(row.rows_changed),
        rowsEstimated: Number(row.rows_estimated),
      }
    },
    async begin(cursor) {
      await tables
        .insertInto('backfill')
        .values({ migration, status: 'running', ...columnsOf(cursor) })
        .execute()
    },
    async move(from, to) {
      const result = await tables
        .updateTable('backfill')
        .set({ ...columnsOf(to), updated_at: new Date() })
        .where('migration', '=', migration)
        .where('cursor', 'is not distinct from', from.cursor)
        .executeTakeFirst()
      await lease?.check(connection)
      return result.numUpdatedRows === 1n
    },
  }
}

function columnsOf(cursor: BackfillCursor): {
  cursor: string | null
  upper_bound: string | null
  rows_done: number
  rows_changed: number
  rows_estimated: number
} {
  return {
    cursor: cursor.cursor,
    upper_bound: cursor.upperBound,
    rows_done: cursor.rowsDone,
    rows_changed: cursor.rowsChanged,
    rows_estimated: cursor.rowsEstimated,
  }
}

async function recordStop(context: RunContext, migration: RunMigration, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error)
  const step = {
    migration: migration.id,
    direction: 'up',
    event: 'rolled-back',
    error: message,
    sqlState: sqlStateOf(error),
  } as const
  await overAnySession(context, (journal) => recordSteps(journal, context.run, [step]))
}

/** An error about a backfill points at its directive, unless it knows better. */
function placed(error: ToolkitError, migration: RunMigration): ToolkitError {
  if (error.at !== undefined || migration.backfill === undefined || !error.code.startsWith('backfill-')) return error
  return new ToolkitError({
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.details === undefined ? {} : { details: error.details }),
    at: { path: migration.source.path, ...positionAt(migration.source.text, migration.backfill.span.start) },
    cause: error.cause,
  })
}
