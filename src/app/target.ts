import type { Connection } from '../model/database.ts'
import { connect } from '../db/connect.ts'
import type { ConnectOptions } from '../db/connect.ts'
import { phaseOf } from '../lint/phase.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { runMigrations } from '../run/run-migration.ts'
import type { RunMigration } from '../run/run-migration.ts'
import type { Context } from './context.ts'
import { databaseUrl } from './database-url.ts'
import { serverRefusal } from './server-refusal.ts'

/**
 * Runs `work` with a session on the target, which is closed however it ends. What may write goes to the direct address
 * where one is named. `openAnother` opens one more session on the same address.
 *
 * @throws ToolkitError `url-missing`, `url-invalid`, `cannot-connect`, `authentication-failed`,
 * `permission-denied`, `server-refused`
 */
export async function withTarget<T>(
  context: Context,
  options: ConnectOptions & { readonly readOnly: boolean },
  work: (connection: Connection, openAnother: () => Promise<Connection>) => Promise<T>,
): Promise<T> {
  const url = options.readOnly ? await targetUrl(context) : (directUrl(context) ?? (await targetUrl(context)))
  const connection = await connect(url, options)
  try {
    return await work(connection, () => connect(url, { ...options, applicationName: 'migrate watch' }))
  } catch (error) {
    throw serverRefusal(error)
  } finally {
    await connection.close()
  }
}

function targetUrl({ url, env, loaded }: Context): Promise<string> {
  return databaseUrl(url, env, loaded.config.url)
}

/** The address that leads past a pooler, for what changes the database. */
function directUrl({ directUrl: flag, env, loaded }: Context): string | undefined {
  const fromEnvironment = env['MIGRATE_DIRECT_URL']
  return flag ?? (fromEnvironment === '' ? undefined : fromEnvironment) ?? loaded.config.directUrl
}

/** Migrations with what the runner must know of them. */
export function forRunner(context: Context, history: readonly ParsedMigration[]): readonly RunMigration[] {
  return runMigrations(history, { phaseOf, meaning: (sql) => context.dialect.meaning(sql) })
}

/** `180004` as `18`. */
export function majorOf(connection: Connection): number {
  return Math.floor(connection.versionNumber / 10_000)
}
