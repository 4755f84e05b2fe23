import type { JournalState } from '../model/journal.ts'
import { inOneTransaction } from '../model/statement.ts'
import { type BoundByKey, performBackfill } from './backfill-step.ts'
import type { ChunkPolicy } from '../backfill/chunk.ts'
import type { RunContext } from './context.ts'
import { recordApplied } from './journal/write.ts'
import { performOneByOne } from './perform-alone.ts'
import { performInTransaction } from './perform.ts'
import type { RunMigration } from './run-migration.ts'
import type { SectionWork, Took } from './section.ts'

export interface WorkOptions {
  readonly boundByKey: BoundByKey
  readonly backfill?: Partial<ChunkPolicy> | undefined
  /** Waits as long as no batch of a backfill may begin. */
  readonly beforeBatch?: (() => Promise<void>) | undefined
  /** Something is asked when it is applied; written down with it, so that no crash can skip the question. */
  readonly checksDue: (migration: RunMigration) => boolean
  /** What is applied after it in the same way, if all is well: nothing is asked in between. */
  readonly next: () => RunMigration | undefined
}

/** Applies one migration, whatever its kind, and writes it down. */
export async function applyMigration(
  context: RunContext,
  migration: RunMigration,
  journal: JournalState,
  by: WorkOptions,
): Promise<Took> {
  const { id, name, phase } = migration
  const unfinished = journal.unfinished.find((step) => step.migration === id)
  const begun = journal.backfills.some((progress) => progress.migration === id)
  context.emit({
    kind: 'migration-started',
    migration: id,
    name,
    direction: 'up',
    phase,
    resumed: begun || unfinished !== undefined,
  })
  const took = await perform(context, migration, unfinished, by)
  context.emit({ kind: 'migration-applied', migration: id, name, durationMs: took.durationMs })
  return took
}

/** The upgrade of a migration. */
function upgradeOf(context: RunContext, migration: RunMigration, checksDue: boolean): SectionWork {
  const { journal, run, lease } = context
  const { id, name, source, upSql } = migration
  return {
    migration: id,
    name,
    direction: 'up',
    source,
    statements: upSql.statements,
    record: (took) => [recordApplied(journal, run, migration, { ...took, checksDue, leased: lease !== undefined })],
  }
}

function perform(
  context: RunContext,
  migration: RunMigration,
  unfinished: JournalState['unfinished'][number] | undefined,
  by: WorkOptions,
): Promise<Took> {
  const checksDue = by.checksDue(migration)
  const work = upgradeOf(context, migration, checksDue)
  if (migration.backfill !== undefined)
    return performBackfill(context, migration, work, {
      boundByKey: by.boundByKey,
      policy: by.backfill,
      beforeBatch: by.beforeBatch,
    })
  if (unfinished !== undefined || !isOneTransaction(migration)) return performOneByOne(context, work, unfinished)
  return performInTransaction(context, work, () => {
    const next = checksDue ? undefined : by.next()
    return next && isOneTransaction(next) ? upgradeOf(context, next, by.checksDue(next)) : undefined
  })
}

/** Whether it runs in one transaction, where none of it was done before. */
function isOneTransaction({ up, upSql }: RunMigration): boolean {
  return inOneTransaction(up, upSql)
}

/** The journal after a migration was applied, as reading it again would give it; `at` stands for the server's clock. */
export function afterApplied(journal: JournalState, migration: RunMigration, at: Date): JournalState {
  const { id, name, source, meaning, phase, change, down } = migration
  return {
    ...journal,
    applied: [
      ...journal.applied,
      {
        id,
        name,
        sha256: source.sha256,
        meaning,
        phase,
        change: change ?? null,
        down: down.kind === 'sql' ? down.section.sql : null,
        downTransaction: down.kind === 'sql' ? down.section.transaction : true,
        appliedAt: at,
      },
    ],
    unfinished: journal.unfinished.filter((step) => step.migration !== id),
    backfills: journal.backfills.map((one) => (one.migration === id ? { ...one, status: 'done' } : one)),
  }
}
