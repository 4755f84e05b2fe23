import { ToolkitError } from '../core/errors.ts'
import { plural, rowsOfAbout } from '../core/text.ts'
import type { AppliedMigration, JournalState } from '../model/journal.ts'
import type { Phase } from '../model/migration.ts'
import type { ParsedSql } from '../model/statement.ts'
import { openJournal } from './journal.ts'
import { readJournal } from './journal/read.ts'
import { upgradeJournal } from './journal/upgrade.ts'
import { type RunInput, type RunOptions, recordedRun } from './recorded-run.ts'
import { revert } from './revert.ts'
import type { RunMigration } from './run-migration.ts'
import { inRunSession } from './run-session.ts'
import { refuseUnrunnable } from './section.ts'
import { type WayBack, wayBack } from './way-back.ts'

export interface DownOptions extends RunOptions {
  /** How many; one when absent, all after `to` when that is given. */
  readonly steps?: number | undefined
  /** Everything that was applied after this migration, which stays. */
  readonly to?: string | undefined
}

export interface DownInput extends RunInput {
  readonly migrations: readonly RunMigration[]
  /** The dialect's: a way back may have to be taken from the journal. */
  readonly parse: (sql: string) => ParsedSql
  /** Throws to refuse, for instance because there is no valid proof. Asked for each before anything is changed. */
  readonly mayRevert?: ((back: WayBack) => Promise<void>) | undefined
  readonly options?: DownOptions | undefined
}

export interface RevertedReport {
  readonly id: string
  readonly name: string
  readonly phase: Phase
  /** Where the way back came from. */
  readonly from: WayBack['from']
  readonly durationMs: number
}

export interface DownReport {
  readonly reverted: readonly RevertedReport[]
  readonly dryRun: boolean
}

/**
 * Reverts the migrations that were applied last, the last one first. All of them are looked at before the first is
 * touched.
 *
 * @throws ToolkitError `migration-unknown`, `downgrade-refused`, what `mayRevert` throws, and what `up` throws
 */
export async function down(input: DownInput): Promise<DownReport> {
  const { connection, options = {} } = input
  const journal = await openJournal(connection, options.schema)
  const planned = await ways(input, await readJournal(journal))
  if (options.dryRun === true || planned.length === 0) {
    return { reverted: planned.map((back) => reportOf(back, 0)), dryRun: options.dryRun === true }
  }
  return inRunSession(input, journal, async (sessions) => {
    const state = await readJournal(journal)
    const backs = await ways(input, state)
    await upgradeJournal(journal)
    return recordedRun(input, journal, { ...sessions, command: 'down' }, async (context) => {
      const reverted: RevertedReport[] = []
      for (const back of backs) reverted.push(reportOf(back, await revert(context, back, state)))
      return { reverted, dryRun: false }
    })
  })
}

function reportOf({ applied, from }: WayBack, durationMs: number): RevertedReport {
  return { id: applied.id, name: applied.name, phase: applied.phase, from, durationMs }
}

async function ways(input: DownInput, state: JournalState): Promise<readonly WayBack[]> {
  const backs = chosen(input, state).map((applied) => wayBack(applied, input.migrations, input.parse))
  for (const { source, sql } of backs) refuseUnrunnable(source, sql)
  for (const back of backs) await input.mayRevert?.(back)
  return backs
}

function chosen({ options = {} }: DownInput, state: JournalState): readonly AppliedMigration[] {
  refuseUnderHalfDone(state)
  const { applied } = state
  const newestFirst = applied.toReversed()
  const { to } = options
  if (to === undefined) return newestFirst.slice(0, options.steps ?? 1)
  const stays = newestFirst.findIndex(({ id }) => id === to)
  if (stays === -1) {
    throw new ToolkitError({
      code: 'migration-unknown',
      message: `${to} is not applied, so there is no way down to it (${plural(applied.length, 'migration')} applied).`,
      hint: 'List them with: migrate status',
    })
  }
  return newestFirst.slice(0, Math.min(stays, options.steps ?? stays))
}

/**
 * What is half done stands on what is applied. A backfill too: when its column was dropped and added again, its cursor
 * would pass over the rows that it had filled.
 */
function refuseUnderHalfDone({ unfinished, backfills }: JournalState): void {
  const halfUp = unfinished.find(({ direction }) => direction === 'up')
  if (halfUp !== undefined) {
    const number = halfUp.statement + 1
    throw new ToolkitError({
      code: 'migration-halfway',
      message: `The upgrade ${halfUp.migration} stopped half-way, at statement ${number}; nothing can be reverted under it. Nothing was changed.`,
      hint: `End it first: migrate up. If it cannot be done as it is written, correct its file from statement ${number} on before; where you did it or took it back by hand: migrate repair ${halfUp.migration} --done (or --undone).`,
    })
  }
  const running = backfills.find(({ status }) => status === 'running')
  if (running === undefined) return
  const { migration, rowsDone, rowsEstimated } = running
  throw new ToolkitError({
    code: 'backfill-halfway',
    message: `The backfill ${migration} stopped after ${rowsOfAbout(rowsDone, rowsEstimated)}; nothing can be reverted under it. Nothing was changed.`,
    hint: `End it first: migrate up. Or give it up, so that it would begin anew: migrate repair ${migration} --restart-backfill`,
  })
}
