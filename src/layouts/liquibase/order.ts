import type { SourceFile } from '../../model/migration.ts'
import { compareText } from '../reading/order.ts'
import { partsOf } from '../reading/paths.ts'

/** Changelogs in other forms, which say in which order files are read. */
export function isChangelog({ path }: SourceFile): boolean {
  return /\.(?:xml|ya?ml|json)$/i.test(path)
}

/** SQL files in the order in which changelogs include them; those that none includes come last, by their paths. */
export function inChangelogOrder(files: readonly SourceFile[]): readonly SourceFile[] {
  const changelogs = files.filter(isChangelog).toSorted((a, b) => compareText(a.path, b.path))
  const sql = files.filter((file) => !isChangelog(file)).toSorted((a, b) => compareText(a.path, b.path))
  const included = new Set(changelogs.flatMap((file) => includesOf(file, files)).map((file) => file.path))
  const ordered = new Set<SourceFile>()
  const visited = new Set<SourceFile>()
  const visit = (file: SourceFile): void => {
    if (!isChangelog(file)) ordered.add(file)
    else if (!visited.has(file)) {
      visited.add(file)
      includesOf(file, files).forEach(visit)
    }
  }
  changelogs.filter(({ path }) => !included.has(path)).forEach(visit)
  return [...ordered, ...sql.filter((file) => !ordered.has(file))]
}

/** `file="…"`, `file: …`, `"path": "…"`: what `include` and `includeAll` name, in the order in which they are written. */
const reference = /\b(file|path)["']?\s*[:=]\s*["']?([^"'\s>,}]+)/gi

function includesOf(changelog: SourceFile, files: readonly SourceFile[]): readonly SourceFile[] {
  return [...changelog.text.matchAll(reference)].flatMap(([, key, name = '']) => {
    if (key?.toLowerCase() === 'file') return files.filter(({ path }) => endsWith(path, name)).slice(0, 1)
    return files
      .filter((file) => file !== changelog && holds(name, file.path))
      .toSorted((a, b) => compareText(a.path, b.path))
  })
}

/** Whether a path ends with the parts of another; how much of the front is the class path, nobody knows. */
function endsWith(path: string, name: string): boolean {
  const [parts, wanted] = [partsOf(path), cleaned(name)]
  const shared = Math.min(parts.length, wanted.length)
  return parts.slice(-shared).join('/') === wanted.slice(-shared).join('/')
}

function holds(directory: string, path: string): boolean {
  const folder = cleaned(directory).at(-1)
  return folder !== undefined && partsOf(path).slice(0, -1).includes(folder)
}

function cleaned(name: string): readonly string[] {
  return partsOf(name.replace(/^classpath:/, '')).filter((part) => part !== '' && part !== '.' && part !== '..')
}
