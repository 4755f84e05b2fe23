import { ToolkitError } from '../core/errors.ts'
import { plural, rowsOfAbout } from '../core/text.ts'
import type { JournalState, UnfinishedStep } from '../model/journal.ts'
import type { StepRecord } from './journal/write.ts'
import type { RunMigration } from './run-migration.ts'

/** What a repair does to what the journal says of one migration. The database itself is never touched. */
export const repairActions = ['accept-edit', 'forget', 'applied', 'done', 'undone', 'restart-backfill'] as const
export type RepairAction = (typeof repairActions)[number]

/** What the journal says of one migration. */
export interface MigrationState {
  readonly applied: { readonly sha256: string; readonly meaning: string } | null
  readonly halfWay:
    | (Pick<UnfinishedStep, 'direction' | 'statement' | 'state' | 'sql'> & { readonly done: readonly string[] })
    | null
  /** The rows that its backfill has passed, of about how many. */
  readonly backfill: { readonly rowsDone: number; readonly rowsEstimated: number } | null
}

export interface RepairPlan {
  readonly migration: string
  readonly action: RepairAction
  readonly before: MigrationState
  readonly after: MigrationState
  /** What becomes of its row among those that are applied. */
  readonly row: 'keep' | 'remove' | { readonly write: RunMigration }
  /** Applied migrations that are put behind its row, in their order: what is reverted before it. */
  readonly behind: readonly string[]
  readonly cursor: 'keep' | 'remove'
  readonly steps: readonly StepRecord[]
}

/** What a repair is planned from. `file` undefined: the migration has none. */
export interface RepairSubject {
  readonly id: string
  readonly file: RunMigration | undefined
  /** The ids on disk, in their order. */
  readonly order: readonly string[]
  readonly journal: JournalState
}

/**
 * What a repair would change. Pure.
 *
 * @throws ToolkitError `repair-refused` where there is nothing of the kind to mend, `migration-unknown`
 */
export function planRepair(action: RepairAction, subject: RepairSubject): RepairPlan {
  const before = stateOf(subject)
  const plan = plans[action](subject, before)
  return { migration: subject.id, action, before, row: 'keep', behind: [], cursor: 'keep', steps: [], ...plan }
}

type Planned = Pick<RepairPlan, 'after'> & Partial<Pick<RepairPlan, 'row' | 'behind' | 'cursor' | 'steps'>>

const plans: Readonly<Record<RepairAction, (subject: RepairSubject, before: MigrationState) => Planned>> = {
  'accept-edit': acceptEdit,
  forget,
  applied: markApplied,
  done: (subject, before) => markStatement(subject, before, 'done'),
  undone: (subject, before) => markStatement(subject, before, 'undone'),
  'restart-backfill': restartBackfill,
}

function stateOf({ id, file, journal }: RepairSubject): MigrationState {
  const applied = journal.applied.find((one) => one.id === id)
  const half = journal.unfinished.find((one) => one.migration === id)
  const backfill = journal.backfills.find((one) => one.migration === id && one.status === 'running')
  if (file === undefined && applied === undefined && half === undefined && backfill === undefined) {
    throw new ToolkitError({
      code: 'migration-unknown',
      message: `There is no migration ${id}, neither in the directory nor in the journal.`,
      hint: 'List them with: migrate status',
    })
  }
  return {
    applied: applied === undefined ? null : { sha256: applied.sha256, meaning: applied.meaning },
    halfWay:
      half === undefined
        ? null
        : { direction: half.direction, statement: half.statement, state: half.state, sql: half.sql, done: half.done },
    backfill: backfill === undefined ? null : { rowsDone: backfill.rowsDone, rowsEstimated: backfill.rowsEstimated },
  }
}

function acceptEdit({ id, file }: RepairSubject, before: MigrationState): Planned {
  if (file === undefined) throw refused(`${id} has no file to take.`, `To give it up: migrate repair ${id} --forget`)
  const { applied, halfWay } = before
  if (halfWay !== null) return acceptDone(file, before, halfWay)
  if (applied === null) throw refused(`${id} is not applied, so its file may be edited.`, 'Apply it with: migrate up')
  const now = hashesOf(file)
  if (now.sha256 === applied.sha256 && now.meaning === applied.meaning)
    throw refused(`The file of ${id} is what was applied.`, 'There is nothing to accept.')
  return { after: { ...before, applied: now }, row: { write: file } }
}

/** Of a section that is half done only what is done is compared with the file. */
function acceptDone(file: RunMigration, before: MigrationState, half: NonNullable<MigrationState['halfWay']>): Planned {
  const { direction } = half
  const statements = (direction === 'up' ? file.upSql : file.downSql).statements.map(({ sql }) => sql)
  const done = statements.slice(0, half.done.length)
  const last = done.at(-1)
  if (last === undefined || done.length < half.done.length || done.every((sql, index) => sql === half.done[index]))
    throw refused(
      `What is done of ${file.id} is as its file says, or the file is shorter than what is done.`,
      'Run the command again: it goes on where it stopped.',
    )
  const steps = done.map((sql, statement): StepRecord => ({
    migration: file.id,
    direction,
    statement,
    event: 'done',
    sql,
  }))
  return {
    after: { ...before, halfWay: { ...half, statement: done.length - 1, sql: last, state: 'done', done } },
    steps: [{ migration: file.id, direction, event: 'forgotten' }, ...steps],
  }
}

function forget({ id }: RepairSubject, before: MigrationState): Planned {
  if (before.applied === null && before.halfWay === null && before.backfill === null)
    throw refused(`The journal knows nothing of ${id}.`, 'There is nothing to forget.')
  return {
    after: { applied: null, halfWay: null, backfill: null },
    row: 'remove',
    cursor: 'remove',
    steps: [{ migration: id, direction: before.halfWay?.direction ?? 'up', event: 'forgotten' }],
  }
}

function markApplied(subject: RepairSubject, before: MigrationState): Planned {
  const { id, file } = subject
  if (file === undefined)
    throw refused(`${id} has no file.`, 'Restore the file first: its text is what is written down.')
  if (before.halfWay?.direction === 'down')
    throw refused(`The downgrade of ${id} is half done.`, `End it with: migrate down, or see: migrate repair --help`)
  if (before.applied !== null) throw refused(`${id} is applied already.`, 'There is nothing to write down.')
  return {
    after: { applied: hashesOf(file), halfWay: null, backfill: null },
    row: { write: file },
    behind: behindIt(file, subject),
    cursor: 'remove',
    steps: [{ migration: id, direction: 'up', event: 'baselined' }],
  }
}

/**
 * Nobody knows when it was applied, so its place among those that are is that of its file: before all that may stand on
 * it, and behind what it requires.
 */
function behindIt({ id, requires }: RunMigration, { order, journal }: RepairSubject): readonly string[] {
  const applied = journal.applied.map((one) => one.id)
  const next = applied.findIndex((other) => order.indexOf(other) > order.indexOf(id))
  const required = applied.findLastIndex((other) => requires.includes(other))
  return next === -1 ? [] : applied.slice(Math.max(next, required + 1))
}

/** The statement that was begun last, and of which nobody wrote down how it ended well. */
function markStatement({ id }: RepairSubject, before: MigrationState, outcome: 'done' | 'undone'): Planned {
  const { halfWay } = before
  if (halfWay === null || halfWay.state === 'done') {
    const where = halfWay === null ? 'is not half-way' : `goes on at statement ${halfWay.done.length + 1}`
    throw refused(
      `${id} ${where}: there is no statement of which the outcome is unknown.`,
      'See where everything stands with: migrate status',
    )
  }
  const { direction, statement, sql, done } = halfWay
  const step = { migration: id, direction, statement, sql }
  if (outcome === 'done') {
    const after = { ...before, halfWay: { ...halfWay, state: 'done', done: [...done, sql] } } as const
    return { after, steps: [{ ...step, event: 'done' }] }
  }
  const last = done.at(-1)
  const left =
    last === undefined ? null : ({ ...halfWay, statement: done.length - 1, sql: last, state: 'done' } as const)
  return { after: { ...before, halfWay: left }, steps: [{ ...step, event: 'rolled-back' }] }
}

function restartBackfill({ id }: RepairSubject, before: MigrationState): Planned {
  if (before.backfill === null)
    throw refused(`${id} is no backfill that is under way.`, 'There is nothing to begin anew.')
  return { after: { ...before, backfill: null }, cursor: 'remove' }
}

function hashesOf({ source, meaning }: RunMigration): NonNullable<MigrationState['applied']> {
  return { sha256: source.sha256, meaning }
}

function refused(message: string, hint: string): ToolkitError {
  return new ToolkitError({ code: 'repair-refused', message: `${message} Nothing was changed.`, hint })
}

/** Characters of a hash that people compare. */
const shownHash = 12

/** What the journal says of a migration, in words. */
export function stateText({ applied, halfWay, backfill }: MigrationState): string {
  const parts = [
    ...(applied === null ? [] : [`applied, with a file of hash ${applied.sha256.slice(0, shownHash)}`]),
    ...(halfWay === null ? [] : [halfWayText(halfWay)]),
    ...(backfill === null ? [] : [`backfill after ${rowsOfAbout(backfill.rowsDone, backfill.rowsEstimated)}`]),
  ]
  return parts.length === 0 ? 'not applied' : parts.join('; ')
}

function halfWayText({ direction, statement, state, done }: NonNullable<MigrationState['halfWay']>): string {
  const section = direction === 'up' ? 'the upgrade' : 'the downgrade'
  if (state === 'done') return `half-way: ${plural(done.length, 'statement')} of ${section} done`
  const ended = state === 'failed' ? 'failed outside a transaction' : 'began, and how it ended is unknown'
  return `half-way: statement ${statement + 1} of ${section} ${ended}`
}
