import { join, resolve } from 'node:path'
import { ToolkitError } from '../../core/errors.ts'
import { listOf, plural, wrap } from '../../core/text.ts'
import type { Answer } from '../answer.ts'
import { directoryHistory } from '../context.ts'
import type { Context } from '../context.ts'
import {
  type LockDifference,
  type LockEntry,
  differenceLine,
  isStale,
  lockDifferences,
  lockEntries,
  lockFileName,
  lockText,
  readLockFile,
} from '../lock-file.ts'
import { writeOutput } from '../write-output.ts'

export interface LockRequest {
  /** Write nothing; the answer is no where the file is missing or does not say what the files say. */
  readonly check: boolean
  /** Write it anew, whatever it holds: after a merge, and with migrations that came late. */
  readonly force: boolean
}

/**
 * Writes down which migrations there are and what is in them, to be committed with them.
 *
 * @throws ToolkitError `lock-file-invalid`, `history-late`
 */
export async function answerLock(context: Context, { check, force }: LockRequest): Promise<Answer> {
  const migrations = await directoryHistory(context, 'run')
  await context.dialect.load()
  const path = join(context.directory, lockFileName)
  const files = lockEntries(migrations, context.dialect)
  const locked = lockedBefore(context, { check, force })
  const differences = locked === undefined ? [] : lockDifferences(locked, files)
  const late = differences.filter(({ change }) => change === 'late')
  if (!check && !force && late.length > 0 && context.loaded.config.run.late !== 'apply')
    throw isLate(late, locked ?? [])
  if (!check && (locked === undefined || differences.length > 0))
    await writeOutput(resolve(context.cwd, path), path, lockText(files))
  const stale = locked === undefined || differences.some(isStale)
  const report = { path, written: !check, stale, differences }
  return {
    exit: check && stale ? 'no' : 'ok',
    json: { version: 1, ...report },
    text: ({ width }) => lockWords(report, files.length, check, width),
  }
}

/** Undefined where there is no lock file, or one that cannot be read and may be written over. */
function lockedBefore({ cwd, directory }: Context, { force }: LockRequest): readonly LockEntry[] | undefined {
  try {
    return readLockFile(cwd, directory)
  } catch (error) {
    if (force && error instanceof ToolkitError && error.code === 'lock-file-invalid') return undefined
    throw error
  }
}

function isLate(late: readonly LockDifference[], locked: readonly LockEntry[]): ToolkitError {
  return new ToolkitError({
    code: 'history-late',
    message: `${listOf(late.map(({ id }) => id))} ${late.length === 1 ? 'comes' : 'come'} before ${locked.at(-1)?.id ?? ''}, which was locked earlier and may be applied somewhere. Nothing was written.`,
    hint: 'Give the file a newer id (git mv). Where it may run behind the others: migrate lock --force, and "run": { "late": "apply" } in the configuration.',
  })
}

function lockWords(
  {
    path,
    differences,
    stale,
  }: { readonly path: string; readonly differences: readonly LockDifference[]; readonly stale: boolean },
  count: number,
  check: boolean,
  width: number,
): string {
  const all = plural(count, 'migration')
  const end = check
    ? stale
      ? `${path} does not say what the files say. Restore them; or, where they are meant: migrate lock, and commit it.`
      : `${path} says what the files say: ${all}.`
    : `${path} says what the files say: ${all}. Commit it with them.`
  return `${[...differences.map(differenceLine), end].map((line) => wrap(line, width)).join('\n')}\n`
}
