import { ToolkitError } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import { connect } from '../db/connect.ts'
import type { ConnectOptions } from '../db/connect.ts'
import { phaseOf } from '../lint/phase.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { openJournal } from '../run/journal.ts'
import { type Place, checkedPlace } from '../run/place.ts'
import { runMigrations } from '../run/run-migration.ts'
import type { RunMigration } from '../run/run-migration.ts'
import type { Context } from './context.ts'
import { type Environment, databaseUrl, withServiceIfAny } from './database-url.ts'
import { serverRefusal } from './server-refusal.ts'

export interface TargetOptions extends ConnectOptions {
  readonly readOnly: boolean
  /** Whatever database the address leads to will do: its label is not looked at. */
  readonly anyPlace?: boolean
}

/**
 * Runs `work` with a session on the target, which is closed however it ends. What may write goes to the direct address
 * where one is named. `openAnother` opens one more session on the same address, without the role: the login may see and
 * cancel its own sessions, which the role may not. A database with another label than the
 * one expected is refused before anything else is asked.
 *
 * @throws ToolkitError `url-missing`, `url-invalid`, `cannot-connect`, `authentication-failed`, `label-mismatch`,
 * `label-copied`, `permission-denied`, `server-refused`
 */
export async function withTarget<T>(
  context: Context,
  options: TargetOptions,
  work: (connection: Connection, openAnother: () => Promise<Connection>, place: Place) => Promise<T>,
): Promise<T> {
  const direct = options.readOnly ? undefined : directUrl(context)
  const url = direct === undefined ? await targetUrl(context) : await withServiceIfAny(direct, context.env)
  const { passwordCommand } = context.loaded.config
  const login = { ...options, passwordCommand }
  const connection = await connect(url, { ...login, role: roleOf(context) })
  try {
    const place = options.anyPlace === true ? nowhere : await placeOf(context, connection, options)
    return await work(connection, () => connect(url, { ...login, applicationName: 'migrate watch' }), place)
  } catch (error) {
    throw serverRefusal(error)
  } finally {
    await connection.close()
  }
}

const nowhere: Place = { label: undefined, named: false }

async function placeOf(context: Context, connection: Connection, { readOnly }: TargetOptions): Promise<Place> {
  const expected = expectedLabel(context)
  const journal = await openJournal(connection, context.loaded.config.journalSchema)
  try {
    return await checkedPlace(journal, expected)
  } catch (error) {
    // Who may only read, and not even the journal, harms no place; where a certain one is expected, unknown is a no.
    const unseen = error instanceof ToolkitError && error.code === 'permission-denied'
    if (unseen && readOnly && expected === undefined) return nowhere
    throw error
  }
}

/** The label that the database must have: `--label`, else MIGRATE_LABEL, else the configuration. */
function expectedLabel({ label, env, loaded }: Context): string | undefined {
  return label ?? fromEnvironment(env, 'MIGRATE_LABEL') ?? loaded.config.label
}

/** The role to take, found in the same way. */
function roleOf({ role, env, loaded }: Context): string | undefined {
  return role ?? fromEnvironment(env, 'MIGRATE_ROLE') ?? loaded.config.role
}

function targetUrl({ url, env, loaded }: Context): Promise<string> {
  return databaseUrl(url, env, loaded.config.url)
}

/** The address that leads past a pooler, for what changes the database. */
function directUrl({ directUrl: flag, env, loaded }: Context): string | undefined {
  return flag ?? fromEnvironment(env, 'MIGRATE_DIRECT_URL') ?? loaded.config.directUrl
}

function fromEnvironment(env: Environment, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name]
}

/** Migrations with what the runner must know of them. */
export function forRunner(context: Context, history: readonly ParsedMigration[]): readonly RunMigration[] {
  return runMigrations(history, { phaseOf, meaning: (sql) => context.dialect.meaning(sql) })
}

/** `180004` as `18`. */
export function majorOf(connection: Connection): number {
  return Math.floor(connection.versionNumber / 10_000)
}
