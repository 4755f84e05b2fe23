import type { JournalState } from '../../model/journal.ts'
import type { AskedRun } from '../../model/planned-run.ts'
import type { AskedVerdict } from '../../model/verdict.ts'
import { up } from '../../run/up.ts'
import type { UpInput } from '../../run/up.ts'
import type { Context } from '../context.ts'
import type { UpResult } from '../up/show.ts'
import { makePlan } from './make.ts'
import { gatesForPlanning } from './plan-gates.ts'

interface Planning {
  readonly state: JournalState
  readonly asked: AskedRun
  /** The plan is written, so it can be approved. */
  readonly approvable: boolean
}

/** A dry run with the plan of what it would do. */
export async function planningRun(
  context: Context,
  input: UpInput,
  { state, asked, approvable }: Planning,
): Promise<UpResult> {
  const needApproval = new Set<string>()
  const verdicts = new Map<string, readonly AskedVerdict[]>()
  const report = await up({
    ...input,
    ...(approvable ? { gates: gatesForPlanning((id) => needApproval.add(id)) } : {}),
    onEvent: (event) => {
      if (event.kind === 'gate-asked')
        verdicts.set(event.migration, [...(verdicts.get(event.migration) ?? []), event.asked])
      input.onEvent?.(event)
    },
  })
  const { connection, migrations } = input
  const plan = await makePlan(context, { connection, migrations, state, report, verdicts, needApproval, asked })
  return { report, plan }
}
