import type { ExpressionBuilder, ExpressionWrapper, Insertable } from 'kysely'
import { nameText, quoteName } from '../../model/name.ts'
import type { WorkKind } from '../../model/rates.ts'
import type { AskedVerdict } from '../../model/verdict.ts'
import type { MeasuredWork } from '../measured-work.ts'
import type { RunMigration } from '../run-migration.ts'
import type { SeriesStep } from '../../model/database.ts'
import type { Journal } from '../journal.ts'
import type { RecordedTook } from '../section.ts'
import type { JournalTables, MigrationTable, StepEvent, StepTable } from './tables.ts'

/** Who runs, from where: kept with every run. */
export interface Actor {
  readonly user: string
  readonly host: string
  readonly process: number
  /** Name and version of this tool. */
  readonly tool: string
  readonly gitSha?: string | undefined
  readonly ciUrl?: string | undefined
}

/** What stands for the server process of a run with a lease, which has no process of its own. */
const leasedBackend = 0

/** What a run is, beside who runs it. */
export interface RunBeginning {
  readonly command: string
  /** Server processes of its sessions. */
  readonly backend: number
  readonly watcher: number | undefined
  /** Digest of the run plan that it is held to. */
  readonly plan: string | undefined
}

/**
 * Begins a row of `run`; gives its id. Who begins one holds the runner's lock or the lease, so that the session of every
 * other run that holds the lock is gone: those that did not write down their end get one. A run whose lease ran out may
 * still be there and write its own.
 */
export async function recordRun(
  journal: Journal,
  { command, backend, watcher, plan }: RunBeginning,
  actor: Actor,
): Promise<number> {
  const row = await journal.tables
    .with('dead', (tables) =>
      tables
        .updateTable('run')
        .set({
          ended_at: new Date(),
          outcome: 'failed',
          error_code: 'connection-lost',
          error: 'The process ended without writing down how; the end was written by the run after it.',
        })
        .where('outcome', 'is', null)
        .where('backend', 'is distinct from', leasedBackend),
    )
    .insertInto('run')
    .values({
      command,
      backend,
      watcher: watcher ?? null,
      by_user: actor.user,
      host: actor.host,
      process: actor.process,
      tool: actor.tool,
      git_sha: actor.gitSha ?? null,
      ci_url: actor.ciUrl ?? null,
      plan: plan ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export interface RunFailure {
  readonly code: string
  readonly message: string
  /** Of the server's answer that is behind it. */
  readonly sqlState: string | undefined
}

/** How a run ended. */
export async function recordRunEnd(
  journal: Journal,
  run: number,
  end: { readonly at: Date; readonly error?: RunFailure },
): Promise<void> {
  const { error } = end
  const failed =
    error === undefined ? {} : { error_code: error.code, error: error.message, sql_state: error.sqlState ?? null }
  await journal.tables
    .updateTable('run')
    .set({ ended_at: end.at, outcome: end.error === undefined ? 'done' : 'failed', ...failed })
    .where('id', '=', run)
    .execute()
}

/** One row of `step`. */
export interface StepRecord {
  readonly migration: string
  readonly direction: 'up' | 'down'
  /** Undefined: the migration as a whole. */
  readonly statement?: number
  readonly event: StepEvent
  readonly sql?: string
  readonly attempt?: number
  readonly lockWaitMs?: number
  readonly durationMs?: number
  readonly error?: string
  readonly sqlState?: string | undefined
  /** 1-based character in the statement. */
  readonly position?: number | undefined
  readonly measured?: MeasuredWork | undefined
}

export async function recordSteps(journal: Journal, run: number, steps: readonly StepRecord[]): Promise<void> {
  await journal.tables
    .insertInto('step')
    .values((build) => steps.map((step) => ({ ...stepRow(run, step), ...measuredColumns(build, step.measured) })))
    .execute()
}

function stepRow(run: number, step: StepRecord): Insertable<StepTable> {
  return {
    run,
    migration: step.migration,
    direction: step.direction,
    statement: step.statement ?? null,
    event: step.event,
    sql: step.sql ?? null,
    attempt: step.attempt ?? null,
    lock_wait_ms: step.lockWaitMs ?? null,
    duration_ms: step.durationMs ?? null,
    error: step.error ?? null,
    sql_state: step.sqlState ?? null,
    position: step.position ?? null,
  }
}

type Build = ExpressionBuilder<JournalTables, 'step'>

/** How large the rows are on which the time went, as they are when it is over. */
function measuredColumns(
  build: Build,
  measured: MeasuredWork | undefined,
): { readonly work?: WorkKind; readonly bytes?: ExpressionWrapper<JournalTables, 'step', number | null> } {
  if (measured === undefined) return {}
  const table = build.fn('to_regclass', [build.val(nameText(measured.table))])
  return { work: measured.work, bytes: build.fn('pg_relation_size', [table]) }
}

/** What the journal keeps of a migration, from its file. */
export function migrationRow(run: number, migration: RunMigration): Insertable<MigrationTable> {
  const { down } = migration
  return {
    id: migration.id,
    name: migration.name,
    sha256: migration.source.sha256,
    meaning: migration.meaning,
    phase: migration.phase,
    change: migration.change ?? null,
    down: down.kind === 'sql' ? down.section.sql : null,
    down_transaction: down.kind === 'sql' ? down.section.transaction : true,
    run,
  }
}

/**
 * What adds a migration to the set of applied ones, and says so in `step`, also that checks are due now: one statement,
 * which the server reads once for all migrations of a run, but for a run with a lease.
 */
export function recordApplied(
  { schema }: Journal,
  run: number,
  migration: RunMigration,
  { checksDue, leased, ...took }: RecordedTook & { readonly checksDue: boolean; readonly leased: boolean },
): SeriesStep {
  const { id, name, sha256, meaning, phase, change, down, down_transaction } = migrationRow(run, migration)
  const { attempts, lockWaitMs, durationMs, sinceBegin = false, measured } = took
  const table = measured && nameText(measured.table)
  const row = [id, name, sha256, meaning, phase, change, down, down_transaction, run]
  const step = [attempts, lockWaitMs, durationMs, sinceBegin, measured?.work, table]
  const parameters = [...row, ...step].map((value) => value ?? null)
  return { sql: appliedSql(quoteName(schema), checksDue), parameters, often: !leased }
}

function appliedSql(schema: string, checksDue: boolean): string {
  return `with applied as (
      insert into ${schema}.migration (id, name, sha256, meaning, phase, change, down, down_transaction, run)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9))
    insert into ${schema}.step (migration, run, direction, event, attempt, lock_wait_ms, duration_ms, work, bytes)
    values ($1, $9, 'up', 'done', $10, $11, ${durationSql('$12', '$13')}, $14, pg_relation_size(to_regclass($15)))
           ${checksDue ? `, ($1, $9, 'up', 'check-due', null, null, null, null, null)` : ''}`
}

/** The duration, where it is asked for with what the open transaction took: by the server's clock, as it ends. */
function durationSql(durationMs: string, sinceBegin: string): string {
  const age = 'extract(epoch from clock_timestamp() - transaction_timestamp())::float8 * 1000'
  return `${durationMs} + case when ${sinceBegin} then ${age} else 0 end`
}

/**
 * What takes a migration out of the set of applied ones, with its backfill's cursor, and says so in `step`. `because`:
 * the run that applied it takes it back.
 */
export function recordReverted(
  { schema }: Journal,
  run: number,
  id: string,
  { because, ...took }: RecordedTook & { readonly because: string | undefined },
): SeriesStep {
  const { attempts, lockWaitMs, durationMs, sinceBegin = false } = took
  const of = quoteName(schema)
  return {
    sql: `with cursor as (delete from ${of}.backfill where migration = $1),
               reverted as (delete from ${of}.migration where id = $1)
    insert into ${of}.step (migration, run, direction, event, attempt, lock_wait_ms, duration_ms, error)
    values ${because === undefined ? '' : `($1, $2, 'up', 'rolled-back', null, null, null, $7),`}
           ($1, $2, 'down', 'done', $3, $4, ${durationSql('$5', '$6')}, null)`,
    parameters: [id, run, attempts, lockWaitMs, durationMs, sinceBegin, ...(because === undefined ? [] : [because])],
  }
}

export async function recordVerdict(
  journal: Journal,
  run: number,
  migration: string,
  asked: AskedVerdict,
): Promise<void> {
  const { verdict } = asked
  await journal.tables
    .insertInto('verdict')
    .values({
      run,
      migration,
      gate: asked.gate,
      options: JSON.stringify(asked.options),
      status: verdict.status,
      reason: verdict.status === 'open' ? verdict.evidence : verdict.reason,
    })
    .execute()
}

export async function recordApproval(
  journal: Journal,
  approval: { readonly subject: string; readonly by: string; readonly digest: string },
): Promise<Date> {
  const row = await journal.tables
    .insertInto('approval')
    .values({ subject: approval.subject, by_user: approval.by, digest: approval.digest })
    .returning('at')
    .executeTakeFirstOrThrow()
  return row.at
}
