import { ToolkitError } from '../core/errors.ts'
import { plural } from '../core/text.ts'
import type { JournalState } from '../model/journal.ts'
import { type Journal, openJournal } from './journal.ts'
import { readJournal } from './journal/read.ts'
import { upgradeJournal } from './journal/upgrade.ts'
import { migrationRow, recordSteps } from './journal/write.ts'
import { type RunInput, recordedRun } from './recorded-run.ts'
import { inTransaction } from './repair.ts'
import type { RunMigration } from './run-migration.ts'
import { inRunSession } from './run-session.ts'

/** A migration that the database has already. */
export interface Adopted {
  readonly migration: RunMigration
  /** When it was applied, where anybody knows. */
  readonly appliedAt?: Date | undefined
}

export interface AdoptInput extends RunInput {
  /** In the order in which they were applied. */
  readonly adopted: readonly Adopted[]
  /** On whose word: of whoever types it, or of the journal of another tool. */
  readonly command: 'baseline' | 'import'
}

/**
 * Writes migrations down as applied without running them, all or none. Only a journal without rows takes them: what it
 * says of its own is never mixed with what somebody says.
 *
 * @throws ToolkitError `adoption-refused`, `read-only-server`, `transaction-pooler`, `runner-locked`, `journal-newer`,
 * `journal-unreadable`
 */
export async function adopt(input: AdoptInput): Promise<void> {
  const { connection, adopted, command } = input
  const journal = await openJournal(connection, input.options?.schema)
  refuseUsed(await readJournal(journal), command)
  await inRunSession(input, journal, async (sessions) => {
    // Another run may have been at work while this one waited for the lock.
    refuseUsed(await readJournal(journal), command)
    await upgradeJournal(journal)
    await recordedRun(input, journal, { ...sessions, command }, ({ run }) => write(journal, run, adopted, command))
  })
}

/** @throws ToolkitError `adoption-refused` where the journal says anything of its own */
export function refuseUsed({ applied, unfinished, backfills }: JournalState, command: AdoptInput['command']): void {
  const rows = applied.length + unfinished.length + backfills.length
  if (rows === 0) return
  throw new ToolkitError({
    code: 'adoption-refused',
    message: `The journal of this database is in use: it knows ${plural(rows, 'migration')}. Nothing was changed.`,
    hint: `"migrate ${command}" begins a journal. See what is in it with: migrate status. One migration is mended with: migrate repair`,
  })
}

async function write(
  journal: Journal,
  run: number,
  adopted: readonly Adopted[],
  command: AdoptInput['command'],
): Promise<void> {
  if (adopted.length === 0) return
  const event = command === 'baseline' ? 'baselined' : 'imported'
  await inTransaction(journal, async () => {
    // One after the other: their order in the table is the order in which they would be reverted.
    for (const { migration, appliedAt } of adopted) {
      const when = appliedAt === undefined ? {} : { applied_at: appliedAt }
      await journal.tables
        .insertInto('migration')
        .values({ ...migrationRow(run, migration), ...when })
        .execute()
    }
    const steps = adopted.map(({ migration: { id } }) => ({ migration: id, direction: 'up', event }) as const)
    await recordSteps(journal, run, steps)
  })
}
