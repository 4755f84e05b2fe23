import type { JournalState } from '../model/journal.ts'
import type { GateUse, Migration, Phase } from '../model/migration.ts'
import type { AskedVerdict } from '../model/verdict.ts'
import { type HistoryProblem, historyProblems } from './history.ts'
import { type Touches, interfere } from './touches.ts'

/** What `decide` must know of a migration. */
export interface PlannedMigration extends Pick<
  Migration,
  'id' | 'name' | 'change' | 'requires' | 'gates' | 'backfill'
> {
  readonly phase: Phase
  readonly sha256: string
  readonly meaning: string
  readonly touches: Touches
}

/** What is asked for. */
export interface RunPlan {
  /** All migrations on disk, in their order. */
  readonly migrations: readonly PlannedMigration[]
  /** How many more may be applied; undefined: no limit. */
  readonly steps?: number | undefined
  /** The last id that is wanted. */
  readonly to?: string | undefined
  /** Phases that are wanted; undefined: all. */
  readonly phases?: ReadonlySet<Phase> | undefined
  /** What to do with a migration that appears before ones that are applied. */
  readonly late: 'refuse' | 'apply'
}

/** A gate's answer, for the migration that waits. */
export interface MigrationVerdict extends AskedVerdict {
  readonly migration: string
}

/** A migration that is not applied, and why not. */
export type Held = { readonly migration: string } & (
  | { readonly reason: 'gate'; readonly verdicts: readonly AskedVerdict[] }
  | { readonly reason: 'dependency'; readonly on: string; readonly because: 'requires' | 'change' | 'tables' }
  | { readonly reason: 'phase'; readonly phase: Phase }
  | { readonly reason: 'limit' }
)

/** What to do next. */
export type Decision = { readonly kind: 'refuse'; readonly problems: readonly HistoryProblem[] } | Action

export type Action =
  | { readonly kind: 'ask'; readonly migration: string; readonly gate: GateUse }
  /** Write down that these are held back on purpose, before something later is applied. */
  | { readonly kind: 'defer'; readonly migrations: readonly string[] }
  | { readonly kind: 'apply' | 'resume' | 'backfill'; readonly migration: string }
  | { readonly kind: 'done'; readonly held: readonly Held[] }

/**
 * What to do next, from what is written down and nothing else: so the answer after a crash is the answer before it.
 * Every answer but `refuse` and `done` is one action; after it the journal or the verdicts say more, and it is asked again.
 */
export function decide(plan: RunPlan, journal: JournalState, verdicts: readonly MigrationVerdict[]): Decision {
  const problems = historyProblems(plan, journal)
  return problems.length > 0 ? { kind: 'refuse', problems } : nextAction(plan, progressOf(journal), verdicts)
}

/** What of a journal changes while a run gets on. */
export interface RunProgress extends Pick<JournalState, 'unfinished' | 'deferred'> {
  readonly applied: Pick<ReadonlySet<string>, 'has'>
}

export function progressOf({
  applied,
  unfinished,
  deferred,
}: JournalState): RunProgress & { readonly applied: Set<string> } {
  return { applied: new Set(applied.map(({ id }) => id)), unfinished, deferred }
}

/**
 * The same where the history is known to be in order: looked at once, it stays so, because no action of a run puts it
 * out of order.
 */
export function nextAction(plan: RunPlan, journal: RunProgress, verdicts: readonly MigrationVerdict[]): Action {
  const held: Held[] = []
  const heldMigrations: PlannedMigration[] = []
  const { applied } = journal
  for (const migration of plan.migrations) {
    if (applied.has(migration.id)) continue
    const answer = consider(migration, { plan, applied, verdicts, heldMigrations })
    if (answer === 'ready') return perform(migration, journal, heldMigrations)
    if (answer.kind === 'ask') return answer
    held.push(answer.held)
    heldMigrations.push(migration)
  }
  return { kind: 'done', held }
}

interface Situation {
  readonly plan: RunPlan
  readonly applied: RunProgress['applied']
  readonly verdicts: readonly MigrationVerdict[]
  /** Earlier migrations that stay behind. */
  readonly heldMigrations: readonly PlannedMigration[]
}

type Consideration = 'ready' | Extract<Decision, { kind: 'ask' }> | { readonly kind: 'held'; readonly held: Held }

function consider(migration: PlannedMigration, situation: Situation): Consideration {
  const { plan, applied, verdicts, heldMigrations } = situation
  const held = (why: DistributiveOmit<Held, 'migration'>): Consideration => ({
    kind: 'held',
    held: { migration: migration.id, ...why },
  })
  if (plan.steps === 0 || beyond(migration, plan)) return held({ reason: 'limit' })
  if (plan.phases?.has(migration.phase) === false) return held({ reason: 'phase', phase: migration.phase })
  const missing = migration.requires.find((id) => !applied.has(id))
  if (missing !== undefined) return held({ reason: 'dependency', on: missing, because: 'requires' })
  for (const earlier of heldMigrations) {
    const because = dependsOn(migration, earlier)
    if (because !== undefined) return held({ reason: 'dependency', on: earlier.id, because })
  }
  const answers = migration.gates.map((gate) => ({ gate, answer: verdictFor(migration, gate, verdicts) }))
  const unasked = answers.find(({ answer }) => answer === undefined)
  if (unasked !== undefined) return { kind: 'ask', migration: migration.id, gate: unasked.gate }
  const shut = answers.flatMap(({ answer }) =>
    answer === undefined || answer.verdict.status === 'open' ? [] : [answer],
  )
  return shut.length > 0 ? held({ reason: 'gate', verdicts: shut }) : 'ready'
}

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never

/** The last id wanted is where it stands on disk, whatever ids compare like. */
function beyond(migration: PlannedMigration, { migrations, to }: RunPlan): boolean {
  if (to === undefined) return false
  return migrations.findIndex(({ id }) => id === migration.id) > migrations.findIndex(({ id }) => id === to)
}

function dependsOn(
  migration: PlannedMigration,
  earlier: PlannedMigration,
): 'requires' | 'change' | 'tables' | undefined {
  if (migration.requires.includes(earlier.id)) return 'requires'
  if (migration.change !== undefined && migration.change === earlier.change) return 'change'
  return interfere(migration.touches, earlier.touches) ? 'tables' : undefined
}

function verdictFor(
  migration: PlannedMigration,
  use: GateUse,
  verdicts: readonly MigrationVerdict[],
): MigrationVerdict | undefined {
  return verdicts.findLast(
    (asked) => asked.migration === migration.id && asked.gate === use.gate && sameOptions(asked.options, use.options),
  )
}

function sameOptions(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

function perform(
  migration: PlannedMigration,
  journal: RunProgress,
  heldMigrations: readonly PlannedMigration[],
): Action {
  const unwritten = heldMigrations.map(({ id }) => id).filter((id) => !journal.deferred.includes(id))
  if (unwritten.length > 0) return { kind: 'defer', migrations: unwritten }
  if (migration.backfill !== undefined) return { kind: 'backfill', migration: migration.id }
  const unfinished = journal.unfinished.some((step) => step.migration === migration.id && step.direction === 'up')
  return { kind: unfinished ? 'resume' : 'apply', migration: migration.id }
}
