import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import { sha256 } from '../core/hash.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Migration } from '../model/migration.ts'

/** The name of the file, in the directory of the migrations. */
export const lockFileName = 'migrate.lock'

/** What the lock file says of one migration. */
export interface LockEntry {
  readonly id: string
  /** Hash of the text with line feeds and without a byte order mark: as git gives it on every system. */
  readonly text: string
  /** Hash of what the file means: comments and white space left out. */
  readonly meaning: string
}

/** How files differ from the lock file. */
export interface LockDifference {
  readonly id: string
  /** `reformatted` means the same; `late`: added before one that was locked already. */
  readonly change: 'added' | 'late' | 'edited' | 'reformatted' | 'deleted'
}

/** What the lock file would say of these migrations. `dialect.load()` must have resolved. */
export function lockEntries(migrations: readonly Migration[], dialect: Dialect): readonly LockEntry[] {
  return migrations.map((migration) => ({
    id: migration.id,
    text: hash(migration.source.text.replaceAll('\r\n', '\n')),
    meaning: hash(meaningOf(migration, dialect)),
  }))
}

/** Both directions, and what directives say: what takes a migration back or holds it back is reviewed too. */
function meaningOf(migration: Migration, dialect: Dialect): string {
  const { up, down, declaredPhase, change, requires, gates, backfill, downLoses } = migration
  const back = down.kind === 'sql' ? [down.section.transaction, dialect.meaning(down.section.sql)] : down.kind
  const gated = gates.map(({ gate, options }) => [gate, options])
  const batches = backfill === undefined ? null : [backfill.table, backfill.key, backfill.batch]
  const directives = [declaredPhase, change, requires, gated, batches, downLoses]
  return JSON.stringify([up.transaction, dialect.meaning(up.sql), back, directives])
}

/**
 * The text of the file. Its first line changes with every migration that is added, edited or deleted, so that of two
 * branches that do so the second one cannot be merged without somebody looking.
 */
export function lockText(entries: readonly LockEntry[]): string {
  const lines = entries.map(({ id, text, meaning }) => `${id} ${text} ${meaning}\n`)
  const all = lines.join('')
  return `${entries.at(-1)?.id ?? 'none'} ${hash(all)}\n${all}`
}

/**
 * The lock file of a directory; undefined where there is none.
 *
 * @throws ToolkitError `lock-file-invalid`
 */
export function readLockFile(cwd: string, directory: string): readonly LockEntry[] | undefined {
  const shown = join(directory, lockFileName)
  const path = resolve(cwd, shown)
  if (!existsSync(path)) return undefined
  const [first = '', ...lines] = readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trimEnd().split('\n')
  const entries = lines.flatMap((line): readonly LockEntry[] => {
    const [id, text, meaning, ...more] = line.split(' ')
    return id === undefined || text === undefined || meaning === undefined || more.length > 0
      ? []
      : [{ id, text, meaning }]
  })
  if (entries.length === lines.length && lockText(entries).startsWith(`${first}\n`)) return entries
  const conflict = /^(?:<{7}|={7}|>{7})/m.test([first, ...lines].join('\n'))
  throw new ToolkitError({
    code: 'lock-file-invalid',
    message: conflict
      ? `"${shown}" holds the marks of a merge: two branches changed migrations. Nothing was changed.`
      : `"${shown}" was not written by this tool, or was edited: its first line does not fit the others. Nothing was changed.`,
    hint: 'Look at what both branches added, then write the file again: migrate lock --force',
    at: { path: shown, line: 1, column: 1 },
  })
}

/** What became of the files since the lock file was written, in the order of the files; what was deleted comes last. */
export function lockDifferences(locked: readonly LockEntry[], files: readonly LockEntry[]): readonly LockDifference[] {
  const before = new Map(locked.map((entry) => [entry.id, entry]))
  const present = new Set(files.map(({ id }) => id))
  const lastKnown = files.findLastIndex(({ id }) => before.has(id))
  const changes = files.map(({ id, text, meaning }, index): LockDifference | undefined => {
    const was = before.get(id)
    if (was === undefined) return { id, change: index < lastKnown ? 'late' : 'added' }
    if (was.text === text) return undefined
    return { id, change: was.meaning === meaning ? 'reformatted' : 'edited' }
  })
  const deleted = locked.filter(({ id }) => !present.has(id)).map(({ id }) => ({ id, change: 'deleted' }) as const)
  return [...changes.filter((one) => one !== undefined), ...deleted]
}

/**
 * Refuses files that are not those that were locked; without a lock file there is nothing to refuse. What was only
 * reformatted passes.
 *
 * @throws ToolkitError `lock-file-stale`, `lock-file-invalid`
 */
export async function refuseUnlocked(
  { cwd, directory }: { readonly cwd: string; readonly directory: string },
  migrations: readonly Migration[],
  dialect: Dialect,
): Promise<void> {
  const locked = readLockFile(cwd, directory)
  if (locked === undefined) return
  await dialect.load()
  const stale = lockDifferences(locked, lockEntries(migrations, dialect)).filter(isStale)
  if (stale.length === 0) return
  throw new ToolkitError({
    code: 'lock-file-stale',
    message: `${join(directory, lockFileName)} does not say what the files say. Nothing was changed.`,
    details: stale.map(differenceLine).join('\n'),
    hint: 'Restore the files; or, where they are meant: migrate lock, and commit it.',
  })
}

export function isStale({ change }: LockDifference): boolean {
  return change !== 'reformatted'
}

const words: Readonly<Record<LockDifference['change'], string>> = {
  added: 'added      ',
  late: 'late       ',
  edited: 'edited     ',
  reformatted: 'reformatted',
  deleted: 'deleted    ',
}

export function differenceLine({ id, change }: LockDifference): string {
  return `${words[change]}  ${id}`
}

function hash(text: string): string {
  return sha256(text, 'base64url')
}
