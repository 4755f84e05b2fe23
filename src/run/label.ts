import { ToolkitError } from '../core/errors.ts'
import type { Label } from '../model/journal.ts'
import type { TargetIdentity } from '../model/planned-run.ts'
import { openJournal } from './journal.ts'
import { readLabel, recordLabel } from './journal/label.ts'
import { upgradeJournal } from './journal/upgrade.ts'
import { type RunInput, recordedRun } from './recorded-run.ts'
import { inRunSession } from './run-session.ts'
import { isSameDatabase, targetIdentity } from './target-identity.ts'

export interface LabelInput extends RunInput {
  /** The name of the environment. */
  readonly name: string
  /** The label that the database has and that the new one takes the place of. */
  readonly replaces?: string | undefined
}

export interface LabelReport {
  readonly label: string
  /** The label before; null where there was none. */
  readonly before: string | null
  /** False where it had the label already. */
  readonly changed: boolean
}

/**
 * Writes into the journal what the database is called, with the identity that it has now. A label is only replaced by
 * who names it. Creates the journal where there is none.
 *
 * @throws ToolkitError `label-mismatch`, `read-only-server`, `transaction-pooler`, `runner-locked`, `journal-newer`,
 * `journal-unreadable`
 */
export async function giveLabel(input: LabelInput): Promise<LabelReport> {
  const { name, replaces } = input
  const journal = await openJournal(input.connection, input.options?.schema)
  return inRunSession(input, journal, async (sessions) => {
    const [before, identity] = [await readLabel(journal), await targetIdentity(input.connection)]
    const report = { label: name, before: before?.name ?? null }
    if (before?.name === name && isSameDatabase(before.identity, identity)) return { ...report, changed: false }
    if (replaces !== before?.name) throw notReplaced(before, identity, input)
    await upgradeJournal(journal)
    await recordedRun(input, journal, { ...sessions, command: 'init' }, ({ run }) =>
      recordLabel(journal, run, { name, identity }),
    )
    return { ...report, changed: true }
  })
}

function notReplaced(before: Label | undefined, now: TargetIdentity, { name, replaces }: LabelInput): ToolkitError {
  if (before === undefined) {
    return new ToolkitError({
      code: 'label-mismatch',
      message: `The database has no label, so there is no "${replaces}" to replace. Nothing was changed.`,
      hint: `Check the address. To label this database: migrate init --label ${name}`,
    })
  }
  const whose = isSameDatabase(before.identity, now) ? '' : ', which was given to the database that it is a copy of'
  return new ToolkitError({
    code: 'label-mismatch',
    message: `The database is labelled "${before.name}" already${whose}. Nothing was changed.`,
    hint: `Check the address. If its label is to change, name the one that it has: migrate init --label ${name} --relabel ${before.name}`,
  })
}
