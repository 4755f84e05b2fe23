import { ToolkitError, messageOf } from '../../core/errors.ts'
import type { Connection } from '../../model/database.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { driftOf } from '../../verify/drift/drift-of.ts'
import type { DriftReport } from '../../verify/drift/drift-of.ts'
import { driftText } from '../../verify/drift/show.ts'
import { type Fingerprint, fingerprint } from '../../verify/fingerprint.ts'
import { type Residue, readResidue } from '../../verify/residue.ts'
import { runSection } from '../../verify/run-section.ts'
import { refuseSideEffects } from '../../verify/side-effects.ts'
import type { Answer } from '../answer.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import { onShadow } from '../shadow-server.ts'
import type { ShadowRequest } from '../shadow-server.ts'
import { majorOf, withTarget } from '../target.ts'

export interface DriftRequest extends ShadowRequest {
  /** Globs over names of objects that may differ, besides those of the configuration. */
  readonly ignore: readonly string[]
  /** Compare owners, privileges and settings of roles: of roles that both servers have, or of all. */
  readonly roles?: 'none' | 'shared' | 'all' | undefined
  /** Let through what acts outside the scratch database, on a server that is thrown away. */
  readonly allowSideEffects?: boolean | undefined
}

/** What is seen of the live database, in one transaction that cannot write. */
interface Live {
  readonly major: number
  readonly schema: Fingerprint
  readonly residue: Residue
  readonly roles: ReadonlySet<string>
  /** Undefined where there is no journal. */
  readonly applied: ReadonlySet<string> | undefined
}

/** How the live database differs from what its migrations make. Reads only; the history runs on a scratch server. */
export async function answerDrift(context: Context, request: DriftRequest): Promise<Answer> {
  const history = await directoryHistory(context, 'read')
  await context.dialect.load()
  const live = await readLive(context)
  const replayed = live.applied === undefined ? history : history.filter(({ id }) => live.applied?.has(id))
  const missing = [...(live.applied ?? [])].filter((id) => !history.some((migration) => migration.id === id))
  const expected = await replay(context, request, { live, replayed })
  const report: DriftReport = {
    ...driftOf({
      expected: expected.schema,
      live: live.schema,
      expectedRoles: expected.roles,
      liveRoles: live.roles,
      roles: request.roles ?? context.loaded.config.drift.roles,
      ignore: [...context.loaded.config.drift.ignore, ...request.ignore],
    }),
    replayed: replayed.length,
    journal: live.applied !== undefined,
    missing,
    servers: { live: live.major, scratch: expected.major },
    unread: live.schema.unread,
    residue: live.residue,
  }
  const isDrift = report.differences.length > 0 || missing.length > 0
  return {
    exit: isDrift ? 'pending' : 'ok',
    json: { version: 1, drift: isDrift, ...report },
    text: (style) => driftText(report, style),
  }
}

async function readLive(context: Context): Promise<Live> {
  const { journalSchema } = context.loaded.config
  const { openJournal } = await import('../../run/journal.ts')
  const { journalVersion, readJournal } = await import('../../run/journal/read.ts')
  return withTarget(context, { readOnly: true, applicationName: 'migrate drift' }, async (connection) => {
    // One state of the database, and nothing is waited for or written.
    await connection.run(
      `begin isolation level repeatable read, read only; set local lock_timeout = '5s'; set local statement_timeout = '60s'`,
    )
    const schema = await fingerprint(connection, { journalSchema })
    const residue = await readResidue(connection, journalSchema)
    const journal = await openJournal(connection, journalSchema)
    const known = (await journalVersion(journal)) > 0
    const applied = known ? new Set((await readJournal(journal)).applied.map(({ id }) => id)) : undefined
    const roles = await rolesOf(connection)
    await connection.run('rollback')
    return { major: majorOf(connection), schema, residue, roles, applied }
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
function replay(
  context: Context,
  request: DriftRequest,
  { live, replayed }: { readonly live: Live; readonly replayed: readonly ParsedMigration[] },
): Promise<Expected> {
  return onShadow(context, { request, history: replayed }, async (server) => {
    // Only upgrades run. A server that is named is used by others too.
    const upgrades = replayed.map((migration) => ({
      ...migration,
      down: { kind: 'missing', expected: false } as const,
    }))
    const policy = {
      throwAway: server.id !== 'url',
      allowed: request.allowSideEffects === true,
      command: 'drift',
    } as const
    refuseSideEffects(
      context.dialect,
      upgrades,
      upgrades.map(({ id }) => id),
      policy,
    )
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
      hint: 'Without it nobody knows what the live database should look like. Mend it, or name a scratch server that it runs on with --shadow-url.',
      cause: error,
    })
  }
}
