import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ToolkitError } from '../../core/errors.ts'
import { plural, wrap } from '../../core/text.ts'
import { systemClock } from '../../core/time.ts'
import { journals } from '../../journals/registry.gen.ts'
import { type Adopted, adopt, refuseUsed } from '../../run/adopt.ts'
import type { RunEvent } from '../../run/events.ts'
import { openJournal } from '../../run/journal.ts'
import { readJournal } from '../../run/journal/read.ts'
import type { RunMigration } from '../../run/run-migration.ts'
import { actorOf } from '../actor.ts'
import type { Answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { type Unconverted, convert } from '../import/convert.ts'
import { type FoundJournal, findJournals, oneJournal, placeOf, readRows } from '../import/find-journals.ts'
import { schemaAsFirst } from '../import/schema-as-first.ts'
import { type NativeFile, nativeFiles } from '../import/native-files.ts'
import { type ToolHistory, isSame, toolHistory } from '../import/tool-history.ts'
import { runOptions } from '../run-options.ts'
import { forRunner, withTarget } from '../target.ts'
import { writeFiles } from '../write-files.ts'

export interface ImportRequest {
  /** The tool; found out where only one has a journal. */
  readonly from?: string | undefined
  /** The schema of its journal, where there are several. */
  readonly schema?: string | undefined
  /** The directory of its files; where it would look when absent. */
  readonly files?: string | undefined
  /** Write its migrations as files of ours, where there are none yet. */
  readonly write: boolean
  readonly dryRun: boolean
  readonly signal?: AbortSignal | undefined
  readonly onEvent: (event: RunEvent) => void
}

/**
 * Begins the journal with what that of another tool says. Its hashes are checked against the files, its tables are only
 * read. What our runner cannot run as it lies is taken over as files of ours.
 *
 * @throws ToolkitError `import-refused`, `adoption-refused`, `file-exists`, and what `up` throws
 */
export async function answerImport(context: Context, request: ImportRequest): Promise<Answer> {
  await context.dialect.load()
  const { found, rows } = await look(context, request)
  const history = await toolHistory(context, found, { rows, files: request.files })
  const files = history.inPlace ? [] : await ourFiles(context, history, request)
  const missing = files.filter(({ isThere }) => !isThere)
  const adopted = adoptedOf(context, history, files)
  if (!request.dryRun) {
    if (request.write) await write(context, missing)
    await withTarget(context, { readOnly: false }, (connection, openAnother) =>
      adopt({
        connection,
        openAnother,
        adopted,
        command: 'import',
        actor: actorOf(context.env),
        clock: systemClock,
        log: context.log,
        signal: request.signal,
        onEvent: request.onEvent,
        options: runOptions(context.loaded.config),
      }),
    )
  }
  const report: ImportReport = {
    from: found.journal.id,
    table: placeOf(found),
    directory: history.directory,
    written: request.write ? missing.map(({ path, converted: { from } }) => ({ path, from: from.source.path })) : [],
    imported: adopted.map(({ migration: { id, name }, appliedAt }) => ({ id, name, appliedAt: appliedAt ?? null })),
    pending: history.migrations.length - adopted.length,
    checks: found.journal.checks,
    dryRun: request.dryRun,
  }
  return { exit: 'ok', json: { version: 1, ...report }, text: ({ width }) => importText(report, width) }
}

/** What another tool says, in one session that cannot write. */
function look(
  context: Context,
  request: ImportRequest,
): Promise<{ readonly found: FoundJournal; readonly rows: Awaited<ReturnType<typeof readRows>> }> {
  const known = journals.map(({ id }) => id)
  return withTarget(context, { readOnly: true }, async (connection) => {
    await connection.run('begin isolation level repeatable read, read only')
    refuseUsed(await readJournal(await openJournal(connection, context.loaded.config.journalSchema)), 'import')
    const found = oneJournal(await findJournals(connection, journals), { ...request, known })
    const rows = await readRows(connection, found)
    await connection.run('rollback')
    return { found, rows }
  })
}

async function ourFiles(
  context: Context,
  history: ToolHistory,
  { write: mayWrite }: ImportRequest,
): Promise<readonly NativeFile[]> {
  const all = convert(history.migrations)
  const not = all.filter((one): one is Unconverted => 'why' in one)
  if (not.length > 0)
    throw new ToolkitError({
      code: 'import-refused',
      message: `${plural(not.length, 'migration')} cannot be written as ${not.length === 1 ? 'a file' : 'files'} of ours. Nothing was changed.`,
      details: not.map(({ from, why }) => `${from.source.path}: ${why}`).join('\n'),
      hint: `${schemaAsFirst()} Then: migrate baseline`,
    })
  const files = await nativeFiles(
    context,
    all.flatMap((one) => ('why' in one ? [] : [one])),
  )
  const other = files.filter(({ differs }) => differs)
  if (other.length > 0)
    throw new ToolkitError({
      code: 'file-exists',
      message: `${plural(other.length, 'file')} of ours ${other.length === 1 ? 'means' : 'mean'} something else than the one it was made from. Nothing was changed, and nothing is overwritten.`,
      details: other.map(({ path, converted }) => `${path}: not what ${converted.from.source.path} says`).join('\n'),
      hint: 'Move it away, or name another directory for our files: --dir DIRECTORY',
    })
  const missing = files.filter(({ isThere }) => !isThere)
  if (missing.length > 0 && !mayWrite) throw unwritten(context, history, missing)
  if (missing.length > 0 && isSame(context, history.directory, context.directory))
    throw new ToolkitError({
      code: 'import-refused',
      message: `Our files would lie among those they are made from, in ${history.directory}. Nothing was written.`,
      hint: 'Name another directory for ours, here and in the configuration ("dir"): --dir db/changes',
    })
  return files
}

function unwritten(context: Context, history: ToolHistory, missing: readonly NativeFile[]): ToolkitError {
  const elsewhere = isSame(context, history.directory, context.directory)
    ? ' --dir db/changes (a directory of their own, here and as "dir" in the configuration)'
    : ''
  return new ToolkitError({
    code: 'import-refused',
    message: `Our runner does not run the files in ${history.directory} as they are, and ${context.directory} lacks ${plural(missing.length, 'file')} of ours that would say the same. Nothing was changed.`,
    details: missing.map(({ path, converted }) => `${path}  from ${converted.from.source.path}`).join('\n'),
    hint: `Have them written with: migrate import --write${elsewhere}. Commit them; every other database is then imported without --write. Keep the old files until the last one is.`,
  })
}

async function write(context: Context, missing: readonly NativeFile[]): Promise<void> {
  if (missing.length > 0) await mkdir(resolve(context.cwd, context.directory), { recursive: true })
  await writeFiles(
    missing.map(({ path, converted: { text } }) => ({ path: resolve(context.cwd, path), shown: path, text })),
  )
}

function adoptedOf(context: Context, history: ToolHistory, files: readonly NativeFile[]): readonly Adopted[] {
  const ours = new Map<unknown, RunMigration>(
    history.inPlace
      ? forRunner(context, history.migrations).map((migration, index) => [history.migrations[index], migration])
      : files.map(({ converted: { from }, migration }) => [from, migration]),
  )
  return history.applied.flatMap(({ migration, appliedAt }) => {
    const own = ours.get(migration)
    return own === undefined ? [] : [{ migration: own, appliedAt }]
  })
}

interface ImportReport {
  readonly from: string
  readonly table: string
  readonly directory: string
  readonly written: readonly { readonly path: string; readonly from: string }[]
  readonly imported: readonly { readonly id: string; readonly name: string; readonly appliedAt: Date | null }[]
  readonly pending: number
  readonly checks: string | undefined
  readonly dryRun: boolean
}

function importText(
  { from, table, directory, written, imported, pending, checks, dryRun }: ImportReport,
  width: number,
): string {
  const count = plural(imported.length, 'migration')
  const lines = [
    `The journal of ${from}, ${table}, with the files in ${directory}.`,
    checks === undefined ? 'It keeps no hashes, so only names were compared.' : `Checked: ${checks}.`,
    ...written.map((one) => `${dryRun ? 'would write ' : 'written    '} ${one.path}  from ${one.from}`),
    ...imported.map(({ id, name }) => `${dryRun ? 'would import' : 'imported   '} ${id} ${name}`),
    dryRun
      ? `${count} would be written down as applied; none would run.`
      : `${count} written down as applied; none was run. The tables of ${from} are as they were.`,
    ...(pending === 0 ? [] : [`${plural(pending, 'migration')} not applied: see migrate status.`]),
    ...(dryRun
      ? []
      : [
          'From now on let only one of the two run. Compare the database with: migrate drift',
          `It tells the tables of ${from} too, which no history of ours makes, until they are dropped or named in drift.ignore.`,
        ]),
  ]
  return `${lines.map((line) => wrap(line, width)).join('\n')}\n`
}
