import { dirname, join, relative } from 'node:path'
import type { NewText } from '../fixes/fix.ts'
import { sourceFile } from './source-files.ts'
import type { Source, SourceSet } from './source-files.ts'

/** The files as they would be with these texts: a new one lies beside the one that it is cut from, and behind it. */
export function overlaid(set: SourceSet, files: ReadonlyMap<string, NewText>): SourceSet {
  const known = new Set(set.sources.map(({ file }) => file.path))
  const sources = set.sources.flatMap((source): readonly Source[] => {
    const changed = files.get(source.file.path)
    const own = changed === undefined ? source : { ...source, file: asFile(source.file.path, changed) }
    const added = [...files].filter(([path, { behind }]) => !known.has(path) && rootOf(behind, files) === own.file.path)
    return [own, ...added.map(([path, text]) => ({ file: asFile(path, text), below: belowOf(source, path) }))]
  })
  const added = [...files.keys()].filter((path) => !known.has(path))
  const ofDirectories = sources.every(({ below }) => below !== undefined)
  return { ...set, sources: ofDirectories ? sources.toSorted(byPath) : sources, names: [...set.names, ...added] }
}

function asFile(path: string, { text }: NewText): Source['file'] {
  return sourceFile(path, Buffer.from(text))
}

/** A part may be cut from a part. */
function rootOf(path: string | undefined, files: ReadonlyMap<string, NewText>): string | undefined {
  const behind = path === undefined ? undefined : files.get(path)?.behind
  return behind === undefined ? path : rootOf(behind, files)
}

function belowOf({ below, file }: Source, path: string): string | undefined {
  if (below === undefined) return undefined
  return join(dirname(below), relative(dirname(file.path), path)).replaceAll('\\', '/')
}

function byPath(a: Source, b: Source): number {
  return a.file.path < b.file.path ? -1 : Number(a.file.path > b.file.path)
}
