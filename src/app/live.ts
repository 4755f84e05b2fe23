import { relative, resolve } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import type { LiveUse } from '../model/finding.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { MeasuredRates } from '../model/rates.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Context } from './context.ts'

/** Which live database lint looks at; without either, and without `lint.snapshot` of the configuration, none. */
export interface LiveChoice {
  /** Only ever what was named for this run: a database in the environment is not asked. */
  readonly url?: string | undefined
  /** A file that `migrate snapshot` has written. */
  readonly snapshot?: string | undefined
}

export interface Live {
  readonly snapshot: Snapshot
  /** The file, as it is shown; undefined where the database itself was read. */
  readonly path: string | undefined
}

/**
 * @throws ToolkitError `command-invalid` for both at once, `snapshot-invalid`, `file-unreadable`, and what connecting
 * may end in
 */
export async function liveOf(context: Context, { url, snapshot }: LiveChoice): Promise<Live | undefined> {
  if (url !== undefined && snapshot !== undefined) {
    throw new ToolkitError({
      code: 'command-invalid',
      message: '--url and --snapshot both say what the live database holds.',
      hint: 'Give one of them.',
    })
  }
  if (url !== undefined) return { snapshot: await snapshotOf(context, url), path: undefined }
  const { cwd, loaded } = context
  const file =
    snapshot === undefined
      ? loaded.config.lint.snapshot && resolve(loaded.root, loaded.config.lint.snapshot)
      : resolve(cwd, snapshot)
  if (file === undefined) return undefined
  const path = snapshot ?? relative(cwd, file)
  const { readSnapshotFile } = await import('./snapshot-file.ts')
  return { snapshot: await readSnapshotFile(file, path), path }
}

/** Reads a database, in a session that cannot write. */
export async function snapshotOf(context: Context, url: string | undefined): Promise<Snapshot> {
  const { withTarget } = await import('./target.ts')
  const { readSnapshot } = await import('../verify/snapshot/read-snapshot.ts')
  const { openJournal } = await import('../run/journal.ts')
  const { readJournal } = await import('../run/journal/read.ts')
  const { dialect } = context
  const { journalSchema } = context.loaded.config
  await dialect.load()
  return withTarget(
    { ...context, url },
    { readOnly: true, anyPlace: true, applicationName: 'migrate snapshot' },
    (connection) =>
      readSnapshot(connection, {
        dialect,
        journalSchema,
        readApplied: async () => {
          const { applied } = await readJournal(await openJournal(connection, journalSchema))
          return applied.map(({ id }) => id)
        },
      }),
  )
}

/** How fast earlier runs worked there; nothing where the journal may not be read. */
export async function ratesOf(context: Context, url: string): Promise<MeasuredRates> {
  const { withTarget } = await import('./target.ts')
  const { openJournal } = await import('../run/journal.ts')
  const { readRates } = await import('../run/journal/rates.ts')
  const look = { readOnly: true, anyPlace: true, applicationName: 'migrate plan' }
  try {
    return await withTarget({ ...context, url }, look, async (connection) =>
      readRates(await openJournal(connection, context.loaded.config.journalSchema)),
    )
  } catch (error) {
    if (error instanceof ToolkitError && error.code === 'permission-denied') return { perSecond: {} }
    throw error
  }
}

/** Our journal says nothing of migrations that another tool runs. */
export function forHistory(live: Live | undefined, migrations: readonly ParsedMigration[]): Live | undefined {
  if (live === undefined || migrations.every(({ tool }) => tool === undefined)) return live
  return { ...live, snapshot: { ...live.snapshot, applied: undefined, journal: undefined } }
}

/** The migrations that are judged: those that the journal does not know. */
export function pendingOf(migrations: readonly ParsedMigration[], live: Live | undefined): readonly ParsedMigration[] {
  const applied = new Set(live?.snapshot.applied)
  return applied.size === 0 ? migrations : migrations.filter(({ id }) => !applied.has(id))
}

/** What a report says of the live database. */
export function liveUse({ snapshot, path }: Live, migrations: readonly ParsedMigration[]): LiveUse {
  const { server, applied, journal, unread } = snapshot
  const known = new Set(applied)
  return {
    ...(path === undefined ? {} : { path }),
    server,
    ...(applied === undefined ? {} : { applied: migrations.filter(({ id }) => known.has(id)).length }),
    ...(journal === undefined ? {} : { journal }),
    ...(unread === undefined ? {} : { unread }),
  }
}
