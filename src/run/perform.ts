import { setImmediate } from 'node:timers/promises'
import { ToolkitError } from '../core/errors.ts'
import { DatabaseError } from '../db/database-error.ts'
import type { Statement } from '../model/statement.ts'
import type { RunContext } from './context.ts'
import { migrationFailed } from './failure.ts'
import { cancellable, stopIfAborted } from './interruption.ts'
import { recordSteps } from './journal/write.ts'
import { type Attempt, isLockFailure, withLockRetries } from './lock-retry.ts'
import { type SectionWork, type Took, relationsOf, resetsAfter } from './section.ts'
import { type Command, sendAhead } from './send-ahead.ts'

/**
 * Runs a section in one transaction together with its journal rows: both are kept, or neither. Every statement is a
 * message of its own, so that the server's answers and positions can be told apart, but they are sent ahead: a
 * migration takes three round trips, for BEGIN, for all of this, and for COMMIT.
 *
 * @throws ToolkitError `migration-failed`, `lock-timeout`, `connection-lost`, `interrupted`, `terminated`
 */
export async function performInTransaction(context: RunContext, work: SectionWork): Promise<Took> {
  const begunAt = context.clock.now()
  const subject = { migration: work.migration, tables: relationsOf(work.statements) }
  return withLockRetries(context, subject, async (attempt) => {
    await oneAttempt(context, work, attempt)
    const durationMs = context.clock.now() - begunAt
    return { attempts: attempt.attempt, lockWaitMs: attempt.lockWaitMs, durationMs }
  })
}

async function oneAttempt(context: RunContext, work: SectionWork, attempt: Attempt): Promise<void> {
  let current: Statement | undefined
  const { connection, signal } = context
  const statements = work.statements.map((statement, index): Command => ({
    turn: () => {
      current = statement
      context.emit({ kind: 'statement-started', migration: work.migration, statement: index, sql: statement.sql })
    },
    send: () => connection.run(statement.sql),
    alone: goesAlone(statement),
  }))
  const resets = resetsAfter(work.statements)
  const turn = (): void => {
    current = undefined
  }
  const rest: readonly Command[] = [
    ...(resets === '' ? [] : [{ turn, send: () => connection.run(resets) }]),
    { turn, send: () => recordAhead(work, attempt) },
  ]
  try {
    await inTransaction(context, attempt.lockTimeoutMs, () =>
      cancellable(connection, signal, () => sendAhead([...statements, ...rest])),
    )
  } catch (error) {
    await recordRolledBack(context, work, current, attempt, error)
    if (isLockFailure(error) || !(error instanceof DatabaseError)) throw error
    throw migrationFailed(work, error, current)
  }
}

/** The last command: made when the statements have left, so that the server works on them meanwhile. */
async function recordAhead(work: SectionWork, { attempt, lockWaitMs }: Attempt): Promise<void> {
  await setImmediate()
  // How long the transaction takes is not known yet; the server adds it to what went before.
  await work.record({ attempts: attempt, lockWaitMs, durationMs: lockWaitMs, sinceBegin: true })
}

/**
 * COPY FROM STDIN would read the next message as its data. ROLLBACK TO makes a failed transaction go on, so what is
 * behind it must not be under way when something before it fails.
 */
function goesAlone({ facts }: Statement): boolean {
  return facts.some(
    (fact) =>
      (fact.kind === 'copy' && fact.direction === 'from') ||
      (fact.kind === 'transaction' && fact.action === 'rollback-to'),
  )
}

/**
 * BEGIN, work, COMMIT; ROLLBACK when anything fails. A connection that breaks during COMMIT is reported as broken,
 * never as done: the next run reads in the journal which it was.
 */
export async function inTransaction(
  context: RunContext,
  lockTimeoutMs: number,
  work: () => Promise<void>,
): Promise<void> {
  const { connection } = context
  stopIfAborted(context.signal)
  await connection.run(`begin; set local lock_timeout = ${Math.round(lockTimeoutMs)}`)
  try {
    await work()
    // Deferred triggers and constraints run in it, for as long as they like.
    await cancellable(connection, context.signal, () => connection.run('commit'))
  } catch (error) {
    await rollback(context)
    throw error
  }
}

async function rollback({ connection, log }: RunContext): Promise<void> {
  try {
    await connection.run('rollback')
  } catch (error) {
    // A cancel request that came late may hit the first ROLLBACK. A broken connection rolls back by itself.
    log.debug({ err: error }, 'rollback failed, trying once more')
    await connection.run('rollback').catch(() => undefined)
  }
}

async function recordRolledBack(
  context: RunContext,
  work: SectionWork,
  statement: Statement | undefined,
  attempt: Attempt,
  error: unknown,
): Promise<void> {
  const index = statement === undefined ? -1 : work.statements.indexOf(statement)
  const step = {
    migration: work.migration,
    direction: work.direction,
    ...(index === -1 ? {} : { statement: index }),
    event: 'rolled-back' as const,
    ...(statement === undefined ? {} : { sql: statement.sql }),
    attempt: attempt.attempt,
    lockWaitMs: attempt.lockWaitMs,
    error: error instanceof Error ? error.message : String(error),
    sqlState: error instanceof DatabaseError ? error.sqlState : undefined,
  }
  try {
    await recordSteps(context.journal, context.run, [step])
  } catch (unwritten) {
    if (!(error instanceof ToolkitError))
      context.log.warn({ err: unwritten }, 'the failure could not be written to the journal')
  }
}
