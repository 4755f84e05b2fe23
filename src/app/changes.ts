import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import { filesOf } from '../lint/source-of.ts'
import type { ParsedMigration } from '../model/migration.ts'
import type { Staged } from './git.ts'
import { changedPaths, stagedState } from './git.ts'
import { sourceFile } from './source-files.ts'
import type { Readers, Source, SourceSet } from './source-files.ts'

/** Which migrations are asked about; the others are history. */
export interface Scope {
  /** Only what the branch adds or changes, since it left `base`. */
  readonly changed?: { readonly base?: string | undefined } | undefined
  /** Only what the next commit adds or changes, with the text that it would hold. */
  readonly staged?: boolean | undefined
}

/** Files as they are to be read, and those of them that are asked about; undefined: all. */
export interface ScopedSources {
  readonly set: SourceSet
  readonly isAsked: ((migration: ParsedMigration) => boolean) | undefined
}

/**
 * @throws ToolkitError `git-failed`, `command-invalid` when both are asked
 */
export async function scopedSources(
  { changed, staged }: Scope,
  read: () => Promise<SourceSet>,
  place: { readonly cwd: string; readonly paths: readonly string[]; readonly readers: Readers },
): Promise<ScopedSources> {
  if (changed !== undefined && staged === true) {
    throw new ToolkitError({
      code: 'command-invalid',
      message: '--changed and --staged exclude each other.',
      hint: 'In a hook before a commit: --staged. In a pipeline: --changed --base REF.',
    })
  }
  const real = realPaths(place.cwd)
  if (changed !== undefined) {
    const paths = changedPaths(place.cwd, changed.base)
    // Files are read while git is at work; what is wrong with them is told first.
    paths.catch(() => undefined)
    const set = await read()
    return { set, isAsked: holding(await paths, real) }
  }
  const set = await read()
  if (staged !== true) return { set, isAsked: undefined }
  const state = await stagedState(place.cwd)
  return { set: await asStaged(set, state, real, place), isAsked: holding(state.changed, real) }
}

/** Whether a file of a migration is among `paths`. */
export function holding(
  paths: ReadonlySet<string>,
  real: (path: string) => string,
): (migration: ParsedMigration) => boolean {
  return (migration) => filesOf(migration).some(({ path }) => paths.has(real(path)))
}

/** Paths as git writes them: without links in the directories. Looked up once a directory. */
export function realPaths(cwd: string): (path: string) => string {
  const directories = new Map<string, string>()
  return (path) => {
    const full = resolve(cwd, path)
    const directory = dirname(full)
    const real = directories.get(directory) ?? (existsSync(directory) ? realpathSync(directory) : directory)
    directories.set(directory, real)
    return join(real, full.slice(directory.length + (directory.endsWith(sep) ? 0 : 1)))
  }
}

/** The files as the next commit would hold them: what it would not hold is left out, what it would is as it would be. */
async function asStaged(
  set: SourceSet,
  state: Staged,
  real: (path: string) => string,
  place: { readonly cwd: string; readonly paths: readonly string[]; readonly readers: Readers },
): Promise<SourceSet> {
  const onDisk = await Promise.all(
    set.sources
      .filter(({ file }) => state.all.has(real(file.path)))
      .map(async (source): Promise<Source> => {
        const path = real(source.file.path)
        if (!state.different.has(path)) return source
        return { ...source, file: sourceFile(source.file.path, await state.bytes(path)) }
      }),
  )
  const gone = await Promise.all(
    goneFromDisk(state, real, place).map(async ({ shown, below, path }): Promise<Source> => ({
      file: sourceFile(shown, await state.bytes(path)),
      below,
    })),
  )
  const sources = gone.length === 0 ? onDisk : [...onDisk, ...gone].toSorted(byPath)
  const names = set.names.filter((name) => state.all.has(real(name)))
  return { ...set, sources, names: [...names, ...gone.map(({ file }) => file.path)] }
}

function byPath(a: Source, b: Source): number {
  return a.file.path < b.file.path ? -1 : Number(a.file.path > b.file.path)
}

interface Gone {
  readonly shown: string
  readonly below: string
  readonly path: string
}

/** Files that the next commit would hold in one of the directories, and that are deleted on disk only. */
function goneFromDisk(
  { all, different }: Staged,
  real: (path: string) => string,
  { cwd, paths, readers }: { readonly cwd: string; readonly paths: readonly string[]; readonly readers: Readers },
): readonly Gone[] {
  const missing = [...different].filter((path) => all.has(path) && !existsSync(path))
  const directories = paths.filter(
    (path) => existsSync(resolve(cwd, path)) && statSync(resolve(cwd, path)).isDirectory(),
  )
  return directories.flatMap((directory) => {
    const top = dirname(real(join(directory, 'x')))
    return missing
      .filter((path) => path.startsWith(`${top}${sep}`))
      .map((path) => ({ path, below: relative(top, path).split(sep).join('/') }))
      .filter(({ below }) => readers.some((layout) => layout.wants(below)))
      .map(({ path, below }) => ({ path, below, shown: join(directory, below) }))
  })
}
