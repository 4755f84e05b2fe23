import { toolName } from '../../core/tool-version.ts'
import type { Connection } from '../../model/database.ts'
import type { JournalState } from '../../model/journal.ts'
import type { PlannedRun, TargetIdentity } from '../../model/planned-run.ts'
import { openJournal } from '../../run/journal.ts'
import { hasBegun } from '../../run/journal/read.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import { targetIdentity } from '../../run/target-identity.ts'
import { printDifferences, schemaPrint } from '../../verify/schema-print.ts'
import type { Context } from '../context.ts'
import { readLiveSchema } from '../live-schema.ts'
import { idsText, mismatch } from './refuse.ts'
import { workHash } from './work-hash.ts'

/**
 * What can be told without a database: the tool, the journal's name, and the files.
 *
 * @throws ToolkitError `plan-other-tool`, `plan-other-history`, `plan-other-files`
 */
export function checkFiles(plan: PlannedRun, migrations: readonly RunMigration[], context: Context): void {
  const { journalSchema } = context.loaded.config
  if (plan.tool !== toolName)
    throw mismatch('plan-other-tool', `The plan was made by ${plan.tool}, and this is ${toolName}.`)
  if (plan.journal !== journalSchema)
    throw mismatch(
      'plan-other-history',
      `The plan was made for the journal in schema "${plan.journal}", and the configuration names "${journalSchema}".`,
    )
  const changed = plan.migrations.flatMap(({ id, name, hash }) => {
    const file = migrations.find((migration) => migration.id === id)
    if (file === undefined) return [`${id} ${name}: its file is gone`]
    return workHash(file, context.dialect) === hash ? [] : [`${file.source.path}: changed since`]
  })
  if (changed.length > 0)
    throw mismatch('plan-other-files', 'The files are not those that the plan was made from.', changed)
}

/** @throws ToolkitError `plan-other-target` */
export async function checkTarget({ target }: PlannedRun, connection: Connection): Promise<void> {
  const found = await targetIdentity(connection)
  const differences = identityWords.flatMap(([field, words]) =>
    found[field] === target[field] ? [] : [`${words}: ${target[field] ?? 'not told'} → ${found[field] ?? 'not told'}`],
  )
  if (differences.length === 0) return
  throw mismatch(
    'plan-other-target',
    `The plan was made for database "${target.database}" of another server, or of this one at another time.`,
    differences,
  )
}

const identityWords: readonly (readonly [keyof TargetIdentity, string])[] = [
  ['database', 'database'],
  ['databaseOid', 'OID of the database'],
  ['server', 'major version of the server'],
  ['system', 'system identifier of the server'],
  ['started', 'start of the server, which does not tell its identifier'],
]

/**
 * How many of the plan's migrations are applied already, by a run of this plan that stopped.
 *
 * @throws ToolkitError `plan-other-history` where the journal is not the one that the plan was made for
 */
export function doneOf(plan: PlannedRun, { applied }: JournalState): number {
  const now = applied.map(({ id }) => id)
  const expected = [...plan.applied, ...plan.migrations.map(({ id }) => id)]
  const same = now.every((id, index) => id === expected[index])
  if (same && now.length >= plan.applied.length) return now.length - plan.applied.length
  const added = now.filter((id) => !expected.includes(id))
  const gone = plan.applied.filter((id) => !now.includes(id))
  const differences = [
    ...(added.length === 0 ? [] : [`applied since: ${idsText(added)}`]),
    ...(gone.length === 0 ? [] : [`not applied any more: ${idsText(gone)}`]),
  ]
  throw mismatch(
    'plan-other-history',
    'The journal is not the one that the plan was made for.',
    differences.length === 0 ? ['applied in another order'] : differences,
  )
}

/**
 * Compares the live schema, unless a run of this plan has changed a part of it already: what a half-done plan makes is
 * written down nowhere but in the journal, and that is looked at by `doneOf`.
 *
 * @throws ToolkitError `plan-other-schema`, `plan-other-history`
 */
export async function checkSchema(
  plan: PlannedRun,
  { loaded }: Context,
  { connection, state }: { readonly connection: Connection; readonly state: JournalState },
): Promise<void> {
  const done = doneOf(plan, state)
  if (done === plan.migrations.length && done > 0) return
  const isUnderWay =
    done > 0 || state.unfinished.length > 0 || state.backfills.some(({ status }) => status === 'running')
  const { journalSchema, drift } = loaded.config
  if (isUnderWay && (await hasBegun(await openJournal(connection, journalSchema), plan.digest))) return
  if (done > 0)
    throw mismatch('plan-other-history', 'Migrations of the plan were applied by another run.', [
      idsText(plan.migrations.slice(0, done).map(({ id }) => id)),
    ])
  const { schema } = await readLiveSchema(connection, { journalSchema, leaveOut: plan.schema.unread })
  const found = schemaPrint(schema, drift.ignore)
  const hidden = found.unread.filter((catalogue) => !plan.schema.unread.includes(catalogue))
  if (hidden.length > 0)
    throw mismatch('plan-other-schema', `This role may not read ${idsText(hidden)}, which the plan was made with.`)
  const differences = printDifferences(plan.schema, found)
  if (differences.length > 0)
    throw mismatch('plan-other-schema', 'The schema was changed after the plan had been made.', differences)
}
