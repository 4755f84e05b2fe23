import type { ChunkPolicy } from '../backfill/chunk.ts'
import { ToolkitError } from '../core/errors.ts'
import { once } from '../core/once.ts'
import type { Gate } from '../gates/gate.ts'
import type { JournalState } from '../model/journal.ts'
import type { GateUse, Phase } from '../model/migration.ts'
import { askGate, checkGates } from './ask.ts'
import type { BoundByKey } from './backfill-step.ts'
import { batchGates } from './batch-gates.ts'
import type { RunContext } from './context.ts'
import { type AfterEach, isChecked, settle } from './after-check.ts'
import {
  type Action,
  type Held,
  type MigrationVerdict,
  type RunPlan,
  decide,
  nextAction,
  progressOf,
} from './decide.ts'
import { reformatted } from './history.ts'
import { type Journal, openJournal } from './journal.ts'
import { emptyJournal, readJournal } from './journal/read.ts'
import { upgradeJournal } from './journal/upgrade.ts'
import { recordSteps, recordVerdict } from './journal/write.ts'
import { type RunInput, type RunOptions, recordedRun } from './recorded-run.ts'
import { refusal } from './refusal.ts'
import type { RunMigration } from './run-migration.ts'
import { planFor } from './run-plan.ts'
import { type RunSessions, inRunSession } from './run-session.ts'
import { refuseUnrunnable } from './section.ts'
import { afterApplied, applyMigration } from './work.ts'

export interface UpOptions extends RunOptions {
  /** At most this many. */
  readonly steps?: number | undefined
  /** Up to and with this id. */
  readonly to?: string | undefined
  readonly phases?: readonly Phase[] | undefined
  /** What to do with migrations that appear before applied ones; refuse when absent. */
  readonly late?: 'refuse' | 'apply' | undefined
  readonly backfill?: Partial<ChunkPolicy> | undefined
  /** Asked before each batch of every backfill, beside its own. */
  readonly batchGates?: readonly GateUse[] | undefined
}

export interface UpInput extends RunInput {
  /** The whole history on disk, in order. */
  readonly migrations: readonly RunMigration[]
  readonly gates: readonly Gate[]
  readonly boundByKey: BoundByKey
  /** The dialect's: false where SQL certainly does not control the session. Without it all SQL is read before anything is run. */
  readonly mayControl?: ((sql: string) => boolean) | undefined
  /** What is asked after each migration beside its own checks, and whether it may be taken back. */
  readonly after?: AfterEach | undefined
  /**
   * Asked when the history is known to be in order and before anything is changed: under the runner's lock where there
   * is anything to do, and also where there is nothing (`begins` is false). Throws to refuse.
   */
  readonly mayBegin?: ((state: JournalState, begins: boolean) => Promise<void>) | undefined
  /** Throws to refuse, for instance because it destroys and nobody named the place. Asked of each before it begins. */
  readonly mayApply?: ((migration: RunMigration) => void) | undefined
  readonly options?: UpOptions | undefined
}

export interface AppliedReport {
  readonly id: string
  readonly name: string
  readonly phase: Phase
  /** Zero in a dry run, like the two below. */
  readonly durationMs: number
  readonly attempts: number
  readonly lockWaitMs: number
}

/** What a run did. In a dry run: what it would have done. */
export interface RunReport {
  readonly applied: readonly AppliedReport[]
  /** What is not applied, and why not; without what lies beyond the asked-for limit. */
  readonly held: readonly Held[]
  /** Ids that are not applied now, in order: what is held, and what lies beyond the limit. */
  readonly pending: readonly string[]
  /** Applied files whose comments or white space were changed since. */
  readonly reformatted: readonly string[]
  readonly dryRun: boolean
}

/**
 * Applies what is pending. What is done at each moment is what `decide` says about the journal, so an interrupted run
 * is resumed by the next one. With nothing to do it takes no lock and writes nothing.
 *
 * @throws ToolkitError what `mayBegin` throws, `read-only-server`, `transaction-pooler`, `watcher-unavailable`, `journal-newer`, `journal-unreadable`, `history-*`, `migration-unknown`,
 * `gate-unknown`, `gate-invalid`, `runner-locked`, `sql-syntax`, `transaction-control`, `migration-failed`,
 * `migration-halfway`, `lock-timeout`, `backfill-invalid`, `backfill-halfway`, `check-failed`, `check-unreverted`, `connection-lost`, `interrupted`, `terminated`
 */
export async function up(input: UpInput): Promise<RunReport> {
  const { connection, options = {} } = input
  checkGates(input.migrations, input.gates)
  const journal = await openJournal(connection, options.schema)
  const plan = planFor(input.migrations, options)
  const state = await readJournal(journal)
  const refuse = once(() => refusePending(input, state))
  if (state !== emptyJournal) refuse()
  const isDue = options.dryRun !== true && dueOf(input, state).length > 0
  const nothingToDo = !isDue && first(plan, state, input).kind === 'done'
  if (nothingToDo || options.dryRun === true) {
    refuse()
    await input.mayBegin?.(state, !nothingToDo)
    return drive(input, plan, state, dryHands(input))
  }
  return inRunSession(input, journal, (sessions) => lockedRun({ input, plan, journal, refuse }, sessions))
}

/**
 * Refuses a history that is not in order, as `up` does: for who asks other questions before it, of which that would be
 * the root.
 *
 * @throws ToolkitError `history-*`, `migration-halfway`, `migration-unknown`
 */
export function refuseDisorder(input: UpInput, state: JournalState): void {
  first(planFor(input.migrations, input.options ?? {}), state, input)
}

function refusePending({ migrations, mayControl }: UpInput, state: JournalState): void {
  const applied = new Set(state.applied.map(({ id }) => id))
  for (const migration of migrations) {
    if (applied.has(migration.id) || mayControl?.(migration.up.sql) === false) continue
    refuseUnrunnable(migration.source, migration.upSql)
  }
}

interface LockedRun {
  readonly input: UpInput
  readonly plan: RunPlan
  readonly journal: Journal
  /** Refuses what is pending and cannot be run, if that was not looked at before. */
  readonly refuse: () => void
}

async function lockedRun({ input, plan, journal, refuse }: LockedRun, sessions: RunSessions): Promise<RunReport> {
  // Another run may have been at work while this one waited for the lock.
  const state = await settleDue(input, journal, sessions, await readJournal(journal))
  const { kind } = first(plan, state, input)
  await input.mayBegin?.(state, kind !== 'done')
  if (kind === 'done') return drive(input, plan, state, dryHands(input))
  // While the server makes a first journal, which is taken back where anything is refused.
  await upgradeJournal(journal, refuse)
  refuse()
  return recordedRun(input, journal, { ...sessions, command: 'up' }, (context) =>
    drive(input, plan, state, realHands(input, context)),
  )
}

/** Migrations of an earlier run whose checks were not answered, or answered with no, and can be asked again. */
function dueOf({ migrations, after }: UpInput, { unchecked, applied }: JournalState): readonly RunMigration[] {
  const due = new Set(applied.map(({ id }) => id).filter((id) => unchecked.includes(id)))
  return migrations.filter((migration) => due.has(migration.id) && isChecked(migration, after))
}

/** Before anything else: what comes after a migration must not begin where its check is not answered with yes. */
async function settleDue(
  input: UpInput,
  journal: Journal,
  sessions: RunSessions,
  state: JournalState,
): Promise<JournalState> {
  const due = dueOf(input, state)
  if (due.length === 0) return state
  await upgradeJournal(journal)
  // No run plan speaks of what an earlier run began.
  const run = { ...input, options: { ...input.options, plan: undefined } }
  await recordedRun(run, journal, { ...sessions, command: 'up' }, async (context) => {
    for (const migration of due) await settle(context, migration, { state, after: input.after })
  })
  return readJournal(journal)
}

/** What carries decisions out: for real, or not at all in a dry run. */
interface Hands {
  readonly dry: boolean
  noteVerdict(verdict: MigrationVerdict): Promise<void>
  noteDeferred(ids: readonly string[]): Promise<void>
  /** `next`: what is applied after it, if all is well and nothing is to be done in between. */
  apply(
    migration: RunMigration,
    state: JournalState,
    next: () => RunMigration | undefined,
  ): Promise<Omit<AppliedReport, 'id' | 'name' | 'phase'>>
}

function dryHands({ onEvent, options }: UpInput): Hands {
  return {
    dry: options?.dryRun === true,
    noteVerdict: ({ migration, ...asked }) => {
      onEvent?.({ kind: 'gate-asked', migration, asked })
      return Promise.resolve()
    },
    noteDeferred: () => Promise.resolve(),
    apply: () => Promise.resolve({ durationMs: 0, attempts: 0, lockWaitMs: 0 }),
  }
}

function realHands(input: UpInput, context: RunContext): Hands {
  const { boundByKey, options, after } = input
  return {
    dry: false,
    async noteVerdict({ migration, ...asked }) {
      context.emit({ kind: 'gate-asked', migration, asked })
      await recordVerdict(context.journal, context.run, migration, asked)
    },
    async noteDeferred(ids) {
      const steps = ids.map((migration) => ({ migration, direction: 'up', event: 'deferred' }) as const)
      await recordSteps(context.journal, context.run, steps)
    },
    async apply(migration, state, next) {
      const checksDue = (one: RunMigration): boolean => isChecked(one, after)
      const beforeBatch = batchGates(context, migration, { ...input, journal: state }, options?.batchGates)
      const by = { boundByKey, backfill: options?.backfill, checksDue, beforeBatch, next }
      const took = await applyMigration(context, migration, state, by)
      if (checksDue(migration))
        await settle(context, migration, {
          state: afterApplied(state, migration, new Date(context.clock.now())),
          after,
        })
      return took
    },
  }
}

/** Decide, do, and again, until there is nothing more to do. The history was looked at before. */
async function drive(input: UpInput, plan: RunPlan, begin: JournalState, hands: Hands): Promise<RunReport> {
  const verdicts: MigrationVerdict[] = []
  const applied: AppliedReport[] = []
  let state = begin
  const { applied: ids } = progressOf(begin)
  for (;;) {
    const left = plan.steps === undefined ? undefined : plan.steps - applied.length
    const decision = nextAction({ ...plan, steps: left }, { ...state, applied: ids }, verdicts)
    if (decision.kind === 'done') return report(input, plan, state, { applied, held: decision.held, dryRun: hands.dry })
    if (decision.kind === 'defer') {
      await hands.noteDeferred(decision.migrations)
      state = { ...state, deferred: [...state.deferred, ...decision.migrations] }
      continue
    }
    const migration = migrationOf(input, decision.migration)
    if (decision.kind === 'ask') {
      const asked = await askGate({ ...input, journal: state }, migration, decision.gate)
      verdicts.push({ ...asked, migration: migration.id })
      await hands.noteVerdict({ ...asked, migration: migration.id })
      continue
    }
    input.mayApply?.(migration)
    const took = await hands.apply(migration, state, () => {
      const after = { ...state, applied: { has: (id: string) => id === migration.id || ids.has(id) } }
      const following = nextAction({ ...plan, steps: left === undefined ? undefined : left - 1 }, after, verdicts)
      if (following.kind !== 'apply') return undefined
      const next = migrationOf(input, following.migration)
      input.mayApply?.(next)
      return next
    })
    applied.push({ id: migration.id, name: migration.name, phase: migration.phase, ...took })
    ids.add(migration.id)
    state = afterApplied(state, migration, new Date(input.clock.now()))
  }
}

/** The first decision, which looks at the history. */
function first(plan: RunPlan, state: JournalState, { migrations }: UpInput): Action {
  const decision = decide(plan, state, [])
  if (decision.kind === 'refuse') throw refusal(decision.problems, migrations)
  return decision
}

function migrationOf({ migrations }: UpInput, id: string): RunMigration {
  const found = migrations.find((migration) => migration.id === id)
  if (found === undefined)
    throw new ToolkitError({ code: 'bug', message: `A decision names ${id}, which is not on disk.` })
  return found
}

function report(
  { onEvent }: UpInput,
  plan: RunPlan,
  state: JournalState,
  result: Pick<RunReport, 'applied' | 'held' | 'dryRun'>,
): RunReport {
  const held = result.held.filter(({ reason }) => reason !== 'limit')
  for (const one of held) onEvent?.({ kind: 'held', held: one })
  return {
    ...result,
    held,
    pending: result.held.map(({ migration }) => migration),
    reformatted: reformatted(plan, state),
  }
}
