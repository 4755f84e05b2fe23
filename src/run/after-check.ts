import { ToolkitError, messageOf } from '../core/errors.ts'
import type { JournalState } from '../model/journal.ts'
import type { ParsedSql } from '../model/statement.ts'
import { askChecks } from './checks.ts'
import type { RunContext } from './context.ts'
import { revert } from './revert.ts'
import { recordSteps } from './journal/write.ts'
import type { RunMigration } from './run-migration.ts'
import { type WayBack, wayBack } from './way-back.ts'

/** What is asked after each migration beside its own checks, and what is done where the answer is no. */
export interface AfterEach {
  /** Undefined: all is well; else why not, in one sentence. Absent: nobody else is asked. */
  readonly healthy?:
    | ((migration: RunMigration, signal: AbortSignal | undefined) => Promise<string | undefined>)
    | undefined
  /** Throws where a downgrade may not be run without anybody being asked. Absent: none is. */
  readonly mayRevert?: ((back: WayBack) => Promise<void>) | undefined
  /** The dialect's: a way back may have to be taken from the journal. */
  readonly parse: (sql: string) => ParsedSql
}

/** Whether anything is asked after this migration. */
export function isChecked({ checks = [] }: RunMigration, after: AfterEach | undefined): boolean {
  return checks.length > 0 || after?.healthy !== undefined
}

/**
 * Asks what is due after a migration that is applied. Where the answer is no, its downgrade is run if that is allowed; so
 * the database stands where the last good migration left it.
 *
 * @throws ToolkitError `check-failed` when it was reverted, `check-unreverted` when it stays
 */
export async function settle(
  context: RunContext,
  migration: RunMigration,
  { state, after }: { readonly state: JournalState; readonly after: AfterEach | undefined },
): Promise<void> {
  const { id } = migration
  const begun = state.unfinished.find((step) => step.migration === id && step.direction === 'down')
  // A downgrade that was stopped in its middle is only ended: the answer was given before it.
  if (begun !== undefined) {
    const reason = 'its check had failed in an earlier run, which was stopped while it reverted it'
    return revertFor(context, migration, reason, { state, after })
  }
  const reason = (await askChecks(context, migration)) ?? (await after?.healthy?.(migration, context.signal))
  if (reason === undefined) return recordSteps(context.journal, context.run, [{ ...upOf(id), event: 'checked' }])
  await recordSteps(context.journal, context.run, [{ ...upOf(id), event: 'check-failed', error: reason }])
  context.emit({ kind: 'check-failed', migration: id, reason })
  return revertFor(context, migration, reason, { state, after })
}

function upOf(migration: string): { readonly migration: string; readonly direction: 'up' } {
  return { migration, direction: 'up' }
}

async function revertFor(
  context: RunContext,
  migration: RunMigration,
  reason: string,
  { state, after }: { readonly state: JournalState; readonly after: AfterEach | undefined },
): Promise<never> {
  const back = await backOf(migration, reason, { state, after })
  await revert(context, back, state, reason)
  throw new ToolkitError({
    code: 'check-failed',
    message: `${titleOf(migration)} was applied, and then ${reason}. Its proven downgrade was run: the database is where it was before this migration, and nothing behind it was applied.`,
    hint: 'Mend the migration or its check and run the command again. What happened: migrate status, and the table "step" of the journal.',
  })
}

/** The way back, where one may be taken. */
async function backOf(
  migration: RunMigration,
  reason: string,
  { state, after }: { readonly state: JournalState; readonly after: AfterEach | undefined },
): Promise<WayBack> {
  const applied = state.applied.find(({ id }) => id === migration.id)
  if (applied === undefined || after?.mayRevert === undefined)
    throw unreverted(migration, reason, 'only up --safe takes it back by itself.')
  const last = state.applied.at(-1)?.id
  if (last !== undefined && last !== migration.id) throw unreverted(migration, reason, `${last} was applied after it.`)
  try {
    const back = wayBack(applied, [migration], after.parse)
    await after.mayRevert(back)
    return back
  } catch (error) {
    if (error instanceof ToolkitError && error.code !== 'bug')
      throw unreverted(migration, reason, messageOf(error), error)
    throw error
  }
}

function unreverted(migration: RunMigration, reason: string, why: string, cause?: unknown): ToolkitError {
  return new ToolkitError({
    code: 'check-unreverted',
    message: `${titleOf(migration)} is applied, and ${reason}. It was not reverted: ${why.replace(/ Nothing was changed\.$/, '')} Nothing behind it was applied.`,
    hint: `Look at what is wrong. Once it is right, run the command again: the check is asked again and the run goes on. ${otherwise(cause)}`,
    cause,
  })
}

function otherwise(cause: unknown): string {
  const hasNone = cause instanceof ToolkitError && cause.code === 'downgrade-refused'
  return hasNone
    ? 'Where the check is wrong, correct it: it is no part of what was applied.'
    : 'Or take it back: migrate down'
}

function titleOf({ id, name }: RunMigration): string {
  return `Migration ${id} (${name})`
}
