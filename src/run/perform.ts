import { setImmediate } from 'node:timers/promises'
import { DatabaseError, sqlStateOf } from '../db/database-error.ts'
import type { RunContext } from './context.ts'
import { connectionLost, migrationFailed } from './failure.ts'
import { cancellable } from './interruption.ts'
import { recordSteps } from './journal/write.ts'
import { type Attempt, isLockFailure, withLockRetries } from './lock-retry.ts'
import { LostCommit } from './lost-commit.ts'
import { isLost, overAnySession } from './rescue.ts'
import { type SectionWork, type Took, relationsOf } from './section.ts'
import { SectionAttempt } from './section-attempt.ts'
import { isSentAtOnce, sendAhead } from './send-ahead.ts'
import { limitOf } from './time-limits.ts'
import { committed } from './transaction.ts'
import { watched } from './watch/watch.ts'

/**
 * Runs a section in one transaction together with its journal rows: both are kept, or neither. Every statement is a
 * message of its own, so that the server's answers and positions can be told apart, but they are sent ahead, with BEGIN
 * before them. `next` is the section that comes after it if all is well: it is sent along with COMMIT, so that a
 * migration takes one round trip. It runs only where that COMMIT succeeds, and what it did is kept only by a COMMIT of
 * its own, which is sent in its turn.
 *
 * @throws ToolkitError `migration-failed`, `lock-timeout`, `connection-lost`, `interrupted`, `terminated`
 */
export async function performInTransaction(
  context: RunContext,
  work: SectionWork,
  next: () => SectionWork | undefined = () => undefined,
): Promise<Took> {
  const begunAt = context.clock.now()
  const subject = { migration: work.migration, tables: relationsOf(work.statements) }
  return withLockRetries(context, subject, async (attempt) => {
    const sent = context.ahead.take(work.migration)
    const section = sent?.section ?? new SectionAttempt(context, work, attempt)
    const answer = sent === undefined ? undefined : () => sent.answer
    await oneAttempt(context, section, attempt, { answer, next })
    const durationMs = context.clock.now() - begunAt
    return { attempts: attempt.attempt, lockWaitMs: attempt.lockWaitMs, durationMs }
  })
}

interface Around {
  /** Of what is on its way already; else it is sent. */
  readonly answer: (() => Promise<void>) | undefined
  readonly next: () => SectionWork | undefined
}

async function oneAttempt(
  context: RunContext,
  section: SectionAttempt,
  attempt: Attempt,
  { answer, next }: Around,
): Promise<void> {
  const { work } = section
  let following: Promise<void> | undefined
  let ready: Following | undefined
  let commit: Promise<void> | undefined
  // COMMIT leaves at once, and not behind all that is to be ended here. Nothing but that runs until it is waited for.
  const onDone = (): void => {
    if (ready === undefined) return
    commit = commitWith(context, ready)
    commit.catch(() => undefined)
  }
  const watch = { migration: work.migration, kind: 'transaction', onBlockers: attempt.onBlockers, onDone } as const
  const run = async (): Promise<void> => {
    const running = watched(context, watch, answer ?? (() => sendAhead(context.connection, section.steps)))
    following = whileItRuns(() => {
      ready = nextSection(context, next)
    })
    try {
      await running
    } finally {
      // Also where the run is told to end and nobody waits any more for what is on its way.
      await answer?.().catch(() => undefined)
    }
  }
  section.begin()
  try {
    await committed(context, work, run, async () => {
      await following
      return commit ?? commitWith(context, ready)
    })
  } catch (error) {
    await recordRolledBack(context, section, attempt, error)
    if (isLost(error) && !(error instanceof LostCommit)) throw connectionLost(work, error, section.current)
    if (isLockFailure(error) || !(error instanceof DatabaseError)) throw error
    const { current } = section
    throw migrationFailed(work, error, current, current && limitOf(context, current))
  }
}

/** What is made when the statements have left, while the server works. What is wrong with it is said in its turn. */
async function whileItRuns(make: () => void): Promise<void> {
  await setImmediate()
  try {
    make()
  } catch {
    // The next one is then sent by itself.
  }
}

/** COMMIT, and behind it the whole of the section that comes next. */
interface Following {
  readonly section: SectionAttempt
  /** Sends both; `begun` is called when COMMIT is answered. */
  readonly send: (begun: () => void) => Promise<void>
}

/** A lease is looked at before COMMIT, so nothing may be sent along with that. */
function nextSection(context: RunContext, next: () => SectionWork | undefined): Following | undefined {
  const work = context.lease === undefined ? next() : undefined
  if (work === undefined) return undefined
  const [lockTimeoutMs = 0] = context.lock.timeoutsMs
  const section = new SectionAttempt(context, work, { attempt: 1, lockTimeoutMs, lockWaitMs: 0 })
  const [begin, ...rest] = section.steps
  if (begin === undefined || !isSentAtOnce(section.steps)) return undefined
  let answered = (): void => undefined
  const turn = (): void => {
    answered()
    begin.turn?.()
  }
  const send = context.connection.readySeries([{ sql: 'commit' }, { ...begin, turn }, ...rest])
  return {
    section,
    send: (begun) => {
      answered = begun
      return send()
    },
  }
}

/** Ends when COMMIT is answered. */
async function commitWith(context: RunContext, following: Following | undefined): Promise<void> {
  const { connection, ahead } = context
  if (following === undefined) return connection.run('commit')
  const { section, send } = following
  try {
    await new Promise<void>((resolve, reject) => {
      const answer = cancellable(context, () => send(resolve))
      ahead.keep({ section, answer })
      answer.catch(reject)
    })
  } catch (error) {
    ahead.take(section.work.migration)
    throw error
  }
}

async function recordRolledBack(
  context: RunContext,
  { work, current, begunAt }: SectionAttempt,
  { attempt, lockWaitMs }: Pick<Attempt, 'attempt' | 'lockWaitMs'>,
  error: unknown,
): Promise<void> {
  if (error instanceof LostCommit && error.kept !== false) return
  const step = {
    migration: work.migration,
    direction: work.direction,
    ...(current === undefined ? {} : { statement: work.statements.indexOf(current), sql: current.sql }),
    event: 'rolled-back' as const,
    attempt,
    lockWaitMs,
    durationMs: context.clock.now() - begunAt,
    error: error instanceof Error ? error.message : String(error),
    sqlState: sqlStateOf(error),
    position: error instanceof DatabaseError ? error.position : undefined,
  }
  await overAnySession(context, (journal) => recordSteps(journal, context.run, [step]))
}
