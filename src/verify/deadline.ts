import { formatDuration } from '../core/time.ts'
import { FailedStatement } from './failed-statement.ts'
import type { Carry } from './stairway.ts'

/** How long a section may take where nothing else is said. */
export const defaultDeadlineMs = 60_000

/** A request to cancel that comes between two statements hits nothing, so it is made again. */
const askAgainAfterMs = 500

/** A section did not end in time and was cancelled. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed'
}

/** Whether a section failed because it was cancelled. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof DeadlinePassed || (error instanceof Error && error.cause instanceof DeadlinePassed)
}

/**
 * Carries a section out as `carry` does, and has the server cancel it, over another session, when it takes too long. In
 * an embedded database nothing can be cancelled: it has one session, and this process waits for it.
 *
 * @throws DeadlinePassed, by itself or as the cause of the FailedStatement that was running
 */
export function withDeadline(carry: Carry, deadlineMs: number): Carry {
  return async (connection, section, parsed) => {
    let passed = false
    const cancel = (): void => {
      passed = true
      // A server that cannot be reached ends the section by itself.
      connection.cancel().catch(() => undefined)
      timer = setTimeout(cancel, askAgainAfterMs)
    }
    let timer = setTimeout(cancel, deadlineMs)
    try {
      await carry(connection, section, parsed)
    } catch (error) {
      if (!passed) throw error
      const late = new DeadlinePassed(`it did not end within ${formatDuration(deadlineMs)} and was cancelled`)
      throw error instanceof FailedStatement ? new FailedStatement(error.statement, late) : late
    } finally {
      clearTimeout(timer)
    }
  }
}
