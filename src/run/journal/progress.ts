import type { JournalState, UnfinishedStep } from '../../model/journal.ts'
import type { Journal } from '../journal.ts'
import type { StepEvent } from './tables.ts'

interface StepRow {
  readonly migration: string
  readonly direction: 'up' | 'down'
  readonly statement: number | null
  readonly event: StepEvent
  readonly sql: string | null
  readonly sql_state: string | null
}

/** What is half done, what was held back on purpose, and what was not checked yet. */
export async function readProgress(
  journal: Journal,
): Promise<Pick<JournalState, 'unfinished' | 'deferred' | 'unchecked'>> {
  const rows: readonly StepRow[] = await journal.tables
    .selectFrom('step as s')
    .select(['s.migration', 's.direction', 's.statement', 's.event', 's.sql', 's.sql_state'])
    .where((where) =>
      where.or([
        where('s.event', '=', 'deferred'),
        where.and([
          where.or([
            where.and([
              where('s.statement', 'is not', null),
              where('s.event', 'in', ['intent', 'done', 'failed', 'rolled-back']),
            ]),
            where('s.event', 'in', ['check-due', 'checked']),
          ]),
          // What came after the migration was last done, reverted or mended as a whole belongs to a section still under way.
          where.not(
            where.exists(
              where
                .selectFrom('step as whole')
                .select('whole.id')
                .whereRef('whole.migration', '=', 's.migration')
                .whereRef('whole.id', '>', 's.id')
                .where('whole.statement', 'is', null)
                .where('whole.event', 'in', ['done', 'baselined', 'imported', 'forgotten']),
            ),
          ),
        ]),
      ]),
    )
    .orderBy('s.id')
    .execute()
  const deferred = new Set(rows.filter((row) => row.event === 'deferred').map((row) => row.migration))
  return { unfinished: unfinishedOf(rows), deferred: [...deferred], unchecked: uncheckedOf(rows) }
}

/** A question is written down with the migration; its last row says whether it was answered with yes. */
function uncheckedOf(rows: readonly StepRow[]): readonly string[] {
  const last = new Map<string, StepEvent>()
  for (const { migration, event } of rows) if (event === 'check-due' || event === 'checked') last.set(migration, event)
  return [...last].filter(([, event]) => event === 'check-due').map(([migration]) => migration)
}

/** Folds the rows of each section, oldest first, into the statement that was begun last. */
function unfinishedOf(rows: readonly StepRow[]): readonly UnfinishedStep[] {
  const sections = new Map<string, UnfinishedStep>()
  for (const row of rows) {
    if (row.statement === null || row.event === 'deferred') continue
    const before = sections.get(row.migration)
    const done = before?.done ?? []
    if (row.event === 'rolled-back') {
      // Nothing of the statement is left, so the section stands where it stood after the one before.
      if (before === undefined || done.length === 0) sections.delete(row.migration)
      else sections.set(row.migration, { ...before, statement: done.length - 1, sql: done.at(-1) ?? '', state: 'done' })
      continue
    }
    sections.set(row.migration, {
      migration: row.migration,
      direction: row.direction,
      statement: row.statement,
      sql: row.sql ?? '',
      state: row.event === 'intent' ? 'began' : row.event === 'done' ? 'done' : 'failed',
      sqlState: row.sql_state,
      done: row.event === 'done' ? [...done, row.sql ?? ''] : done,
    })
  }
  return [...sections.values()]
}
