import { hanging, plural, wrap } from '../../core/text.ts'
import { formatDuration } from '../../core/time.ts'
import type { PlannedRun } from '../../model/planned-run.ts'
import { heldText } from '../../run/held-text.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import type { AppliedReport, RunReport } from '../../run/up.ts'
import { shortDigest } from '../run-plan/digest.ts'
import { planText } from '../run-plan/show.ts'

/** What came of an `up`. */
export interface UpResult {
  readonly report: RunReport
  /** Of a dry run: what it would do. */
  readonly plan?: PlannedRun
  /** It was held to a plan that has more migrations than were applied. */
  readonly isShort?: boolean
}

export interface ShowOptions {
  readonly migrations: readonly RunMigration[]
  /** The file that the plan was written to. */
  readonly output?: string | undefined
  readonly width: number
}

/** The answer for people. */
export function upText({ report, plan }: UpResult, { migrations, output, width }: ShowOptions): string {
  const { applied, held, reformatted } = report
  const nameOf = (id: string): string => migrations.find((migration) => migration.id === id)?.name ?? ''
  const lines = [
    ...reformatted.map((id) =>
      wrap(`note: ${id} ${nameOf(id)} was reformatted after it had been applied; it means the same.`, width),
    ),
    ...(plan === undefined || applied.length === 0 ? applied.map(appliedLine) : [planText(plan, width)]),
    ...held.flatMap((one) => [
      `held back  ${one.migration} ${nameOf(one.migration)}`,
      hanging(' '.repeat('held back  '.length), heldText(one), width),
    ]),
    summary(report),
    ...(plan === undefined || output === undefined ? [] : [writtenText(plan, output)]),
  ]
  return `${lines.join('\n')}\n`
}

function writtenText({ digest }: PlannedRun, output: string): string {
  return [
    `Wrote the plan to ${output} (digest ${shortDigest(digest)}).`,
    `Approve it with: migrate approve ${output}`,
    `Run exactly this with: migrate up --plan ${output}`,
  ].join('\n')
}

function appliedLine({ id, name, phase, durationMs, attempts }: AppliedReport): string {
  const tries = attempts > 1 ? `, ${attempts} attempts for its locks` : ''
  return `applied    ${id} ${name} (${phase}, ${formatDuration(durationMs)}${tries})`
}

function summary({ applied, held, pending, dryRun }: RunReport): string {
  const count = plural(applied.length, 'migration')
  const beyond = pending.length - held.length
  const rest = [
    ...(held.length > 0 ? [`${held.length} held back`] : []),
    ...(beyond > 0 ? [`${beyond} not asked for`] : []),
  ]
  if (applied.length === 0 && rest.length === 0) return 'Nothing to apply: the database is up to date.'
  return `${[dryRun ? `${count} would be applied` : `${count} applied`, ...rest].join(', ')}.`
}
