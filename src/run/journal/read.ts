import { ToolkitError, messageOf } from '../../core/errors.ts'
import { DatabaseError } from '../../db/database-error.ts'
import type { AppliedMigration, Approval, BackfillProgress, JournalState } from '../../model/journal.ts'
import { nameText } from '../../model/name.ts'
import type { Journal } from '../journal.ts'
import { readProgress } from './progress.ts'
import { journalVersions } from './versions.ts'

/** What a database without a journal says. */
export const emptyJournal: JournalState = {
  applied: [],
  unfinished: [],
  backfills: [],
  approvals: [],
  deferred: [],
  unchecked: [],
}

/**
 * Reads the journal, in five round trips; writes nothing, also when there is none yet.
 *
 * @throws ToolkitError `journal-newer`, `journal-unreadable`
 */
export async function readJournal(journal: Journal): Promise<JournalState> {
  if ((await journalVersion(journal)) === 0) return emptyJournal
  return readable(journal, async () => ({
    applied: await readApplied(journal),
    ...(await readProgress(journal)),
    backfills: await readBackfills(journal),
    approvals: await readApprovals(journal),
  }))
}

/**
 * The version of the journal in the database; 0 when there is none.
 *
 * @throws ToolkitError `journal-newer`, `journal-unreadable`
 */
export async function journalVersion(journal: Journal): Promise<number> {
  const found = await readable(journal, () =>
    journal.connection.query<{ present: boolean; other: boolean }>(
      `select to_regclass($1) is not null as present, to_regclass($2) is not null as other`,
      [
        nameText({ schema: journal.schema, name: 'journal_version' }),
        nameText({ schema: journal.schema, name: 'migration' }),
      ],
    ),
  )
  if (found.rows[0]?.present !== true) {
    if (found.rows[0]?.other === true) throw unreadable(journal, 'it has a table "migration" and none of versions')
    return 0
  }
  const version = await readable(journal, async () => {
    const rows = await journal.tables
      .selectFrom('journal_version')
      .select('version')
      .orderBy('version', 'desc')
      .limit(1)
      .execute()
    return rows[0]?.version ?? 0
  })
  if (version > journalVersions.length) throw newer(journal, version)
  return version
}

/**
 * Whether a run that was held to this plan has begun here. It began only where everything was as the plan says.
 *
 * @throws ToolkitError `journal-newer`, `journal-unreadable`
 */
export async function hasBegun(journal: Journal, plan: string): Promise<boolean> {
  // Runs know their plan from version 3 on.
  if ((await journalVersion(journal)) < 3) return false
  const found = await readable(journal, () =>
    journal.tables.selectFrom('run').select('id').where('plan', '=', plan).limit(1).execute(),
  )
  return found.length > 0
}

async function readApplied(journal: Journal): Promise<readonly AppliedMigration[]> {
  const rows = await journal.tables.selectFrom('migration').selectAll().orderBy('position').execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    sha256: row.sha256,
    meaning: row.meaning,
    phase: row.phase,
    change: row.change,
    down: row.down,
    downTransaction: row.down_transaction,
    appliedAt: row.applied_at,
  }))
}

/** How a migration came to be written down as applied. */
export type Adoption = 'baselined' | 'imported'

/**
 * Those of the applied migrations that nobody ran here, by id, and how they came into the journal.
 *
 * @throws ToolkitError `journal-newer`, `journal-unreadable`
 */
export async function readAdoptions(journal: Journal): Promise<ReadonlyMap<string, Adoption>> {
  if ((await journalVersion(journal)) === 0) return new Map()
  const rows = await readable(journal, () =>
    journal.tables
      .selectFrom('step')
      .select(['migration', 'event'])
      .where('statement', 'is', null)
      .where('event', 'in', ['done', 'baselined', 'imported'])
      .orderBy('id')
      .execute(),
  )
  const last = new Map<string, Adoption>()
  for (const { migration, event } of rows) {
    if (event === 'baselined' || event === 'imported') last.set(migration, event)
    else last.delete(migration)
  }
  return last
}

async function readBackfills(journal: Journal): Promise<readonly BackfillProgress[]> {
  const rows = await journal.tables.selectFrom('backfill').selectAll().orderBy('migration').execute()
  return rows.map((row) => ({
    migration: row.migration,
    status: row.status,
    cursor: row.cursor,
    upperBound: row.upper_bound,
    rowsDone: Number(row.rows_done),
    rowsEstimated: Number(row.rows_estimated),
  }))
}

async function readApprovals(journal: Journal): Promise<readonly Approval[]> {
  const rows = await journal.tables.selectFrom('approval').selectAll().orderBy('id').execute()
  return rows.map((row) => ({ subject: row.subject, by: row.by_user, at: row.at, digest: row.digest }))
}

/** SQLSTATE classes of a table that is not as it must be: 42703 no column, 42P01 no table, 42804 and 42883 wrong type. */
const wrongShape = new Set(['42703', '42P01', '42804', '42883'])

/**
 * Reads with errors that say what is wrong with the journal.
 *
 * @throws ToolkitError `journal-unreadable`, `permission-denied`
 */
export async function readable<T>(journal: Journal, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlState === undefined) throw error
    if (error.sqlState === '42501') throw forbidden(journal, error)
    if (wrongShape.has(error.sqlState)) throw unreadable(journal, messageOf(error), error)
    throw error
  }
}

function newer(journal: Journal, version: number): ToolkitError {
  return new ToolkitError({
    code: 'journal-newer',
    message: `The journal in schema "${journal.schema}" has version ${version}; this tool knows versions up to ${journalVersions.length}.`,
    hint: 'Use the version of the tool that wrote it, or a newer one. Nothing was changed.',
  })
}

function unreadable(journal: Journal, why: string, cause?: unknown): ToolkitError {
  return new ToolkitError({
    code: 'journal-unreadable',
    message: `The schema "${journal.schema}" does not hold a journal of this tool: ${why}.`,
    hint: 'Name another schema for the journal in the configuration (journalSchema), or restore its tables. Nothing was changed.',
    cause,
  })
}

function forbidden(journal: Journal, cause: DatabaseError): ToolkitError {
  const schema = nameText({ name: journal.schema })
  const role = nameText({ name: cause.deniedTo ?? 'current_user' })
  return new ToolkitError({
    code: 'permission-denied',
    message: `The journal in schema "${journal.schema}" may not be read by this role: ${cause.message}.`,
    hint: `Let it: GRANT USAGE ON SCHEMA ${schema} TO ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
    cause,
  })
}
