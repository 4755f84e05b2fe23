import type { Connection } from '../../model/database.ts'
import { ToolkitError } from '../../core/errors.ts'
import { indent, listOf, plural } from '../../core/text.ts'
import { formatDuration, systemClock } from '../../core/time.ts'
import type { RunEvent } from '../../run/events.ts'
import { down } from '../../run/down.ts'
import type { DownInput, DownReport } from '../../run/down.ts'
import { guardRefusal } from '../../run/place.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import type { WayBack } from '../../run/way-back.ts'
import type { Answer } from '../answer.ts'
import { actorOf } from '../actor.ts'
import { directoryHistoryIfAny } from '../context.ts'
import type { Context } from '../context.ts'
import { type Losing, downLosses, lossQuestion } from '../down-losses.ts'
import { storedProofs } from '../proofs.ts'
import { leaseOption, runOptions } from '../run-options.ts'
import { statementEffects } from '../statement-effects.ts'
import { unprovenDownRefusal } from '../safe/proven.ts'
import { forRunner, majorOf, withTarget } from '../target.ts'

export interface DownRequest {
  /** How many; one when absent. */
  readonly steps?: number | undefined
  /** Down to this migration, which stays applied. */
  readonly to?: string | undefined
  /** Also what no valid proof allows. */
  readonly unproven: boolean
  readonly dryRun: boolean
  /** End the session of a run whose process is gone. */
  readonly endOrphan?: boolean | undefined
  /** Hold a lease of this duration instead of the lock. */
  readonly lease?: string | undefined
  /** Asked before data is lost. */
  readonly confirm: (question: string) => Promise<boolean>
  readonly signal?: AbortSignal | undefined
  readonly onEvent: (event: RunEvent) => void
}

/** Reverts what was applied last. */
export async function answerDown(context: Context, request: DownRequest): Promise<Answer> {
  const history = await directoryHistoryIfAny(context, 'run')
  const migrations = forRunner(context, history)
  const warned = new Set<string>()
  // What would be done is looked at before it is done, so what is said of it is said twice.
  const warn = (message: string): void => {
    if (!warned.has(message)) request.onEvent({ kind: 'warning', message })
    warned.add(message)
  }
  const mayRevert = (connection: Connection): DownInput['mayRevert'] =>
    unprovenDownRefusal(context, migrations, majorOf(connection), warn)
  const report = await withTarget(context, { readOnly: request.dryRun }, async (connection, openAnother, place) => {
    const input: DownInput = {
      connection,
      openAnother,
      migrations,
      parse: (sql) => context.dialect.parse(sql),
      effects: statementEffects(context.dialect, migrations, majorOf(connection)),
      actor: actorOf(context.env),
      clock: systemClock,
      log: context.log,
      signal: request.signal,
      onEvent: request.onEvent,
      ...(request.unproven ? {} : { mayRevert: mayRevert(connection) }),
      options: {
        ...runOptions(context.loaded.config),
        endOrphan: request.endOrphan,
        ...leaseOption(request.lease),
        steps: request.steps,
        to: request.to,
      },
    }
    const backs: WayBack[] = []
    const look: DownInput['mayRevert'] = async (back) => {
      await input.mayRevert?.(back)
      backs.push(back)
    }
    const planned = await down({ ...input, mayRevert: look, options: { ...input.options, dryRun: true } })
    if (planned.reverted.length === 0) return planned
    const subject = `The downgrade of ${listOf(planned.reverted.map(({ id }) => id))}`
    const guarded = guardRefusal(place, subject, 'may lose what was written since')
    if (request.dryRun) {
      if (guarded !== undefined) warn(guarded.message)
      return planned
    }
    if (guarded !== undefined) throw guarded
    await confirmLosses(backs, { connection, proofs: await storedProofs(context, migrations) }, request)
    return down(input)
  })
  return { exit: 'ok', json: { version: 1, ...report }, text: () => downText(report, migrations) }
}

/** Lost data is asked for. */
async function confirmLosses(backs: readonly WayBack[], losing: Losing, { confirm }: DownRequest): Promise<void> {
  const losses = await downLosses(backs, losing)
  if (losses.length === 0) return
  const question = lossQuestion(
    backs.map(({ applied }) => applied.id),
    losses,
  )
  if (await confirm(question)) return
  throw new ToolkitError({
    code: 'confirmation-missing',
    message: `${question} It was not confirmed; nothing was changed.`,
    hint: 'See what would be done with: migrate down --dry-run',
  })
}

function downText({ reverted, dryRun }: DownReport, migrations: readonly RunMigration[]): string {
  if (reverted.length === 0) return 'Nothing to revert: no migration is applied.\n'
  const lines = reverted.map(({ id, name, phase, from, durationMs }) => {
    const source = from === 'journal' ? ', its downgrade taken from the journal' : ''
    if (!dryRun) return `reverted   ${id} ${name} (${phase}, ${formatDuration(durationMs)}${source})`
    const sql = migrations.find((migration) => migration.id === id)?.down
    const shown = sql?.kind === 'sql' ? `\n${indent(sql.section.sql.trim(), 4)}` : ''
    return `would revert  ${id} ${name} (${phase}${source})${shown}`
  })
  const count = plural(reverted.length, 'migration')
  return `${[...lines, dryRun ? `${count} would be reverted.` : `${count} reverted.`].join('\n')}\n`
}
