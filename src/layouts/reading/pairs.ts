import type { SourceFile } from '../../model/migration.ts'
import type { Problems } from '../directives/problems.ts'
import { compareIds } from './order.ts'
import { fileName } from './paths.ts'

/** The files of one migration, where each direction has its own. */
export interface FilePair {
  readonly id: string
  readonly name: string
  readonly up: SourceFile
  readonly down: SourceFile | undefined
}

/**
 * Files called `<digits>_<name>.up.sql` and `<digits>_<name>.down.sql`, or `<digits>_<name>.sql` for the way forward
 * alone, in the order of their numbers. Other files are left out; a downgrade without an upgrade is a problem.
 */
export function filePairs(
  files: readonly SourceFile[],
  problemsOf: (file: SourceFile) => Problems,
): readonly FilePair[] {
  const downs = new Map<string, SourceFile>()
  const ups: { readonly id: string; readonly name: string; readonly up: SourceFile }[] = []
  for (const file of files) {
    const [, id, name, direction] = pairName.exec(fileName(file.path)) ?? []
    if (id === undefined || name === undefined) continue
    if (direction?.toLowerCase() === 'down') downs.set(`${id}_${name}`, file)
    else ups.push({ id, name, up: file })
  }
  const taken = new Set(ups.map(({ id, name }) => `${id}_${name}`))
  for (const [key, file] of downs) {
    if (!taken.has(key))
      problemsOf(file).add(
        'migration-empty',
        0,
        `There is no upgrade to this downgrade: ${key}.up.sql is missing.`,
        'Write it, or remove the downgrade.',
      )
  }
  return ups
    .map((pair) => ({ ...pair, down: downs.get(`${pair.id}_${pair.name}`) }))
    .toSorted((a, b) => compareIds(a.id, b.id))
}

const pairName = /^(\d+)_(.*?)(?:\.(up|down))?\.sql$/i

/** Whether a file is one of a pair. */
export function isPaired({ path }: SourceFile): boolean {
  return /^\d+_.*\.(?:up|down)\.sql$/i.test(fileName(path))
}

/** The other file of a pair. */
export function pairPartner(path: string): readonly string[] {
  const name = fileName(path)
  const other = name.replace(/\.(up|down)\.sql$/i, (end) => (/up/i.test(end) ? '.down.sql' : '.up.sql'))
  return other === name ? [] : [other]
}
