import { ToolkitError } from '../core/errors.ts'
import { positionAt } from '../core/span.ts'
import { DatabaseError, sqlStateOf } from '../db/database-error.ts'
import type { UnfinishedStep } from '../model/journal.ts'
import type { Statement } from '../model/statement.ts'
import type { RunContext } from './context.ts'
import { migrationFailed, migrationHalfway } from './failure.ts'
import { type StepRecord, recordSteps } from './journal/write.ts'
import { type Attempt, withLockRetries } from './lock-retry.ts'
import { LostCommit } from './lost-commit.ts'
import { measuredWork } from './measured-work.ts'
import { inTransaction } from './transaction.ts'
import { indexState, lookFor } from './probe.ts'
import { isLost, overAnySession } from './rescue.ts'
import { type SectionWork, type Took, relationsOf, settingsGivenBack, settingsSet, temporaryDrops } from './section.ts'
import { ownAgain, resetsFor } from './session.ts'
import { classOf, limitOf, underDeadline } from './time-limits.ts'
import { watched } from './watch/watch.ts'

/**
 * Runs a section statement by statement. Where the server allows it, a statement shares a transaction with the row
 * that says it is done; where it does not, a row with the intent is committed before and one with the result after,
 * and a later run asks the catalogue about what lies between.
 *
 * @throws ToolkitError `migration-failed`, `migration-halfway`, `history-edited`, `lock-timeout`, `connection-lost`
 */
export async function performOneByOne(
  context: RunContext,
  work: SectionWork,
  unfinished: UnfinishedStep | undefined,
): Promise<Took> {
  const begunAt = context.clock.now()
  let attempts = 1
  refuseEditedBehind(work, unfinished)
  const first = unfinished?.done.length ?? 0
  for (const [index, statement] of work.statements.entries()) {
    // A setting is gone with the session that made it, so it is made again although it was done.
    if (index < first && !isSetting(statement)) continue
    const begun = index === first && unfinished?.state !== 'done' ? unfinished : undefined
    attempts = Math.max(
      attempts,
      await performStatement(context, work, { index, statement, begun, repeats: index < first }),
    )
  }
  const took = { attempts, lockWaitMs: 0, durationMs: context.clock.now() - begunAt }
  const resets = resetsFor(context.connection, settingsSet(work.statements))
  // A run with a lease has no session of its own, nor one that a temporary table would outlive its transaction in.
  const drops = context.lease === undefined ? temporaryDrops(work.statements) : []
  await context.connection.series([...drops, ...resets])
  await inTransaction(context, { lockTimeoutMs: 0 }, work, () => context.connection.series(work.record(took)))
  return took
}

interface Turn {
  readonly index: number
  readonly statement: Statement
  /** What an earlier run began of it. */
  readonly begun: UnfinishedStep | undefined
  /** It is written down as done already. */
  readonly repeats: boolean
}

async function performStatement(context: RunContext, work: SectionWork, turn: Turn): Promise<number> {
  const { index, statement } = turn
  context.emit({ kind: 'statement-started', migration: work.migration, statement: index, sql: statement.sql })
  if (context.lease !== undefined && isSetting(statement)) throw settingUnderLease(work, statement)
  try {
    const attempts = turn.repeats
      ? await context.connection.run(statement.sql).then(() => 1)
      : await (runsAlone(statement) ? performAlone : performWithRow)(context, work, turn)
    await context.connection.series(ownAgain(context.connection, settingsGivenBack(statement)))
    return attempts
  } catch (error) {
    const resets = resetsFor(context.connection, settingsSet(work.statements))
    await context.connection.series(resets.length > 0 ? resets : [{ sql: 'select' }]).catch(() => undefined)
    const clean = await leftNothing(context, statement, error)
    await recordFailure(context, work, turn, error, clean)
    if (!(error instanceof DatabaseError)) throw error
    const limit = limitOf(context, statement)
    const failed = index === 0 && clean ? migrationFailed : migrationHalfway
    throw failed(work, error, statement, limit)
  }
}

/** A procedure or DO block in a section without a transaction is there because it commits by itself. */
function runsAlone(statement: Statement): boolean {
  return (
    statement.needsNoTransaction || isSetting(statement) || statement.facts.some((fact) => fact.kind === 'dynamic-sql')
  )
}

/** It would hold for whoever is given that server process next, and not for the statements after it. */
function settingUnderLease(work: SectionWork, statement: Statement): ToolkitError {
  return new ToolkitError({
    code: 'transaction-pooler',
    message: `"${statement.sql}" sets something for a session outside a transaction; a run with a lease has no session of its own.`,
    at: { path: work.source.path, ...positionAt(work.source.text, statement.span.start) },
    hint: 'Run it over the address of the server itself (--direct-url, without --lease).',
  })
}

function isSetting(statement: Statement): boolean {
  return statement.facts.length > 0 && statement.facts.every((fact) => fact.kind === 'set-setting')
}

async function performWithRow(context: RunContext, work: SectionWork, { index, statement }: Turn): Promise<number> {
  const begunAt = context.clock.now()
  const subject = { migration: work.migration, tables: relationsOf([statement]) }
  const statementTimeoutMs = context.limits[classOf(context, statement)]
  const { migration, direction } = work
  return withLockRetries(context, subject, async ({ attempt, lockTimeoutMs, lockWaitMs, onBlockers }) => {
    const witness = { migration, direction, statement: index }
    await inTransaction(context, { lockTimeoutMs, statementTimeoutMs }, witness, async () => {
      await watched(context, { migration, kind: 'transaction', onBlockers }, () =>
        context.connection.run(statement.sql),
      )
      const durationMs = context.clock.now() - begunAt
      await recordSteps(context.journal, context.run, [
        { ...doneStep(context, work, index, statement), attempt, lockWaitMs, durationMs },
      ])
    })
    return attempt
  })
}

/** What the server refuses in a transaction may be tried again: it is looked at what the attempt before has left. */
async function performAlone(context: RunContext, work: SectionWork, turn: Turn): Promise<number> {
  const { statement, index } = turn
  if (!statement.needsNoTransaction) {
    await oneAlone(context, work, turn, 'procedure')
    return 1
  }
  const subject = { migration: work.migration, tables: relationsOf([statement]) }
  return withLockRetries(context, subject, async ({ attempt, onBlockers }) => {
    const failed = { ...stepOf(work, index, statement), statement: index, sql: statement.sql } as const
    const begun: UnfinishedStep | undefined =
      attempt === 1 ? turn.begun : { ...failed, state: 'failed', sqlState: null, done: [] }
    await oneAlone(context, work, { ...turn, begun }, 'concurrent', onBlockers)
    return attempt
  })
}

async function oneAlone(
  context: RunContext,
  work: SectionWork,
  turn: Turn,
  kind: 'procedure' | 'concurrent',
  onBlockers?: Attempt['onBlockers'],
): Promise<void> {
  const { index, statement, begun } = turn
  const begunAt = context.clock.now()
  const todo = begun === undefined ? [statement.sql] : await resume(context, work, turn, begun)
  // What stands there before the intent is not ours: then the statement may fail, but nobody may take it for done.
  const foreign = begun === undefined && (await standsThere(context, statement))
  if (!foreign) await recordAlone(context, { ...stepOf(work, index, statement), event: 'intent' })
  const watch = { migration: work.migration, kind, ...(onBlockers === undefined ? {} : { onBlockers }) }
  try {
    await underDeadline(context, statement, async () => {
      for (const sql of todo) await watched(context, watch, () => context.connection.run(sql))
    })
  } catch (error) {
    if (!foreign) await clearRemains(context, work, turn, error)
    throw error
  }
  await refuseInvalid(context, statement)
  const durationMs = context.clock.now() - begunAt
  await recordAlone(context, { ...doneStep(context, work, index, statement), durationMs })
}

/** Under a lease it is a transaction, because that is where a lease can be asked. */
async function recordAlone(context: RunContext, step: StepRecord): Promise<void> {
  const record = (): Promise<void> => recordSteps(context.journal, context.run, [step])
  return context.lease === undefined ? record() : inTransaction(context, { lockTimeoutMs: 0 }, step, record)
}

/**
 * An index whose build was given up stays behind INVALID, costs every write its part and is never read. When the run
 * itself is to end there is no time to take it away; the next run does.
 */
async function clearRemains(context: RunContext, work: SectionWork, turn: Turn, error: unknown): Promise<void> {
  const { connection, limits, signal, log } = context
  if (!(error instanceof DatabaseError) || error.sqlState === '42P07' || signal?.aborted === true) return
  try {
    const finding = await lookFor(connection, turn.statement)
    if (finding.found !== 'repeat' || finding.clear === undefined) return
    await connection.run(`set statement_timeout = ${limits.brief}`)
    for (const sql of finding.clear) {
      await connection.run(sql)
      context.emit({ kind: 'remains-cleared', migration: work.migration, statement: turn.index, sql })
    }
  } catch (uncleared) {
    log.warn({ err: uncleared }, 'the remains of the statement could not be cleared; the next run does it')
  } finally {
    await connection.run('set statement_timeout = 0').catch(() => undefined)
  }
}

/** The SQL that ends what an earlier run began; empty when it is done. */
async function resume(
  context: RunContext,
  work: SectionWork,
  turn: Turn,
  begun: UnfinishedStep,
): Promise<readonly string[]> {
  const { statement, index } = turn
  // 42P07: something of that name was there before, so what is there is not ours.
  if (begun.state === 'failed' && begun.sqlState === '42P07') return [statement.sql]
  const finding = await lookFor(context.connection, statement)
  context.emit({ kind: 'statement-found', migration: work.migration, statement: index, found: finding.what })
  if (finding.found === 'done') return begun.sql === statement.sql ? [] : [statement.sql]
  if (finding.found === 'finish') return [finding.sql]
  if (finding.found === 'repeat') return [...(finding.clear ?? []), statement.sql]
  if (context.retryUnknown || begun.state === 'failed' || begun.sql !== statement.sql) return [statement.sql]
  throw new ToolkitError({
    code: 'migration-halfway',
    message: `Nobody knows whether statement ${index + 1} of ${work.migration} was done before the run stopped: ${finding.what}.`,
    at: { path: work.source.path, ...positionAt(work.source.text, statement.span.start) },
    details: statement.sql,
    hint:
      `Look at the database. If it was done: migrate repair ${work.migration} --done. If it was not, or may be done ` +
      `twice: migrate repair ${work.migration} --undone. Then run the command again.`,
  })
}

async function standsThere({ connection }: RunContext, statement: Statement): Promise<boolean> {
  for (const fact of statement.facts)
    if (fact.kind === 'create-index' && (await indexState(connection, fact)) !== undefined) return true
  return false
}

/** IF NOT EXISTS passes over an INVALID index in silence. */
async function refuseInvalid({ connection }: RunContext, statement: Statement): Promise<void> {
  for (const fact of statement.facts) {
    if (fact.kind !== 'create-index') continue
    const state = await indexState(connection, fact)
    if (state?.valid !== false) continue
    throw new DatabaseError(`index ${state.name} is there and INVALID`, {
      hint: `An earlier build failed. Drop it with DROP INDEX CONCURRENTLY ${state.name} and run the command again.`,
      sqlState: '55000',
    })
  }
}

/** A statement in a transaction of its own leaves nothing when it fails; of the others the catalogue tells. */
async function leftNothing(context: RunContext, statement: Statement, error: unknown): Promise<boolean> {
  if (!runsAlone(statement)) return true
  if (!(error instanceof DatabaseError)) return false
  const finding = await lookFor(context.connection, statement).catch(() => undefined)
  return (
    finding?.found === 'repeat' &&
    finding.clear === undefined &&
    statement.facts.every((fact) => fact.kind === 'create-index')
  )
}

async function recordFailure(
  context: RunContext,
  work: SectionWork,
  { index, statement, repeats }: Turn,
  error: unknown,
  clean: boolean,
): Promise<void> {
  if (repeats || (error instanceof ToolkitError && error.code === 'migration-halfway')) return
  if (error instanceof LostCommit && error.kept !== false) return
  // An intent without a result has the next run ask the catalogue what became of a statement outside a transaction.
  if (isLost(error) && runsAlone(statement)) return
  const event = clean ? 'rolled-back' : 'failed'
  const step = {
    ...stepOf(work, index, statement),
    event,
    error: error instanceof Error ? error.message : String(error),
    sqlState: sqlStateOf(error),
    position: error instanceof DatabaseError ? error.position : undefined,
  } as const
  await overAnySession(context, (journal) => recordSteps(journal, context.run, [step]))
}

function stepOf(work: SectionWork, index: number, statement: Statement): Omit<StepRecord, 'event'> {
  return { migration: work.migration, direction: work.direction, statement: index, sql: statement.sql }
}

function doneStep(context: RunContext, work: SectionWork, index: number, statement: Statement): StepRecord {
  return { ...stepOf(work, index, statement), event: 'done', measured: measuredWork(context, [statement]) }
}

/** Statements that are done must still be in the file as they were; the one that failed may have been mended. */
function refuseEditedBehind(work: SectionWork, unfinished: UnfinishedStep | undefined): void {
  for (const [index, sql] of (unfinished?.done ?? []).entries()) {
    const now = work.statements[index]
    if (now?.sql === sql) continue
    throw new ToolkitError({
      code: 'history-edited',
      message: `Statement ${index + 1} of ${work.migration} was changed after it had been done; the migration is half done.`,
      at: { path: work.source.path, ...positionAt(work.source.text, now?.span.start ?? 0) },
      details: `Done: ${sql}`,
      hint: `Restore the statement, and mend only those after it. Where the database has what the file says now: migrate repair ${work.migration} --accept-edit`,
    })
  }
}
