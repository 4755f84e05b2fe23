import { DatabaseError } from '../../db/database-error.ts'
import type { Connection } from '../../model/database.ts'
import { quoteLiteral, quoteName } from '../../model/name.ts'

/** Who sends statements, and where names are looked up. */
export interface Sender {
  readonly role: string | null
  readonly searchPath: string | null
}

/** What the server refused. */
export interface Failure {
  readonly stage: 'prepare' | 'describe' | 'explain' | 'execute'
  readonly sqlState: string | null
  readonly message: string
}

export type Answer<T> = { readonly value: T; readonly failure?: undefined } | { readonly failure: Failure }

/** A statement of an application that runs longer on a few hundred rows does not wait for data. */
const timeoutMs = 10_000

/**
 * Does something in a transaction that is rolled back, with the sender's search path and, from `become` on, as its role.
 * Prepared statements are thrown away as well. `first` is done before, in the same transaction.
 */
export async function asSender<T>(
  connection: Connection,
  { searchPath }: Sender,
  work: () => Promise<T>,
  first?: () => Promise<unknown>,
): Promise<T> {
  await connection.run(
    `begin; set local plan_cache_mode = force_generic_plan; set local statement_timeout = ${timeoutMs}`,
  )
  try {
    await first?.()
    if (searchPath !== null) await connection.query(`select set_config('search_path', $1, true)`, [searchPath])
    return await work()
  } finally {
    await connection.run('rollback')
    await connection.run('deallocate all; select pg_advisory_unlock_all()')
  }
}

/** Takes the sender's role for the rest of the transaction; what a savepoint undoes begins after it. */
export function become(connection: Connection, { role }: Sender): Promise<void> {
  const take = role === null ? '' : `set local role ${quoteName(role)}; `
  return connection.run(`${take}savepoint statement`)
}

/** What was not kept by the server is an answer, not an error. */
export async function attempt<T>(stage: Failure['stage'], work: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return { failure: { stage, sqlState: error.sqlState ?? null, message: error.message } }
  }
}

/** Undoes what the statement before it did, whether it failed or not. */
export function undo(connection: Connection): Promise<void> {
  return connection.run('rollback to savepoint statement')
}

/** Arguments of EXECUTE. */
export function argumentsText(values: readonly (string | null)[]): string {
  if (values.length === 0) return ''
  return `(${values.map((value) => (value === null ? 'null' : quoteLiteral(value))).join(', ')})`
}

/** `42703: column "code" does not exist`. */
export function failureText({ sqlState, message }: Failure): string {
  return sqlState === null ? message : `${sqlState}: ${message}`
}
