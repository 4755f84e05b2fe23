import { sql } from 'kysely'
import { ToolkitError } from '../core/errors.ts'
import { type Journal, openJournal } from './journal.ts'
import { readJournal } from './journal/read.ts'
import { upgradeJournal } from './journal/upgrade.ts'
import { migrationRow, recordSteps } from './journal/write.ts'
import { type RunInput, recordedRun } from './recorded-run.ts'
import { type RepairAction, type RepairPlan, planRepair } from './repair-plan.ts'
import type { RunMigration } from './run-migration.ts'
import { inRunSession } from './run-session.ts'

export interface RepairInput extends RunInput {
  readonly id: string
  readonly action: RepairAction
  /** The migrations on disk. */
  readonly migrations: readonly RunMigration[]
  /** Asked with what would change; it throws to refuse. */
  readonly confirm: (plan: RepairPlan) => Promise<void>
}

/**
 * Corrects what the journal says of one migration, after a person has looked at the database. Nothing but the journal is
 * changed, and a row of its own says what was changed by whom.
 *
 * @throws ToolkitError `repair-refused`, `migration-unknown`, what `confirm` throws, `runner-locked`, `read-only-server`,
 * `transaction-pooler`, `journal-newer`, `journal-unreadable`
 */
export async function repair(input: RepairInput): Promise<RepairPlan> {
  const { connection, confirm, options } = input
  const journal = await openJournal(connection, options?.schema)
  const planned = await planFrom(input, journal)
  if (options?.dryRun === true) return planned
  await confirm(planned)
  return inRunSession(input, journal, async (sessions) => {
    const plan = await planFrom(input, journal)
    if (JSON.stringify(plan.before) !== JSON.stringify(planned.before)) {
      throw new ToolkitError({
        code: 'repair-refused',
        message: `Another run changed what the journal says of ${input.id} meanwhile. Nothing was changed.`,
        hint: 'Look again with: migrate status',
      })
    }
    await upgradeJournal(journal)
    await recordedRun(input, journal, { ...sessions, command: 'repair' }, ({ run }) =>
      inTransaction(journal, () => write(journal, run, plan)),
    )
    return plan
  })
}

async function planFrom({ id, action, migrations }: RepairInput, journal: Journal): Promise<RepairPlan> {
  const file = migrations.find((migration) => migration.id === id)
  return planRepair(action, { id, file, order: migrations.map((one) => one.id), journal: await readJournal(journal) })
}

async function write(journal: Journal, run: number, plan: RepairPlan): Promise<void> {
  const { migration, row } = plan
  if (row === 'remove') await journal.tables.deleteFrom('migration').where('id', '=', migration).execute()
  else if (row !== 'keep') await writeRow(journal, run, row.write)
  await putBehind(journal, plan.behind)
  if (plan.cursor === 'remove') await journal.tables.deleteFrom('backfill').where('migration', '=', migration).execute()
  if (plan.steps.length > 0) await recordSteps(journal, run, plan.steps)
  await recordRepair(journal, run, plan)
}

/** The database numbers the rows, so those that are to stand behind another get new numbers, one after the other. */
async function putBehind(journal: Journal, ids: readonly string[]): Promise<void> {
  for (const id of ids)
    await journal.tables
      .updateTable('migration')
      .set({ position: sql<number>`default` })
      .where('id', '=', id)
      .execute()
}

/** An accepted edit keeps its place among those that are applied, and when that was. */
async function writeRow(journal: Journal, run: number, file: RunMigration): Promise<void> {
  const { id, run: _, ...row } = migrationRow(run, file)
  await journal.tables
    .insertInto('migration')
    .values({ id, run, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** Says in the journal itself what was changed in it. `migration` null: it is about runs. */
export async function recordRepair(
  journal: Journal,
  run: number,
  {
    migration,
    action,
    before,
    after,
  }: {
    readonly migration: string | null
    readonly action: string
    readonly before: unknown
    readonly after: unknown
  },
): Promise<void> {
  await journal.tables
    .insertInto('repair')
    .values({
      run,
      migration,
      action,
      state_before: JSON.stringify(before),
      state_after: JSON.stringify(after),
    })
    .execute()
}

/** All of `work` or nothing of it. */
export async function inTransaction({ connection }: Journal, work: () => Promise<void>): Promise<void> {
  await connection.run('begin')
  try {
    await work()
    await connection.run('commit')
  } catch (error) {
    await connection.run('rollback').catch(() => undefined)
    throw error
  }
}
