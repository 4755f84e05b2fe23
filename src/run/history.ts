import type { AppliedMigration, JournalState } from '../model/journal.ts'
import type { PlannedMigration, RunPlan } from './decide.ts'

/** Why nothing may run: the files and the journal do not tell one story. */
export interface HistoryProblem {
  readonly kind:
    | 'edited'
    | 'deleted'
    | 'late'
    | 'half-reverted'
    | 'half-applied-deleted'
    | 'requires-unknown'
    | 'to-unknown'
  readonly migration: string
  /** Another migration that it is about: the newest applied one where it is not that itself, or the one that is required. */
  readonly other?: string | undefined
}

/** Everything that is wrong with the history, in the order of the ids; empty when a run may begin. */
export function historyProblems(plan: RunPlan, journal: JournalState): readonly HistoryProblem[] {
  const files = new Map(plan.migrations.map((migration) => [migration.id, migration]))
  return [
    ...journal.applied.flatMap((applied) => fileProblem(applied, files.get(applied.id), journal.applied.at(-1)?.id)),
    ...halfDone(journal, files),
    ...(plan.late === 'refuse' ? lateProblems(plan, journal) : []),
    ...unknownIds(plan, files),
  ]
}

/** Applied migrations whose file has other bytes and the same meaning: worth a word, no reason to stop. */
export function reformatted(plan: RunPlan, journal: JournalState): readonly string[] {
  const files = new Map(plan.migrations.map((migration) => [migration.id, migration]))
  return journal.applied
    .filter(({ id, sha256, meaning }) => files.get(id)?.sha256 !== sha256 && files.get(id)?.meaning === meaning)
    .map(({ id }) => id)
}

function fileProblem(
  applied: AppliedMigration,
  file: PlannedMigration | undefined,
  newest: string | undefined,
): readonly HistoryProblem[] {
  if (file === undefined)
    return [{ kind: 'deleted', migration: applied.id, ...(newest === applied.id ? {} : { other: newest }) }]
  const same = file.sha256 === applied.sha256 || file.meaning === applied.meaning
  return same ? [] : [{ kind: 'edited', migration: applied.id }]
}

function halfDone(journal: JournalState, files: ReadonlyMap<string, unknown>): readonly HistoryProblem[] {
  return journal.unfinished.flatMap(({ migration, direction }): readonly HistoryProblem[] => {
    if (direction === 'down') return [{ kind: 'half-reverted', migration }]
    return files.has(migration) ? [] : [{ kind: 'half-applied-deleted', migration }]
  })
}

/**
 * Applied migrations are a set. One that stands before an applied one, and that no run held back on purpose, came
 * with a merge: it was tested in another order than it would now run in.
 */
function lateProblems({ migrations }: RunPlan, journal: JournalState): readonly HistoryProblem[] {
  const applied = new Set(journal.applied.map(({ id }) => id))
  const expected = new Set([...applied, ...journal.deferred, ...journal.unfinished.map(({ migration }) => migration)])
  const newest = migrations.findLastIndex(({ id }) => applied.has(id))
  const newestId = migrations[newest]?.id
  return migrations
    .slice(0, Math.max(newest, 0))
    .filter(({ id }) => !expected.has(id))
    .map(({ id }) => ({ kind: 'late', migration: id, ...(newestId === undefined ? {} : { other: newestId }) }))
}

function unknownIds(plan: RunPlan, files: ReadonlyMap<string, unknown>): readonly HistoryProblem[] {
  const required = plan.migrations.flatMap(({ id, requires }): readonly HistoryProblem[] =>
    requires.filter((other) => !files.has(other)).map((other) => ({ kind: 'requires-unknown', migration: id, other })),
  )
  const { to } = plan
  return to === undefined || files.has(to) ? required : [...required, { kind: 'to-unknown', migration: to }]
}
