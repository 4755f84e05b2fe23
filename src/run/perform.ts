import { setImmediate } from 'node:timers/promises'
import type { ToolkitError } from '../core/errors.ts'
import { DatabaseError, sqlStateOf } from '../db/database-error.ts'
import type { Statement } from '../model/statement.ts'
import type { RunContext } from './context.ts'
import { connectionLost, migrationFailed } from './failure.ts'
import { cancellable, stopIfAborted } from './interruption.ts'
import { recordSteps } from './journal/write.ts'
import { type Attempt, isLockFailure, withLockRetries } from './lock-retry.ts'
import { LostCommit, type Witness, lookUpCommit } from './lost-commit.ts'
import { type MeasuredWork, measuredWork } from './measured-work.ts'
import { isLost, overAnySession } from './rescue.ts'
import { type SectionWork, type Took, relationsOf, settingsGivenBack, settingsSet, temporaryDrops } from './section.ts'
import { type Command, sendAhead } from './send-ahead.ts'
import { ownAgainInTransaction, resetsFor } from './session.ts'
import { limitOf, timeLimits } from './time-limits.ts'
import { watched } from './watch/watch.ts'

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

/** The statement that the server is at, and since when. */
interface Progress {
  current: Statement | undefined
  begunAt: number
}

async function oneAttempt(context: RunContext, work: SectionWork, attempt: Attempt): Promise<void> {
  const progress: Progress = { current: undefined, begunAt: context.clock.now() }
  const [first, ...later] = timeLimits(context, work.statements)
  const limits = { lockTimeoutMs: attempt.lockTimeoutMs, statementTimeoutMs: first }
  const commands = [
    ...statementsOf(context, work, progress, { limits: [undefined, ...later], attempt }),
    ...endOf(context, work, progress, attempt),
  ]
  const watch = { migration: work.migration, kind: 'transaction', onBlockers: attempt.onBlockers } as const
  try {
    await inTransaction(context, limits, work, () => watched(context, watch, () => sendAhead(commands)))
  } catch (error) {
    await recordRolledBack(context, work, progress, attempt, error)
    if (isLost(error) && !(error instanceof LostCommit)) throw connectionLost(work, error, progress.current)
    if (isLockFailure(error) || !(error instanceof DatabaseError)) throw error
    const { current } = progress
    throw migrationFailed(work, error, current, current && limitOf(context, current))
  }
}

function statementsOf(
  context: RunContext,
  { migration, statements }: SectionWork,
  progress: Progress,
  { limits, attempt }: { readonly limits: readonly (number | undefined)[]; readonly attempt: Attempt },
): readonly Command[] {
  const { connection, clock, emit, lease } = context
  const run = (sql: string): Command => ({ turn: () => undefined, send: () => connection.run(sql) })
  return statements.flatMap((statement, index): readonly Command[] => {
    const turn = (): void => {
      progress.current = statement
      progress.begunAt = clock.now()
      emit({ kind: 'statement-started', migration, statement: index, sql: statement.sql })
    }
    const command = { turn, send: () => connection.run(statement.sql), alone: goesAlone(statement) }
    const limit = limits[index]
    const own = { lockTimeoutMs: attempt.lockTimeoutMs, leased: lease !== undefined }
    const again = ownAgainInTransaction(connection, settingsGivenBack(statement), own)
    return [
      ...(limit === undefined ? [] : [run(`set local statement_timeout = ${limit}`)]),
      command,
      ...(again === '' ? [] : [run(again)]),
    ]
  })
}

/** What comes after the statements: their settings are put back, and the journal's row is written. */
function endOf(context: RunContext, work: SectionWork, progress: Progress, attempt: Attempt): readonly Command[] {
  const turn = (): void => {
    progress.current = undefined
  }
  const resets = resetsFor(context.connection, settingsSet(work.statements), context.lease !== undefined)
  return [
    ...temporaryDrops(work.statements).map((sql) => ({ turn, send: () => context.connection.run(sql) })),
    ...(resets === '' ? [] : [{ turn, send: () => context.connection.run(resets) }]),
    { turn, send: () => recordAhead(work, attempt, measuredWork(context, work.statements)) },
  ]
}

/** The last command: made when the statements have left, so that the server works on them meanwhile. */
async function recordAhead(
  work: SectionWork,
  { attempt, lockWaitMs }: Attempt,
  measured: MeasuredWork | undefined,
): Promise<void> {
  await setImmediate()
  // How long the transaction takes is not known yet; the server adds it to what went before.
  await work.record({ attempts: attempt, lockWaitMs, durationMs: lockWaitMs, sinceBegin: true, measured })
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

/** What holds until COMMIT or ROLLBACK, in milliseconds; 0 and undefined: no limit. */
export interface TransactionLimits {
  readonly lockTimeoutMs: number
  readonly statementTimeoutMs?: number | undefined
}

/** What `prepareSession` sets where the session is one's own. */
export const leasedSettings = `; set local idle_in_transaction_session_timeout = 0; set local client_connection_check_interval = '1s'`

/**
 * BEGIN, work, COMMIT; ROLLBACK when anything fails. When the connection breaks during COMMIT another session looks for
 * the row of the journal that the transaction wrote.
 *
 * @throws LostCommit with what it found
 */
export async function inTransaction(
  context: RunContext,
  { lockTimeoutMs, statementTimeoutMs = 0 }: TransactionLimits,
  witness: Witness,
  work: () => Promise<void>,
): Promise<void> {
  const { connection } = context
  stopIfAborted(context.signal)
  await connection.run(
    [
      `begin; set local lock_timeout = ${Math.round(lockTimeoutMs)}`,
      `; set local statement_timeout = ${Math.round(statementTimeoutMs)}`,
      context.lease === undefined ? '' : leasedSettings,
    ].join(''),
  )
  let lost: ToolkitError | undefined
  const ifLost = (error: unknown): void => {
    if (isLost(error)) lost = error
    throw error
  }
  try {
    await work()
    await context.lease?.check(connection)
    // Deferred triggers and constraints run in it, for as long as they like.
    await cancellable(context, () => connection.run('commit').catch(ifLost))
  } catch (error) {
    if (lost !== undefined) throw await lookUpCommit(context, witness, lost)
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
  { current, begunAt }: Progress,
  attempt: Attempt,
  error: unknown,
): Promise<void> {
  if (error instanceof LostCommit && error.kept !== false) return
  const step = {
    migration: work.migration,
    direction: work.direction,
    ...(current === undefined ? {} : { statement: work.statements.indexOf(current), sql: current.sql }),
    event: 'rolled-back' as const,
    attempt: attempt.attempt,
    lockWaitMs: attempt.lockWaitMs,
    durationMs: context.clock.now() - begunAt,
    error: error instanceof Error ? error.message : String(error),
    sqlState: sqlStateOf(error),
    position: error instanceof DatabaseError ? error.position : undefined,
  }
  await overAnySession(context, (journal) => recordSteps(journal, context.run, [step]))
}
