import { ToolkitError } from '../../core/errors.ts'
import { plural } from '../../core/text.ts'
import { formatDuration, systemClock } from '../../core/time.ts'
import { gates } from '../../gates/registry.gen.ts'
import { phases } from '../../model/migration.ts'
import type { Phase } from '../../model/migration.ts'
import { openJournal } from '../../run/journal.ts'
import { readJournal } from '../../run/journal/read.ts'
import type { RunEvent } from '../../run/events.ts'
import { heldText } from '../../run/held-text.ts'
import { up } from '../../run/up.ts'
import type { AppliedReport, RunReport } from '../../run/up.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import type { Answer } from '../answer.ts'
import { actorOf } from '../actor.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import { idOf, runOptions } from '../run-options.ts'
import { refuseUnsafe } from '../safe.ts'
import { forRunner, majorOf, withTarget } from '../target.ts'

export interface UpRequest {
  /** At most this many. */
  readonly steps?: number | undefined
  /** Up to and with this migration. */
  readonly to?: string | undefined
  readonly phase?: string | undefined
  readonly safe: boolean
  readonly dryRun: boolean
  readonly signal?: AbortSignal | undefined
  readonly onEvent: (event: RunEvent) => void
}

/** Applies what is pending and may be applied. */
export async function answerUp(context: Context, request: UpRequest): Promise<Answer> {
  const history = await directoryHistory(context, 'run')
  const migrations = forRunner(context, history)
  const to = request.to === undefined ? undefined : idOf(request.to, history)
  const report = await withTarget(context, { readOnly: request.dryRun }, async (connection, openAnother) => {
    const options = runOptions(context.loaded.config)
    if (request.safe) {
      const { applied } = await readJournal(await openJournal(connection, options.schema))
      const known = new Set(applied.map(({ id }) => id))
      const pending = new Set(migrations.filter(({ id }) => !known.has(id)).map(({ id }) => id))
      await refuseUnsafe(context, migrations, pending, majorOf(connection), (message) =>
        request.onEvent({ kind: 'warning', message }),
      )
    }
    return up({
      connection,
      openAnother,
      migrations,
      gates,
      boundByKey: (sql, key) => context.dialect.boundByKey(sql, key),
      actor: actorOf(context.env),
      clock: systemClock,
      log: context.log,
      signal: request.signal,
      onEvent: request.onEvent,
      options: {
        ...options,
        steps: request.steps,
        to,
        phases: wantedPhases(request.phase),
        late: context.loaded.config.run.late,
        dryRun: request.dryRun,
      },
    })
  })
  return { exit: exitOf(report), json: { version: 1, ...report }, text: () => upText(report, migrations) }
}

function wantedPhases(phase: string | undefined): readonly Phase[] | undefined {
  if (phase === undefined) return undefined
  const found = phases.filter((known) => known === phase)
  if (found.length > 0) return found
  throw new ToolkitError({
    code: 'command-invalid',
    message: `There is no phase "${phase}".`,
    hint: `Known: ${phases.join(', ')}.`,
  })
}

/** A gate that is closed is a no only when it is all there is to say: a pipeline's ordinary run leaves contracts waiting. */
function exitOf({ applied, held }: RunReport): Answer['exit'] {
  const closed = held.some(({ reason }) => reason === 'gate')
  return applied.length === 0 && closed ? 'gateClosed' : 'ok'
}

function upText(
  { applied, held, pending, reformatted, dryRun }: RunReport,
  migrations: readonly RunMigration[],
): string {
  const nameOf = (id: string): string => migrations.find((migration) => migration.id === id)?.name ?? ''
  const lines = [
    ...reformatted.map(
      (id) => `note: ${id} ${nameOf(id)} was reformatted after it had been applied; it means the same.`,
    ),
    ...applied.map((migration) => appliedLine(migration, dryRun)),
    ...held.flatMap((one) => [`held back  ${one.migration} ${nameOf(one.migration)}`, `           ${heldText(one)}`]),
    summary(applied.length, held.length, pending.length, dryRun),
  ]
  return `${lines.join('\n')}\n`
}

function appliedLine({ id, name, phase, durationMs, attempts }: AppliedReport, dryRun: boolean): string {
  if (dryRun) return `would apply  ${id} ${name} (${phase})`
  const tries = attempts > 1 ? `, ${attempts} attempts for its locks` : ''
  return `applied    ${id} ${name} (${phase}, ${formatDuration(durationMs)}${tries})`
}

function summary(applied: number, held: number, pending: number, dryRun: boolean): string {
  const done = dryRun ? `${plural(applied, 'migration')} would be applied` : `${plural(applied, 'migration')} applied`
  const beyond = pending - held
  const rest = [...(held > 0 ? [`${held} held back`] : []), ...(beyond > 0 ? [`${beyond} not asked for`] : [])]
  if (applied === 0 && rest.length === 0) return 'Nothing to apply: the database is up to date.'
  return `${[done, ...rest].join(', ')}.`
}
