import type { Clock } from '../core/time.ts'
import type { Gate } from '../gates/gate.ts'
import type { Connection } from '../model/database.ts'
import type { BackfillProgress, JournalState, UnfinishedStep } from '../model/journal.ts'
import type { Phase } from '../model/migration.ts'
import { askGate, checkGates } from './ask.ts'
import { type Held, type MigrationVerdict, type RunPlan, decide } from './decide.ts'
import { type HistoryProblem, historyProblems } from './history.ts'
import { openJournal } from './journal.ts'
import { type Adoption, readAdoptions, readJournal } from './journal/read.ts'
import { planFor } from './run-plan.ts'
import type { RunMigration } from './run-migration.ts'
import { afterApplied } from './work.ts'

export interface StatusInput {
  readonly connection: Connection
  readonly migrations: readonly RunMigration[]
  readonly gates: readonly Gate[]
  readonly clock: Clock
  readonly options?: { readonly schema?: string | undefined; readonly late?: RunPlan['late'] | undefined } | undefined
}

export interface StatusReport {
  /** In the order of application. */
  readonly applied: readonly AppliedStatus[]
  /** In the order on disk. */
  readonly pending: readonly PendingStatus[]
  readonly unfinished: readonly UnfinishedStep[]
  /** Applied, and what is asked afterwards was not answered with yes. */
  readonly unchecked: readonly string[]
  /** Backfills that are under way. */
  readonly backfills: readonly BackfillProgress[]
  /** Why `up` would refuse. */
  readonly problems: readonly HistoryProblem[]
}

export interface AppliedStatus {
  readonly id: string
  readonly name: string
  readonly phase: Phase
  readonly appliedAt: Date
  /** Whether it ran here, or was only written down: by `baseline` or `repair`, or by `import`. */
  readonly how: 'applied' | Adoption
  /** What became of its file: `reformatted` has other bytes and the same meaning. */
  readonly file: 'same' | 'reformatted' | 'edited' | 'deleted'
}

export interface PendingStatus {
  readonly id: string
  readonly name: string
  readonly phase: Phase
  /** Why the next `up` would leave it; undefined: it would apply it. */
  readonly held: Held | undefined
}

/**
 * What is applied, pending, held back and why. Asks gates, changes and writes nothing, also where there is no journal.
 *
 * @throws ToolkitError `journal-newer`, `journal-unreadable`, `gate-unknown`, `gate-invalid`
 */
export async function status(input: StatusInput): Promise<StatusReport> {
  checkGates(input.migrations, input.gates)
  const journal = await openJournal(input.connection, input.options?.schema)
  const state = await readJournal(journal)
  const adoptions = await readAdoptions(journal)
  const plan = planFor(input.migrations, { late: input.options?.late })
  const problems = historyProblems(plan, state)
  const held = new Map((await heldBack(input, plan, state, problems)).map((one) => [one.migration, one]))
  const applied = new Set(state.applied.map(({ id }) => id))
  return {
    applied: state.applied.map((one) => ({
      id: one.id,
      name: one.name,
      phase: one.phase,
      appliedAt: one.appliedAt,
      how: adoptions.get(one.id) ?? 'applied',
      file: fileState(
        input.migrations.find(({ id }) => id === one.id),
        one,
      ),
    })),
    pending: input.migrations
      .filter(({ id }) => !applied.has(id))
      .map(({ id, name, phase }) => ({ id, name, phase, held: held.get(id) })),
    unfinished: state.unfinished,
    unchecked: state.applied.map(({ id }) => id).filter((id) => state.unchecked.includes(id)),
    backfills: state.backfills.filter((one) => one.status === 'running'),
    problems,
  }
}

function fileState(
  file: RunMigration | undefined,
  applied: { readonly sha256: string; readonly meaning: string },
): AppliedStatus['file'] {
  if (file === undefined) return 'deleted'
  if (file.meaning !== applied.meaning) return 'edited'
  return file.source.sha256 === applied.sha256 ? 'same' : 'reformatted'
}

/** What the next run would leave, found by deciding on from a journal as it would be after each step. */
async function heldBack(
  input: StatusInput,
  plan: RunPlan,
  begin: JournalState,
  problems: readonly HistoryProblem[],
): Promise<readonly Held[]> {
  if (problems.length > 0) return []
  const verdicts: MigrationVerdict[] = []
  let state = begin
  for (;;) {
    const decision = decide(plan, state, verdicts)
    if (decision.kind === 'refuse') return []
    if (decision.kind === 'done') return decision.held
    if (decision.kind === 'defer') {
      state = { ...state, deferred: [...state.deferred, ...decision.migrations] }
      continue
    }
    const migration = input.migrations.find(({ id }) => id === decision.migration)
    if (migration === undefined) return []
    if (decision.kind === 'ask') {
      const asked = await askGate({ ...input, journal: state }, migration, decision.gate)
      verdicts.push({ ...asked, migration: migration.id })
    } else state = afterApplied(state, migration, new Date(input.clock.now()))
  }
}
