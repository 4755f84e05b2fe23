import { ToolkitError } from '../core/errors.ts'
import { type Journal, openJournal } from './journal.ts'
import { journalVersion } from './journal/read.ts'
import { upgradeJournal } from './journal/upgrade.ts'
import { type RunInput, recordedRun } from './recorded-run.ts'
import { inTransaction, recordRepair } from './repair.ts'
import { inRunSession } from './run-session.ts'

/** A run that began and wrote nothing about its end. */
export interface OpenRun {
  readonly id: number
  readonly command: string
  readonly user: string
  readonly host: string
  readonly process: number
  readonly startedAt: Date
}

/**
 * Writes down the end of runs that died before they could. Who holds the runner's lock is the only run there is, so
 * every other one without an end is dead; a run that lives makes this wait, and then refuses it. The next run of any kind
 * does the same; this is for who does not want to wait for it, and for runs whose lease ran out.
 *
 * @throws ToolkitError `repair-refused` where there is none, and what `repair` throws
 */
export async function endDeadRuns(
  input: RunInput & { readonly confirm: (runs: readonly OpenRun[]) => Promise<void> },
): Promise<readonly OpenRun[]> {
  const { connection, options } = input
  const journal = await openJournal(connection, options?.schema)
  const planned = await openRuns(journal)
  if (options?.dryRun === true) return planned
  await input.confirm(planned)
  return inRunSession(input, journal, async (sessions) => {
    const runs = await openRuns(journal)
    await upgradeJournal(journal)
    await recordedRun(input, journal, { ...sessions, command: 'repair' }, ({ run }) =>
      inTransaction(journal, async () => {
        await end(journal, runs)
        const before = runs.map((one) => ({ ...one, outcome: null }))
        const after = runs.map(({ id }) => ({ id, outcome: 'failed' }))
        await recordRepair(journal, run, { migration: null, action: 'dead-runs', before, after })
      }),
    )
    return runs
  })
}

async function openRuns(journal: Journal): Promise<readonly OpenRun[]> {
  const known = (await journalVersion(journal)) > 0
  const rows = known
    ? await journal.tables
        .selectFrom('run')
        .select(['id', 'command', 'by_user', 'host', 'process', 'started_at'])
        .where('outcome', 'is', null)
        .orderBy('id')
        .execute()
    : []
  if (rows.length === 0) {
    throw new ToolkitError({
      code: 'repair-refused',
      message: 'Every run in the journal has an end. Nothing was changed.',
      hint: 'There is nothing to mend. See: migrate status',
    })
  }
  return rows.map(({ by_user: user, started_at: startedAt, ...row }) => ({ ...row, user, startedAt }))
}

async function end(journal: Journal, runs: readonly OpenRun[]): Promise<void> {
  await journal.tables
    .updateTable('run')
    .set({
      ended_at: new Date(),
      outcome: 'failed',
      error_code: 'connection-lost',
      error: 'The process ended without writing down how; the end was written by migrate repair.',
    })
    .where(
      'id',
      'in',
      runs.map(({ id }) => id),
    )
    .execute()
}
