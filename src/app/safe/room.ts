import { formatBytes } from '../../core/bytes.ts'
import { ToolkitError } from '../../core/errors.ts'
import type { Connection } from '../../model/database.ts'
import type { BackfillProgress } from '../../model/journal.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { type DiskNeed, diskNeeds } from '../disk/need.ts'
import { freeSpace } from '../disk/free.ts'
import type { Context } from '../context.ts'
import { readSizesOf } from '../live-schema.ts'
import { storedProofs } from '../proofs.ts'
import { plannedStatements } from '../run-plan/statements.ts'
import { majorOf } from '../target.ts'

/** A server that lacks this much, four segments of its log, is about to stop whatever is run. */
const neverAskedBytes = 64 * 1024 ** 2

interface Room {
  readonly connection: Connection
  readonly pending: ReadonlySet<string>
  readonly backfills: readonly BackfillProgress[]
  /** What was said of the disk for this run. */
  readonly diskFree?: string | undefined
}

/**
 * Whether what is pending has room: tables that are written anew, indexes that are built, rows that are changed or
 * copied, and the log of all of them. Where
 * little is written nobody is asked; where much is, not knowing is a no.
 *
 * @throws ToolkitError `disk-short`, `disk-unknown`
 */
export async function refuseWithoutRoom(
  context: Context,
  history: readonly ParsedMigration[],
  { connection, pending, backfills, diskFree }: Room,
): Promise<void> {
  const { journalSchema, safe } = context.loaded.config
  const sizes = await readSizesOf(connection, journalSchema)
  const stored = await storedProofs(context, history)
  const known = { history, stored, sizes, rates: { perSecond: {} }, server: majorOf(connection) }
  const planned = plannedStatements(context, pending, known)
  const migrations = history.filter(({ id }) => pending.has(id))
  const needs = diskNeeds(migrations, planned, { sizes, history, backfills }).toSorted((a, b) => b.bytes - a.bytes)
  const needed = needs.reduce((sum, { bytes }) => sum + bytes, 0)
  if (needed <= neverAskedBytes) return
  const sources = { asked: diskFree, command: safe.diskCommand, configured: safe.diskFree }
  const free = await freeSpace(connection, { ...sources, cwd: context.loaded.root, env: context.env })
  const may = `What is pending may write ${formatBytes(needed)}`
  if (!free.known) throw noRoom('disk-unknown', `${may}, and how much room there is nobody knows: ${free.why}.`, needs)
  if (free.bytes >= needed) return
  throw noRoom('disk-short', `${may}, and ${formatBytes(free.bytes)} are free (${free.source}).`, needs)
}

/** The largest say enough. */
const shownNeeds = 5

function noRoom(code: 'disk-unknown' | 'disk-short', message: string, needs: readonly DiskNeed[]): ToolkitError {
  return new ToolkitError({
    code,
    message: `${message} Nothing was changed.`,
    details: needs
      .slice(0, shownNeeds)
      .map(({ what }) => `  ${what}`)
      .join('\n'),
    hint:
      code === 'disk-unknown'
        ? 'Say it with --disk-free 200GB, or let safe.diskCommand in the configuration find it out.'
        : 'Make room, or run less at once: migrate up 1 --safe',
  })
}
