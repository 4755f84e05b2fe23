import { ToolkitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Connection } from '../model/database.ts'
import { type Journal, openJournal } from './journal.ts'

/** The sessions over which the journal can be reached. */
export interface Rescue {
  readonly journal: Journal
  readonly second: Connection | undefined
  readonly openAnother: (() => Promise<Connection>) | undefined
  readonly log: Log
}

export function isLost(error: unknown): error is ToolkitError {
  return error instanceof ToolkitError && error.code === 'connection-lost'
}

/**
 * Does something with the journal over the first session that still lives: that of the run, the one that watches, a new
 * one. Undefined when there is none, or when the server refuses.
 */
export async function overAnySession<T>(
  rescue: Rescue,
  work: (journal: Journal) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work(rescue.journal)
  } catch (error) {
    if (isLost(error)) return overAnotherSession(rescue, work)
    rescue.log.warn({ err: error }, 'the journal could not be written')
    return undefined
  }
}

/** The same where the session of the run is known to be lost. */
export async function overAnotherSession<T>(
  { journal, second, openAnother, log }: Rescue,
  work: (journal: Journal) => Promise<T>,
): Promise<T | undefined> {
  const over = async (connection: Connection): Promise<T> => work(await openJournal(connection, journal.schema))
  try {
    if (second !== undefined) return await over(second)
  } catch (error) {
    log.debug({ err: error }, 'the second session is lost too')
  }
  try {
    const fresh = await openAnother?.()
    if (fresh !== undefined) return await over(fresh).finally(() => fresh.close())
  } catch (error) {
    log.warn({ err: error }, 'the journal cannot be reached')
  }
  return undefined
}
