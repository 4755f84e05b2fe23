import type { Connection } from '../../model/database.ts'
import { ToolkitError } from '../../core/errors.ts'
import { indent, listOf, plural, wrap } from '../../core/text.ts'
import { formatDuration } from '../../core/time.ts'
import { down } from '../../run/down.ts'
import type { DownInput, DownReport } from '../../run/down.ts'
import { guardRefusal } from '../../run/place.ts'
import type { WayBack } from '../../run/way-back.ts'
import type { Answer } from '../answer.ts'
import { directoryHistoryIfAny } from '../context.ts'
import type { Context } from '../context.ts'
import { downLosses, lossQuestion } from '../down-losses.ts'
import { storedProofs } from '../proofs.ts'
import { type RunRequest, runInput } from '../run-input.ts'
import { unprovenDownRefusal } from '../safe/proven.ts'
import { forRunner, majorOf, withTarget } from '../target.ts'

export interface DownRequest extends RunRequest {
  /** How many; one when absent. */
  readonly steps?: number | undefined
  /** Down to this migration, which stays applied. */
  readonly to?: string | undefined
  /** Also what no valid proof allows. */
  readonly unproven: boolean
  readonly dryRun: boolean
  /** Asked before data is lost. */
  readonly confirm: (question: string) => Promise<boolean>
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
  const { report, ...seen } = await withTarget(
    context,
    { readOnly: request.dryRun },
    async (connection, openAnother, place) => {
      const alike = runInput(context, request, { connection, openAnother, migrations })
      const input: DownInput = {
        ...alike,
        parse: (sql) => context.dialect.parse(sql),
        ...(request.unproven ? {} : { mayRevert: mayRevert(connection) }),
        options: { ...alike.options, steps: request.steps, to: request.to },
      }
      const backs: WayBack[] = []
      const look: DownInput['mayRevert'] = async (back) => {
        await input.mayRevert?.(back)
        backs.push(back)
      }
      const planned = await down({ ...input, mayRevert: look, options: { ...input.options, dryRun: true } })
      if (planned.reverted.length === 0) return { report: planned, backs, losses: [] }
      const subject = `The downgrade of ${listOf(planned.reverted.map(({ id }) => id))}`
      const guarded = guardRefusal(place, subject, 'may lose what was written since')
      if (!request.dryRun && guarded !== undefined) throw guarded
      const losses = await downLosses(backs, { connection, proofs: await storedProofs(context, migrations) })
      if (request.dryRun) {
        if (guarded !== undefined) warn(guarded.message)
        return { report: planned, backs, losses }
      }
      await confirmLosses(backs, losses, request)
      return { report: await down(input), backs, losses }
    },
  )
  return {
    exit: 'ok',
    json: { version: 1, ...report, losses: seen.losses },
    text: ({ width }) => downText(report, { ...seen, width }),
  }
}

/** Lost data is asked for. */
async function confirmLosses(
  backs: readonly WayBack[],
  losses: readonly string[],
  { confirm }: DownRequest,
): Promise<void> {
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

interface Seen {
  /** What is reverted, and how. */
  readonly backs: readonly WayBack[]
  readonly losses: readonly string[]
  readonly width: number
}

function downText({ reverted, dryRun }: DownReport, { backs, losses, width }: Seen): string {
  if (reverted.length === 0) return 'Nothing to revert: no migration is applied.\n'
  const lines = reverted.map(({ id, name, phase, from, durationMs }) => {
    const source = from === 'journal' ? ', its downgrade taken from the journal' : ''
    if (!dryRun) return `reverted   ${id} ${name} (${phase}, ${formatDuration(durationMs)}${source})`
    return `would revert  ${id} ${name} (${phase}${source})${sqlText(backs.find(({ applied }) => applied.id === id))}`
  })
  const count = plural(reverted.length, 'migration')
  if (!dryRun) return `${[...lines, `${count} reverted.`].join('\n')}\n`
  const lost =
    losses.length === 0 ? [] : [wrap(`would lose  ${listOf(losses)}: asked for, unless --yes says so`, width)]
  return `${[...lines, ...lost, `${count} would be reverted.`].join('\n')}\n`
}

/** The SQL that would run, which is not that of the file where the journal's is taken. */
function sqlText(back: WayBack | undefined): string {
  const down = back?.from === 'file' ? back.migration?.down : undefined
  const sql = down?.kind === 'sql' ? down.section.sql : (back?.source.text ?? '')
  return sql.trim() === '' ? '' : `\n${indent(sql.trim(), 4)}`
}
