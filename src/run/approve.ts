import { ToolkitError } from '../core/errors.ts'
import { suggestion } from '../core/text.ts'
import type { Clock } from '../core/time.ts'
import type { Connection } from '../model/database.ts'
import type { Approval } from '../model/journal.ts'
import { type Journal, openJournal } from './journal.ts'
import { journalVersion } from './journal/read.ts'
import { upgradeJournal } from './journal/upgrade.ts'
import { journalVersions } from './journal/versions.ts'
import { recordApproval } from './journal/write.ts'
import { withRunnerLock } from './mutex.ts'
import type { RunMigration } from './run-migration.ts'
import { prepareSession, refuseReadOnly } from './session.ts'

export interface ApproveInput {
  readonly connection: Connection
  readonly migrations: readonly RunMigration[]
  /** A change's name or a migration's id; anything where `digest` is given. */
  readonly subject: string
  /** What is approved, where it is neither a change nor a migration. */
  readonly digest?: string | undefined
  /** Who approves. */
  readonly by: string
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  readonly options?: { readonly schema?: string | undefined; readonly waitForRunnerMs?: number | undefined } | undefined
}

/** An approval waits only while another run creates the journal, which takes a moment. */
const defaultWaitMs = 10_000

/**
 * Writes down that somebody approved a change, or one migration, as its files are now.
 *
 * @throws ToolkitError `migration-unknown`, `runner-locked`, `read-only-server`, `journal-newer`, `journal-unreadable`
 */
export async function approve(input: ApproveInput): Promise<Approval> {
  const { connection, subject, by, options = {} } = input
  const digest = input.digest ?? digestFor(input)
  const journal = await openJournal(connection, options.schema)
  await refuseReadOnly(connection)
  const restore = await prepareSession(connection)
  try {
    return await recorded(input, journal, { subject, by, digest })
  } finally {
    await restore()
  }
}

async function recorded(
  { connection, clock, signal, options = {} }: ApproveInput,
  journal: Journal,
  approval: Omit<Approval, 'at'>,
): Promise<Approval> {
  const mutex = {
    schema: journal.schema,
    waitMs: options.waitForRunnerMs ?? defaultWaitMs,
    clock,
    random: Math.random,
    signal,
    onWait: () => undefined,
  }
  // A long backfill holds the lock for hours; where the journal is there and new enough, nothing has to wait for it.
  if (!(await journalIsCurrent(journal))) await withRunnerLock(connection, mutex, () => upgradeJournal(journal))
  return { ...approval, at: await recordApproval(journal, approval) }
}

async function journalIsCurrent(journal: Journal): Promise<boolean> {
  return (await journalVersion(journal)) === journalVersions.length
}

function digestFor({ migrations, subject }: ApproveInput): string {
  const found = migrations.find(({ id, change }) => change === subject || id === subject)
  if (found !== undefined) return found.digest
  const known = migrations.flatMap(({ id, change }) => (change === undefined ? [id] : [change, id]))
  throw new ToolkitError({
    code: 'migration-unknown',
    message: `There is no change and no migration "${subject}" to approve.`,
    hint: suggestion(subject, [...new Set(known)]),
  })
}
