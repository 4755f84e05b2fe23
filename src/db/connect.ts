import { ToolkitError } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import { redactUrl } from './redact.ts'

export interface ConnectOptions {
  /** What the server's `pg_stat_activity` shows; `migrate` when absent. A name in the URL goes before it. */
  readonly applicationName?: string
  /** Every transaction of the session refuses to change anything. */
  readonly readOnly?: boolean
  /** The role that the session begins with, as after SET ROLE; a read-only one only where it may. */
  readonly role?: string | undefined
  /** A program with its words that prints the password, where neither the URL nor PGPASSWORD has one. */
  readonly passwordCommand?: readonly string[] | undefined
}

/**
 * Opens one session: `postgres://…` and `postgresql://…` on a server, `pglite://PATH` and `pglite://memory` inside
 * this process. Parts that a URL leaves out come from the `PG*` variables.
 *
 * @throws ToolkitError `url-invalid`, `cannot-connect`, `authentication-failed`, `runner-locked`,
 * `role-unknown`, `permission-denied`
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Connection> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase()
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const { connectPostgres } = await import('./postgres.ts')
    return connectPostgres(url, options)
  }
  if (scheme === 'pglite') {
    const { connectPglite } = await import('./pglite.ts')
    return connectPglite(url, options)
  }
  throw new ToolkitError({
    code: 'url-invalid',
    message:
      scheme === undefined
        ? `"${redactUrl(url)}" is not a database URL.`
        : `"${scheme}" is not a kind of database that is supported: ${redactUrl(url)}`,
    hint: 'Write postgres://user:password@host:5432/database, pglite://PATH or pglite://memory.',
  })
}
