import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import type { ParsedMigration } from '../model/migration.ts'
import { holding, realPaths } from './changes.ts'
import type { Context } from './context.ts'
import { changedPaths } from './git.ts'
import type { Live } from './live.ts'

/** Why a migration must be left as it is, as a clause; undefined where it may be changed. */
export type MustKeep = (migration: ParsedMigration) => string | undefined

/**
 * Which migrations may be applied already. The journal of a live database says so. Without one nobody knows: then only what
 * the branch adds or changes may be touched, and files that were named one by one.
 *
 * @throws ToolkitError `fix-refused` where neither tells
 */
export async function appliedAlready(
  context: Context,
  paths: readonly string[],
  { base, live }: { readonly base: string | undefined; readonly live: Live | undefined },
): Promise<MustKeep> {
  // What the journal knows is not judged at all. Where nothing is in it, another tool may have run the same files.
  if ((live?.snapshot.applied ?? []).length > 0) return () => undefined
  const real = realPaths(context.cwd)
  const named = new Set(paths.filter((path) => isFile(resolve(context.cwd, path))).map(real))
  const isNamed = holding(named, real)
  if (paths.length > 0 && paths.every((path) => named.has(real(path)))) return () => undefined
  const isChanged = holding(await branchPaths(context, base), real)
  return (migration) =>
    isNamed(migration) || isChanged(migration)
      ? undefined
      : 'it is not new on this branch, so it may be applied already; named by itself it is fixed all the same'
}

async function branchPaths(context: Context, base: string | undefined): Promise<ReadonlySet<string>> {
  try {
    return await changedPaths(context.cwd, base)
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    throw new ToolkitError({
      code: 'fix-refused',
      message: `Which migrations are applied already cannot be told, so none was changed: ${error.message}`,
      hint: 'Name the files that are not applied yet, or the database: migrate lint --fix --url URL',
      cause: error,
    })
  }
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}
