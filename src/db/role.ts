import { ToolkitError } from '../core/errors.ts'
import { quoteName } from '../model/name.ts'
import type { ConnectOptions } from './connect.ts'
import { DatabaseError } from './database-error.ts'
import { databaseError } from './server-errors.ts'

/**
 * Takes the role that was asked for, and gives its name. A session that only reads goes on as it is where it may not
 * take it: what a reader is allowed to see is the reader's business.
 *
 * @throws ToolkitError `role-unknown`, `permission-denied`
 */
export async function takeRole(
  run: (sql: string) => Promise<void>,
  { role, readOnly }: ConnectOptions,
  login: string | undefined,
): Promise<string | undefined> {
  if (role === undefined) return undefined
  try {
    await run(`set role ${quoteName(role)}`)
    return role
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    if (error.sqlState === '42501' && readOnly === true) return undefined
    throw roleRefused(error, role, login)
  }
}

function roleRefused(error: DatabaseError, role: string, login: string | undefined): Error {
  if (error.sqlState === '22023') {
    return new ToolkitError({
      code: 'role-unknown',
      message: `The role "${role}" that was to be taken does not exist on this server. Nothing was changed.`,
      hint: `Check --role and "role" in the configuration, or create it: CREATE ROLE ${quoteName(role)} NOLOGIN`,
      cause: error,
    })
  }
  if (error.sqlState !== '42501') return error
  return new ToolkitError({
    code: 'permission-denied',
    message: `The user "${login ?? ''}" may not take the role "${role}". Nothing was changed.`,
    hint: `Let it: GRANT ${quoteName(role)} TO ${quoteName(login ?? '')}`,
    cause: error,
  })
}

/**
 * Why a session could not begin with the role, or with any setting of its own: a pooler takes only what it knows.
 * Undefined where something else is wrong.
 */
export function startRefused(
  error: unknown,
  { role, login }: { readonly role: string | undefined; readonly login: string | undefined },
): Error | undefined {
  const fromServer = databaseError(error)
  if (fromServer?.sqlState === '08P01' && /startup parameter/.test(fromServer.message)) return poolerRefuses(role)
  const isRole = role !== undefined && fromServer !== undefined && /\brole\b/.test(fromServer.message)
  return isRole && /^(?:42501|22023)$/.test(fromServer.sqlState ?? '')
    ? roleRefused(fromServer, role, login)
    : undefined
}

/** For a pooler that does not hand on what a session begins with. */
export function poolerRefuses(role: string | undefined): ToolkitError {
  return new ToolkitError({
    code: 'transaction-pooler',
    message: `This address leads to a pooler that does not hand on what a session begins with${role === undefined ? '' : `, here the role "${role}"`}. Nothing was changed.`,
    hint: 'Name the address of the server itself: --direct-url postgres://…, MIGRATE_DIRECT_URL or "directUrl" in the configuration.',
  })
}
