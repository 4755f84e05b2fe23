import { ToolkitError } from '../../core/errors.ts'
import { indent, plural, wrap } from '../../core/text.ts'
import { systemClock } from '../../core/time.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import type { ReportStyle } from '../../model/report.ts'
import { adopt, refuseUsed } from '../../run/adopt.ts'
import { emptyJournal } from '../../run/journal/read.ts'
import type { RunEvent } from '../../run/events.ts'
import { differenceText } from '../../verify/compare.ts'
import type { DriftReport } from '../../verify/drift/drift-of.ts'
import { driftText } from '../../verify/drift/show.ts'
import { actorOf } from '../actor.ts'
import type { Answer } from '../answer.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import { driftFrom, readLive } from '../drift-from.ts'
import type { DriftOptions, LiveSchema } from '../drift-from.ts'
import { idOf, runOptions } from '../run-options.ts'
import { forRunner, withTarget } from '../target.ts'

export interface BaselineRequest extends Omit<DriftOptions, 'roles'> {
  /** The last migration that the database has; all of them when absent. */
  readonly to?: string | undefined
  /** Whether the database is compared with what the migrations make. */
  readonly check: boolean
  readonly dryRun: boolean
  readonly onEvent: (event: RunEvent) => void
}

/**
 * Begins the journal of a database that has the schema already: the migrations are written down as applied, and none
 * runs. Before that a scratch server says what they make, and the database must have all of it.
 *
 * @throws ToolkitError `adoption-refused`, `shadow-unavailable`, and what `drift` and `up` throw
 */
export async function answerBaseline(context: Context, request: BaselineRequest): Promise<Answer> {
  const history = await directoryHistory(context, 'run')
  const taken = upTo(request.to, history)
  const live = await readLive(context, 'baseline', 'refused')
  refuseUsed(live.journal ?? emptyJournal, 'baseline')
  const compared = request.check ? await compare(context, request, { live, taken }) : undefined
  if (compared !== undefined) refuseLacking(compared)
  const ids = new Set(taken.map(({ id }) => id))
  const adopted = forRunner(context, history).filter(({ id }) => ids.has(id))
  if (!request.dryRun) {
    await withTarget(context, { readOnly: false }, (connection, openAnother) =>
      adopt({
        connection,
        openAnother,
        adopted: adopted.map((migration) => ({ migration })),
        command: 'baseline',
        actor: actorOf(context.env),
        clock: systemClock,
        log: context.log,
        signal: request.signal,
        onEvent: request.onEvent,
        options: runOptions(context.loaded.config),
      }),
    )
  }
  const baselined = adopted.map(({ id, name, phase }) => ({ id, name, phase }))
  const report: BaselineReport = { baselined, pending: history.length - taken.length, compared, dryRun: request.dryRun }
  return { exit: 'ok', json: { version: 1, ...report }, text: (style) => baselineText(report, style) }
}

interface BaselineReport {
  readonly baselined: readonly { readonly id: string; readonly name: string; readonly phase: string }[]
  /** How many of the directory come after them. */
  readonly pending: number
  /** Undefined: nothing was compared. */
  readonly compared: DriftReport | undefined
  readonly dryRun: boolean
}

function upTo(to: string | undefined, history: readonly ParsedMigration[]): readonly ParsedMigration[] {
  if (to === undefined) return history
  const id = idOf(to, history)
  return history.slice(0, history.findIndex((migration) => migration.id === id) + 1)
}

async function compare(
  context: Context,
  request: BaselineRequest,
  { live, taken }: { readonly live: LiveSchema; readonly taken: readonly ParsedMigration[] },
): Promise<DriftReport> {
  try {
    // Who owns what is no question of what the migrations make.
    const options = { ...request, roles: 'none' } as const
    return await driftFrom(context, options, { command: 'baseline', live, replayed: taken, missing: [] })
  } catch (error) {
    if (!(error instanceof ToolkitError) || error.code !== 'shadow-unavailable') throw error
    const { code, message, details } = error
    throw new ToolkitError({
      code,
      message: `${message} So nobody can tell whether the database has what the migrations make; nothing was changed.`,
      ...(details === undefined ? {} : { details }),
      hint: `${error.hint ?? ''} Where you know that it has all of it: migrate baseline --no-check`.trimStart(),
      cause: error,
    })
  }
}

/** What the database has besides is no reason to refuse: another tool's journal is there, to name one. */
function refuseLacking(report: DriftReport): void {
  const lacking = report.differences.filter(({ change }) => change !== 'added')
  if (lacking.length === 0) return
  throw new ToolkitError({
    code: 'adoption-refused',
    message: `The database is not what ${plural(report.replayed, 'migration')} make: ${plural(lacking.length, 'difference')} from them to it. Nothing was changed.`,
    details: driftText({ ...report, differences: lacking, journal: true }, { color: false, width: 100 }).trimEnd(),
    hint:
      'Name the last migration that it really has with --to, mend the migrations or the database, or let an object ' +
      'differ with --ignore "table public.x". --no-check takes your word for it.',
  })
}

function baselineText({ baselined, pending, compared, dryRun }: BaselineReport, { width }: ReportStyle): string {
  const count = plural(baselined.length, 'migration')
  const lines = [
    ...baselined.map(({ id, name, phase }) => `${dryRun ? 'would baseline' : 'baselined'}  ${id} ${name} (${phase})`),
    ...(compared === undefined
      ? ['The database was not compared with what they make (--no-check).']
      : comparedLines(compared, width)),
    dryRun
      ? `${count} would be written down as applied; none would run.`
      : `${count} written down as applied; none was run.`,
    ...(pending === 0 ? [] : [`${plural(pending, 'migration')} after them: see migrate status, then migrate up.`]),
  ]
  return `${lines.map((line) => wrap(line, width)).join('\n')}\n`
}

function comparedLines({ differences, ignored }: DriftReport, width: number): readonly string[] {
  const more = differences.map((one) => indent(wrap(differenceText(one), width - 2), 2))
  const left = ignored === 0 ? '' : ` ${plural(ignored, 'difference')} ignored.`
  if (more.length === 0) return [`The database is what they make.${left}`]
  return [`The database has what they make, and ${plural(more.length, 'object')} more:${left}`, ...more]
}
