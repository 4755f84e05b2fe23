import { ToolkitError } from '../../core/errors.ts'
import { plural, wrap } from '../../core/text.ts'
import { systemClock } from '../../core/time.ts'
import { type OpenRun, endDeadRuns } from '../../run/dead-runs.ts'
import type { RunEvent } from '../../run/events.ts'
import type { RunInput } from '../../run/recorded-run.ts'
import { repair } from '../../run/repair.ts'
import { type RepairAction, type RepairPlan, stateText } from '../../run/repair-plan.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import { actorOf } from '../actor.ts'
import type { Answer } from '../answer.ts'
import { directoryHistoryIfAny } from '../context.ts'
import type { Context } from '../context.ts'
import { runOptions } from '../run-options.ts'
import { forRunner, withTarget } from '../target.ts'

export interface RepairRequest {
  /** One migration and what becomes of it, or the runs that died. */
  readonly what: { readonly migration: string; readonly action: RepairAction } | 'dead-runs'
  readonly dryRun: boolean
  /** Asked before the journal is changed. */
  readonly confirm: (question: string) => Promise<boolean>
  readonly signal?: AbortSignal | undefined
  readonly onEvent: (event: RunEvent) => void
}

/** Corrects what the journal says of one migration, or of runs that died. The schema is never touched. */
export async function answerRepair(context: Context, request: RepairRequest): Promise<Answer> {
  const { what, dryRun, confirm } = request
  const migrations = forRunner(context, await directoryHistoryIfAny(context, 'run'))
  return withTarget(context, { readOnly: dryRun }, async (connection, openAnother) => {
    const input: RunInput = {
      connection,
      openAnother,
      actor: actorOf(context.env),
      clock: systemClock,
      log: context.log,
      signal: request.signal,
      onEvent: request.onEvent,
      options: { ...runOptions(context.loaded.config), dryRun },
    }
    if (what === 'dead-runs') {
      const runs = await endDeadRuns({ ...input, confirm: (open) => confirmed(runsText(open), confirm) })
      return answer({ action: what, runs }, dryRun, runsText(runs))
    }
    const id = idIn(what.migration, migrations)
    const ask = (plan: RepairPlan): Promise<void> => confirmed(planText(plan), confirm)
    const plan = await repair({ ...input, id, action: what.action, migrations, confirm: ask })
    const { migration, action, before, after } = plan
    return answer({ migration, action, before, after }, dryRun, planText(plan))
  })
}

function answer(report: object, dryRun: boolean, changes: string): Answer {
  const end = dryRun ? 'Nothing was changed.' : 'The journal says so now, and that it was repaired, by whom.'
  return {
    exit: 'ok',
    json: { version: 1, ...report, dryRun },
    text: ({ width }) => `${[...changes.split('\n'), end].map((line) => wrap(line, width)).join('\n')}\n`,
  }
}

async function confirmed(question: string, confirm: RepairRequest['confirm']): Promise<void> {
  if (await confirm(`The journal would be changed, and nothing else.\n${question}`)) return
  throw new ToolkitError({
    code: 'confirmation-missing',
    message: 'It was not confirmed; nothing was changed.',
    hint: 'See what would be changed with: migrate repair … --dry-run',
  })
}

function planText({ migration, before, after }: RepairPlan): string {
  return `Migration ${migration}\n  before  ${stateText(before)}\n  after   ${stateText(after)}`
}

function runsText(runs: readonly OpenRun[]): string {
  const lines = runs.map(
    ({ id, command, user, host, process, startedAt }) =>
      `  run ${id}: ${command} by ${user} on ${host}, process ${process}, begun ${startedAt.toISOString()}`,
  )
  return [`${plural(runs.length, 'run')} without an end`, ...lines, '  after   failed, the connection lost'].join('\n')
}

/** As `idOf`, but a migration that only the journal knows may be meant. */
function idIn(named: string, migrations: readonly RunMigration[]): string {
  const file = named.split(/[\\/]/).at(-1)
  const found = migrations.filter(
    ({ id, name, source }) => id === named || name === named || source.path.split(/[\\/]/).at(-1) === file,
  )
  return found.length === 1 ? (found[0]?.id ?? named) : named
}
