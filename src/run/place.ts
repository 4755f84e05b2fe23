import { ToolkitError } from '../core/errors.ts'
import type { DatabaseIdentity, Label } from '../model/journal.ts'
import type { TargetIdentity } from '../model/planned-run.ts'
import type { Journal } from './journal.ts'
import { readLabel } from './journal/label.ts'
import type { RunMigration } from './run-migration.ts'
import { isSameDatabase, targetIdentity } from './target-identity.ts'

/** What is known of the database that a run would change. */
export interface Place {
  /** The name of its environment; undefined: it was given none. */
  readonly label: string | undefined
  /** Whether the run named the label. */
  readonly named: boolean
}

/**
 * Refuses a database that is not the one that is meant: one whose label is not the expected one, and one that carries
 * the label of another database. Asks and changes nothing.
 *
 * @throws ToolkitError `label-mismatch`, `label-copied`, `journal-unreadable`, `permission-denied`
 */
export async function checkedPlace(journal: Journal, expected: string | undefined): Promise<Place> {
  const label = await readLabel(journal)
  if (expected !== undefined && label?.name !== expected) throw mismatch(label?.name, expected)
  if (label !== undefined) refuseCopy(label, await targetIdentity(journal.connection))
  return { label: label?.name, named: expected !== undefined }
}

function refuseCopy({ name, identity }: Label, actual: TargetIdentity): void {
  if (isSameDatabase(identity, actual)) return
  throw new ToolkitError({
    code: 'label-copied',
    message:
      `This database carries the label "${name}", which was given to another one ` +
      `(${identityText(identity)}; this is ${identityText(actual)}). It was restored from a dump, or its server was ` +
      'upgraded with pg_upgrade. Nothing was changed.',
    hint:
      `Say what this one is, for instance: migrate init --label staging --relabel ${name}. ` +
      `If it has taken the place of the other: migrate init --label ${name} --relabel ${name}`,
  })
}

function identityText({ system, databaseOid }: DatabaseIdentity): string {
  return `system identifier ${system ?? 'not told'}, database oid ${databaseOid}`
}

function mismatch(label: string | undefined, expected: string): ToolkitError {
  return new ToolkitError({
    code: 'label-mismatch',
    message:
      label === undefined
        ? `The database has no label; "${expected}" was expected. Nothing was changed.`
        : `The database is labelled "${label}"; "${expected}" was expected. Nothing was changed.`,
    hint:
      label === undefined
        ? `Check the address. If it is the right database, label it: migrate init --label ${expected}`
        : `Check the address. If "${label}" is where this should happen, name it: --label ${label}`,
  })
}

/** Whether nothing that destroys may be done here: the database is labelled, and nobody named its label. */
export function isGuarded({ label, named }: Place): boolean {
  return label !== undefined && !named
}

/** What to say to somebody who would destroy in a guarded place; undefined where it is none. */
export function guardRefusal(place: Place, subject: string, why: string): ToolkitError | undefined {
  if (!isGuarded(place)) return undefined
  const { label } = place
  return new ToolkitError({
    code: 'label-needed',
    message: `${subject} ${why}, and the database is labelled "${label}". Nothing that destroys is done there without its name.`,
    hint: `If this is the place, name it: --label ${label}, MIGRATE_LABEL, or "label" in the configuration.`,
  })
}

/** What a migration may destroy, as words after its name; undefined: nothing. What cannot be read may destroy. */
export function destroys({ phase, down, upSql }: RunMigration): string | undefined {
  if (phase === 'contract') return 'is a contract'
  if (down.kind === 'none') return 'is declared irreversible'
  for (const fact of upSql.statements.flatMap((statement) => statement.facts)) {
    const words = destroying[fact.kind]
    if (words !== undefined) return words
  }
  return undefined
}

const destroying: Readonly<Record<string, string>> = {
  'drop-table': 'drops a table',
  'drop-column': 'drops a column',
  'drop-index': 'drops an index',
  'drop-view': 'drops a view',
  'drop-object': 'drops an object',
  truncate: 'empties a table',
  delete: 'deletes rows',
  'dynamic-sql': 'runs SQL that cannot be read beforehand',
}
