import { hanging, rowsOfAbout } from '../../core/text.ts'
import { systemClock } from '../../core/time.ts'
import { gates } from '../../gates/registry.gen.ts'
import { heldText } from '../../run/held-text.ts'
import { problemHint, problemText } from '../../run/refusal.ts'
import { status } from '../../run/status.ts'
import type { AppliedStatus, StatusReport } from '../../run/status.ts'
import type { Answer } from '../answer.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import { idOf, runOptions } from '../run-options.ts'
import { forRunner, withTarget } from '../target.ts'

export interface StatusRequest {
  /** The answer is `pending` unless this migration is applied. */
  readonly atLeast?: string | undefined
  /** The answer is `pending` when anything is. */
  readonly exitCode: boolean
}

/** What is applied, pending, held back and why. Changes nothing. */
export async function answerStatus(context: Context, request: StatusRequest): Promise<Answer> {
  const history = await directoryHistory(context, 'run')
  const wanted = request.atLeast === undefined ? undefined : idOf(request.atLeast, history)
  const { schema } = runOptions(context.loaded.config)
  const { report, label } = await withTarget(context, { readOnly: true }, async (connection, _, place) => ({
    label: place.label,
    report: await status({
      connection,
      migrations: forRunner(context, history),
      gates,
      clock: systemClock,
      options: { schema, late: context.loaded.config.run.late },
    }),
  }))
  return {
    exit: exitOf(report, wanted, request),
    json: { version: 1, label: label ?? null, ...report },
    text: ({ width }) => `${label === undefined ? '' : `label      ${label}\n`}${statusText(report, width)}`,
  }
}

function exitOf(report: StatusReport, wanted: string | undefined, { exitCode }: StatusRequest): Answer['exit'] {
  if (report.problems.length > 0) return 'no'
  if (wanted !== undefined && !report.applied.some(({ id }) => id === wanted)) return 'pending'
  return exitCode && report.pending.length + report.unfinished.length + report.unchecked.length > 0 ? 'pending' : 'ok'
}

function statusText(report: StatusReport, width: number): string {
  const { applied, pending, unfinished, unchecked, backfills, problems } = report
  const held = pending.filter((one) => one.held !== undefined)
  const lines = [
    ...applied.map((one) =>
      hanging(
        `${one.how.padEnd(9)}  `,
        `${one.id} ${one.name} (${one.phase}, ${dayAndTime(one.appliedAt)})${fileNote(one)}`,
        width,
      ),
    ),
    ...pending.flatMap((one) => [
      `${one.held === undefined ? 'pending  ' : 'held back'}  ${one.id} ${one.name} (${one.phase})`,
      ...(one.held === undefined ? [] : [hanging(column, heldText(one.held), width)]),
    ]),
    ...unfinished.flatMap((step) => [
      cutTo(
        width,
        `half-way   ${step.migration} ${step.direction}, statement ${step.statement + 1}: ${firstLine(step.sql)}`,
      ),
      `           migrate ${step.direction} goes on from there`,
    ]),
    ...unchecked.map((id) =>
      hanging('unchecked  ', `${id}: what is asked after it was not answered with yes; migrate up asks again`, width),
    ),
    ...backfills.flatMap((one) => [
      `half-way   ${one.migration} backfill: ${rowsOfAbout(one.rowsDone, one.rowsEstimated)} done`,
      '           migrate up goes on from there',
    ]),
    ...problems.flatMap((problem, index) => [
      hanging('problem    ', problemText(problem), width),
      // Of several of a kind the last one says what to do about them.
      ...(problems[index + 1]?.kind === problem.kind ? [] : [hanging(column, problemHint(problem), width)]),
    ]),
    `${applied.length} applied${adoptedNote(applied)}, ${pending.length} pending${held.length > 0 ? ` (${held.length} of them held back)` : ''}.`,
  ]
  return `${lines.join('\n')}\n`
}

/** Where what belongs to the line above begins. */
const column = ' '.repeat('held back  '.length)

/** A statement is there to be known again, not to be read. */
function cutTo(width: number, line: string): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}

/** Of all that are applied, how many nobody ran here. */
function adoptedNote(applied: readonly AppliedStatus[]): string {
  const kinds = (['baselined', 'imported'] as const).flatMap((kind) => {
    const count = applied.filter(({ how }) => how === kind).length
    return count === 0 ? [] : [`${count} ${kind}`]
  })
  return kinds.length === 0 ? '' : ` (${kinds.join(', ')})`
}

function fileNote({ file }: AppliedStatus): string {
  return file === 'same' ? '' : ` — its file was ${file} since`
}

function dayAndTime(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function firstLine(sql: string): string {
  return sql.trim().split('\n')[0] ?? ''
}
