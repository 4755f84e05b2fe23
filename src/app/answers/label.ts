import { ToolkitError } from '../../core/errors.ts'
import { wrap } from '../../core/text.ts'
import { systemClock } from '../../core/time.ts'
import { type LabelReport, giveLabel } from '../../run/label.ts'
import { actorOf } from '../actor.ts'
import type { Answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { runOptions } from '../run-options.ts'
import { withTarget } from '../target.ts'

export interface LabelRequest {
  /** The name of the environment. */
  readonly name: string
  /** The label that the database has now, where the new one takes its place. */
  readonly replaces?: string | undefined
}

/**
 * Gives the target a label.
 *
 * @throws ToolkitError `command-invalid` for a name that is none, `label-mismatch`
 */
export async function answerLabel(context: Context, { name, replaces }: LabelRequest): Promise<Answer> {
  refuseOddName(name)
  const report = await withTarget(context, { readOnly: false, anyPlace: true }, (connection, openAnother) =>
    giveLabel({
      connection,
      openAnother,
      name,
      replaces,
      actor: actorOf(context.env),
      clock: systemClock,
      log: context.log,
      options: runOptions(context.loaded.config),
    }),
  )
  return { exit: 'ok', json: { version: 1, ...report }, text: ({ width }) => labelText(report, width) }
}

/** It is typed on command lines and shown in messages. */
function refuseOddName(name: string): void {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name)) return
  throw new ToolkitError({
    code: 'command-invalid',
    message: `"${name}" cannot be a label.`,
    hint: 'Use up to 63 letters, digits, hyphens and underscores: production, staging-eu',
  })
}

function labelText({ label, before, changed }: LabelReport, width: number): string {
  if (!changed) return `The database is labelled "${label}" already.\n`
  const was = before === null ? '' : `, no longer "${before}"`
  return (
    `The database is labelled "${label}"${before === label ? ' anew' : was}.\n` +
    `${wrap(`From now on what destroys needs its name: --label ${label}, MIGRATE_LABEL=${label}, or "label" in the configuration.`, width)}\n`
  )
}
