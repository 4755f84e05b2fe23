import { ToolkitError, messageOf } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import type { JournalState } from '../model/journal.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { driftOf } from '../verify/drift/drift-of.ts'
import type { DriftReport } from '../verify/drift/drift-of.ts'
import { type Fingerprint, fingerprint } from '../verify/fingerprint.ts'
import { type Residue, readResidue } from '../verify/residue.ts'
import { FailedStatement, placeOf } from '../verify/failed-statement.ts'
import { runSection } from '../verify/run-section.ts'
import { refuseSideEffects } from '../verify/side-effects.ts'
import type { Context } from './context.ts'
import { onShadow } from './shadow-server.ts'
import type { ShadowRequest } from './shadow-server.ts'
import { majorOf, withTarget } from './target.ts'

/** How a live database is compared with what migrations make. */
export interface DriftOptions extends ShadowRequest {
  /** Globs over names of objects that may differ, besides those of the configuration. */
  readonly ignore: readonly string[]
  /** Compare owners, privileges and settings of roles: of roles that both servers have, or of all. */
  readonly roles?: 'none' | 'shared' | 'all' | undefined
  /** Let through what acts outside the scratch database, on a server that is thrown away. */
  readonly allowSideEffects?: boolean | undefined
}

/** What is seen of the live database, in one transaction that cannot write. */
export interface LiveSchema {
  readonly major: number
  readonly schema: Fingerprint
  readonly residue: Residue
  readonly roles: ReadonlySet<string>
  /** Undefined where there is no journal. */
  readonly journal: JournalState | undefined
}

/** What is compared. */
export interface DriftSubject {
  /** The command that asks. */
  readonly command: string
  readonly live: LiveSchema
  /** The migrations that should have made it. */
  readonly replayed: readonly ParsedMigration[]
  /** Ids that the journal has and the directory has not. */
  readonly missing: readonly string[]
}

/**
 * Reads the live database. Nothing is waited for or written. `unseen`: a journal that the role may not read is as none, or
 * is refused.
 */
export async function readLive(context: Context, command: string, unseen: 'none' | 'refused'): Promise<LiveSchema> {
  const { journalSchema } = context.loaded.config
  const { openJournal } = await import('../run/journal.ts')
  const { journalVersion, readJournal } = await import('../run/journal/read.ts')
  return withTarget(context, { readOnly: true, applicationName: `migrate ${command}` }, async (connection) => {
    // One state of the database.
    await connection.run(
      `begin isolation level repeatable read, read only; set local lock_timeout = '5s'; set local statement_timeout = '60s'`,
    )
    const schema = await fingerprint(connection, { journalSchema })
    const residue = await readResidue(connection, journalSchema)
    const roles = await rolesOf(connection)
    const opened = await openJournal(connection, journalSchema)
    const read = async (): Promise<JournalState | undefined> =>
      (await journalVersion(opened)) > 0 ? readJournal(opened) : undefined
    const journal = await read().catch((error: unknown) => {
      if (unseen === 'none' && error instanceof ToolkitError && error.code === 'permission-denied') return undefined
      throw error
    })
    await connection.run('rollback')
    return { major: majorOf(connection), schema, residue, roles, journal }
  })
}

/** How it differs from what the migrations make on a scratch server. */
export async function driftFrom(context: Context, options: DriftOptions, subject: DriftSubject): Promise<DriftReport> {
  const { live, replayed, missing } = subject
  const expected = await replay(context, options, subject).catch((error: unknown) => {
    throw options.target === undefined ? withOtherVersion(error) : error
  })
  return {
    ...driftOf({
      expected: expected.schema,
      live: live.schema,
      expectedRoles: expected.roles,
      liveRoles: live.roles,
      roles: options.roles ?? context.loaded.config.drift.roles,
      ignore: [...context.loaded.config.drift.ignore, ...options.ignore],
    }),
    replayed: replayed.length,
    journal: live.journal !== undefined,
    missing,
    servers: { live: live.major, scratch: expected.major },
    unread: live.schema.unread,
    residue: live.residue,
  }
}

/** Another major version is no equal, but better than nothing to those who know. */
function withOtherVersion(error: unknown): unknown {
  if (!(error instanceof ToolkitError) || error.code !== 'shadow-unavailable') return error
  const { code, message, details, hint = '' } = error
  return new ToolkitError({
    code,
    message,
    ...(details === undefined ? {} : { details }),
    hint: `${hint} Another version may tell the same schema otherwise, and is taken with --target MAJOR.`.trimStart(),
    cause: error,
  })
}

async function rolesOf(connection: Connection): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query<{ name: string }>('select rolname::text as name from pg_catalog.pg_roles')
  return new Set(rows.map(({ name }) => name))
}

interface Expected {
  readonly schema: Fingerprint
  readonly roles: ReadonlySet<string>
  readonly major: number
}

/** The history on a scratch server, of the major version of the live one where that can be had. */
function replay(context: Context, options: DriftOptions, { live, replayed, command }: DriftSubject): Promise<Expected> {
  // The same schema is told otherwise by another major version.
  const target = options.target ?? context.loaded.config.target ?? live.major
  return onShadow(context, { request: { ...options, target }, history: replayed }, async (server) => {
    // A server that is named is used by others too.
    const policy = { throwAway: server.id !== 'url', allowed: options.allowSideEffects === true, command }
    refuseSideEffects(context.dialect, { upgrades: replayed }, policy)
    const connection = await (await server.createDatabase()).connect()
    for (const migration of replayed) await apply(connection, migration)
    const { journalSchema } = context.loaded.config
    const leaveOut = live.schema.unread.map(({ catalogue }) => catalogue)
    const schema = await fingerprint(connection, { journalSchema, leaveOut })
    const expected = { schema, roles: await rolesOf(connection), major: majorOf(connection) }
    await connection.close()
    return expected
  })
}

async function apply(connection: Connection, migration: ParsedMigration): Promise<void> {
  try {
    await runSection(connection, migration.up, migration.upSql)
  } catch (error) {
    throw new ToolkitError({
      code: 'migration-failed',
      message: `${migration.source.path} does not run on a scratch database: ${messageOf(error)}`,
      ...(error instanceof FailedStatement ? { at: placeOf(migration, migration.up, error.statement) } : {}),
      hint: 'Without it nobody knows what the live database should look like. Mend it, or name a scratch server that it runs on with --shadow-url.',
      cause: error,
    })
  }
}
