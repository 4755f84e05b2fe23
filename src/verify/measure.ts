import type { Connection, Notice } from '../model/database.ts'
import { type Locks, addLocks, processIdOf } from './locks.ts'
import { runWatched } from './measure-alone.ts'
import { type Measurement, type Observation, readForeignKeys, summarise } from './observation.ts'
import { readRelations } from './relations.ts'

export interface MeasureOptions {
  /** False: each statement runs alone, outside any transaction block. Default true. */
  readonly transaction?: boolean
  /** Opens further sessions on the same database; without it nothing is seen of locks outside a transaction. */
  readonly connect?: () => Promise<Connection>
}

/**
 * Runs SQL as a migration would and tells what it did to the tables that were there before. It is committed.
 * Outside a transaction, give one statement, or a list of single statements.
 *
 * @throws DatabaseError when a statement fails; what was open is rolled back
 */
export async function measure(
  connection: Connection,
  sql: string | readonly string[],
  options: MeasureOptions = {},
): Promise<Measurement> {
  const statements = typeof sql === 'string' ? [sql] : sql
  const messages: string[] = []
  const stop = connection.onNotice((notice) => messages.push(noticeText(notice)))
  try {
    if (options.transaction === false) return summarise(await observeAlone(connection, statements, messages, options))
    return summarise(await observeTransaction(connection, statements, messages))
  } finally {
    stop()
  }
}

async function observeTransaction(
  connection: Connection,
  statements: readonly string[],
  messages: readonly string[],
): Promise<Observation> {
  const processId = await processIdOf(connection)
  const locks: Locks = new Map()
  try {
    await connection.run('begin')
    const before = await readRelations(connection)
    await connection.run('set local client_min_messages = debug1')
    for (const statement of statements) await connection.run(statement)
    await addLocks(locks, connection, processId)
    const after = await readRelations(connection)
    const foreignKeys = await readForeignKeys(connection)
    await connection.run('commit')
    return { before, after, locks, observed: true, messages, foreignKeys, inTransaction: true }
  } catch (error) {
    await connection.run('rollback')
    throw error
  }
}

async function observeAlone(
  connection: Connection,
  statements: readonly string[],
  messages: readonly string[],
  options: MeasureOptions,
): Promise<Observation> {
  const before = await readRelations(connection)
  const locks: Locks = new Map()
  await connection.run('set client_min_messages = debug1')
  try {
    for (const statement of statements) {
      if (options.connect === undefined) await connection.run(statement)
      else await runWatched(connection, statement, options.connect, locks)
    }
  } catch (error) {
    // The SQL may have begun a transaction itself, and in a failed one not even RESET runs.
    await connection.run('rollback')
    throw error
  } finally {
    await connection.run('reset client_min_messages')
  }
  const after = await readRelations(connection)
  const foreignKeys = await readForeignKeys(connection)
  const observed = options.connect !== undefined
  return { before, after, locks, observed, messages, foreignKeys, inTransaction: false }
}

/** The text of a message of the server. */
export function noticeText({ message }: Notice): string {
  return message
}
