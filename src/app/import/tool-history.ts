import { relative, resolve } from 'node:path'
import { ToolkitError } from '../../core/errors.ts'
import { listOf, plural } from '../../core/text.ts'
import type { JournalEntry, JournalReading } from '../../journals/journal.ts'
import { layouts } from '../../layouts/registry.gen.ts'
import { nameText } from '../../model/name.ts'
import type { ParsedMigration } from '../../model/migration.ts'
import { type Context, historyOf, sourcesOf } from '../context.ts'
import { findDirectory } from '../find-directory.ts'
import { wantedFiles } from '../pick-layout.ts'
import type { SourceSet } from '../source-files.ts'
import { type FoundJournal, placeOf } from './find-journals.ts'
import { schemaAsFirst } from './schema-as-first.ts'
import { bytesOf, journalFile } from './journal-files.ts'

/** What another tool has applied, by its journal and its files. */
export interface ToolHistory {
  /** Where its files lie, as shown in messages. */
  readonly directory: string
  /** All of its migrations, in their order. */
  readonly migrations: readonly ParsedMigration[]
  /** Those that are applied, in the order in which they were. */
  readonly applied: readonly { readonly migration: ParsedMigration; readonly appliedAt?: Date | undefined }[]
  /** Our runner runs these files as they are. */
  readonly inPlace: boolean
}

type Rows = Parameters<FoundJournal['journal']['read']>[0]['rows']

/**
 * Reads the tool's files and what its journal says about them.
 *
 * @throws ToolkitError `import-refused` where the journal says that something failed, or that it applied other files;
 * `directory-missing`, and what reading migrations throws
 */
export async function toolHistory(
  context: Context,
  found: FoundJournal,
  given: { readonly rows: Rows; readonly files?: string | undefined },
): Promise<ToolHistory> {
  const { journal } = found
  const layout = layouts.find(({ id }) => id === journal.layout)
  if (layout === undefined) throw withoutFiles(found, given.rows)
  const inPlace = layout.runs === true
  const directory = given.files ?? (inPlace ? context.directory : directoryOf(context, layout.id))
  const set = await sourcesOf(context, [directory], layout.id)
  const migrations = await historyOf(context, set, { layout: layout.id, purpose: inPlace ? 'run' : 'lint' })
  const files = new Map(migrations.map((migration) => [journalFile(migration), migration]))
  const sources = sourcesIn(set, layout)
  const reading = journal.read({ rows: given.rows, files: [...files.keys()], sources })
  refuse(found, directory, reading)
  return { directory, migrations, inPlace, applied: reading.applied.flatMap((entry) => appliedIn(entry, files)) }
}

function sourcesIn(
  set: SourceSet,
  layout: (typeof layouts)[number],
): readonly { readonly path: string; readonly text: string; readonly bytes: Uint8Array }[] {
  return wantedFiles(layout, set).map((file) => ({
    path: file.path.replaceAll('\\', '/'),
    text: file.text,
    bytes: bytesOf(file),
  }))
}

function appliedIn(
  { file, appliedAt }: JournalEntry,
  files: ReadonlyMap<JournalEntry['file'], ParsedMigration>,
): ToolHistory['applied'] {
  const migration = files.get(file)
  return migration === undefined ? [] : [{ migration, appliedAt: timeOf(appliedAt) }]
}

/** A time without a zone is one in UTC. */
function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const time = new Date(/(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(text) ? text : `${text}Z`)
  return Number.isNaN(time.getTime()) ? undefined : time
}

function directoryOf(context: Context, layout: string): string {
  const { loaded, cwd } = context
  const own = layouts.filter(({ id }) => id === layout)
  const directory = findDirectory(own, { root: loaded.root, cwd, missing: `of ${layout}` })
  if (directory !== undefined) return directory
  throw new ToolkitError({
    code: 'directory-missing',
    message: `There is no directory in which ${layout} would look for its migrations and finds some: ${listOf(own.flatMap(({ directories }) => directories))}.`,
    hint: 'Name it: --files DIRECTORY',
  })
}

function refuse(found: FoundJournal, directory: string, { refused }: JournalReading): void {
  if (refused.length === 0) return
  throw new ToolkitError({
    code: 'import-refused',
    message: `What ${found.journal.id} says in ${placeOf(found)} is not what lies in ${directory}: ${plural(refused.length, 'problem')}. Nothing was changed.`,
    details: refused.join('\n'),
    hint: `Mend it with ${found.journal.id} or restore the files, and import again. Where only the outcome counts: migrate baseline`,
  })
}

function withoutFiles(found: FoundJournal, rows: Rows): ToolkitError {
  const { journal, schema, tables } = found
  const kept = journal.tables.at(-1)
  const versions = (rows[kept?.name ?? ''] ?? []).flatMap((row) => row[kept?.columns[0] ?? ''] ?? [])
  const place = nameText({ schema, name: kept?.name ?? '' })
  return new ToolkitError({
    code: 'import-refused',
    message: `${place} is the journal of ${journal.id}, with ${versionsText(versions)}. ${journal.withoutFiles ?? ''} Nothing was taken over or changed.`,
    details: [
      `1. Apply with ${journal.id} what is pending, and from then on nothing with it.`,
      `2. ${schemaAsFirst(Object.values(tables))}`,
      '3. Have it compared with the database and written down as applied: migrate baseline --dry-run, then without --dry-run. The same file for every other database.',
    ].join('\n'),
    sentences: true,
    hint: `The tables of ${journal.id} stay as they are; drop them when nobody asks them any more.`,
  })
}

const fewVersions = 3

function versionsText(versions: readonly string[]): string {
  const count = plural(versions.length, 'version')
  const last = versions.toSorted().at(-1)
  if (last === undefined) return count
  return versions.length > fewVersions ? `${count}, the last of them ${last}` : `${count}: ${listOf(versions)}`
}

/** Whether two directories are one. */
export function isSame(context: Context, one: string, other: string): boolean {
  return relative(resolve(context.cwd, one), resolve(context.cwd, other)) === ''
}
