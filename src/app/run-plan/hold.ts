import { ToolkitError } from '../../core/errors.ts'
import type { PlannedRun } from '../../model/planned-run.ts'
import type { JournalState } from '../../model/journal.ts'
import { verdictsText } from '../../run/ask.ts'
import type { UpInput } from '../../run/up.ts'
import { up } from '../../run/up.ts'
import type { Context } from '../context.ts'
import { checkSchema, checkTarget, doneOf } from './check.ts'
import { gatesForPlan } from './plan-gates.ts'
import { mismatch } from './refuse.ts'

/**
 * The run that does exactly what is left of the plan, or refuses before it changes anything.
 *
 * @throws ToolkitError `plan-other-target`, before the history of another database is judged
 */
export async function heldTo(plan: PlannedRun, input: UpInput, { context, state }: Held): Promise<UpInput> {
  await checkTarget(plan, input.connection)
  const { steps } = plan.asked
  const left = steps === null ? undefined : Math.max(steps - doneOf(plan, state), 0)
  const held: UpInput = {
    ...input,
    gates: gatesForPlan(plan.digest),
    options: { ...input.options, steps: left, plan: plan.digest },
  }
  return {
    ...held,
    // Under the runner's lock, so that nothing can change between the look and the run.
    mayBegin: async (now, begins) => {
      await checkTarget(plan, input.connection)
      await checkSchema(plan, context, { connection: input.connection, state: now })
      await checkList(plan, held, now)
      await input.mayBegin?.(now, begins)
    },
  }
}

interface Held {
  readonly context: Context
  /** What the journal said when the plan was read. */
  readonly state: JournalState
}

/** @throws ToolkitError `gate-closed`, `plan-other-files` where a run would not do now what the plan says */
async function checkList(plan: PlannedRun, held: UpInput, now: JournalState): Promise<void> {
  const wanted = plan.migrations.slice(doneOf(plan, now)).map(({ id }) => id)
  const options = { ...held.options, dryRun: true }
  const report = await up({ ...held, options, onEvent: undefined, mayBegin: undefined })
  const found = report.applied.map(({ id }) => id)
  if (found.join('\n') === wanted.join('\n')) return
  for (const one of report.held) {
    if (one.reason === 'gate' && wanted.includes(one.migration)) throw gateClosed(one.migration, one.verdicts)
  }
  const differences = [
    ...found.filter((id) => !wanted.includes(id)).map((id) => `${id} would be applied, and is not in the plan`),
    ...wanted.filter((id) => !found.includes(id)).map((id) => `${id} is in the plan, and would not be applied`),
  ]
  throw mismatch('plan-other-files', 'A run would not do now what the plan says.', differences)
}

function gateClosed(id: string, verdicts: Parameters<typeof verdictsText>[0]): ToolkitError {
  const words = verdictsText(verdicts)
  const byPlan = verdicts.some(({ gate }) => gate === 'approval')
  return new ToolkitError({
    code: 'gate-closed',
    message: `The plan has ${id}, and ${words}. Nothing was changed.`,
    hint: byPlan
      ? 'Approve the whole plan with: migrate approve plan.json — or the change by its name.'
      : 'Run the plan again when the gate is open, or make another: migrate up --dry-run --output plan.json',
  })
}
