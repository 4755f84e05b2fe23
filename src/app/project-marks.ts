import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProjectMark } from '../layouts/layout.ts'

/** Directories above the migrations that are looked into, where no repository ends it earlier. */
const maxLevels = 8

/** Tells whether a project has a mark: in a directory, or above it up to the root of its repository. */
export function markFinder(start: string): (mark: ProjectMark) => boolean {
  const directories = projectDirectories(start)
  const texts = new Map<string, string>()
  return ({ file, mentions }) =>
    directories.some((directory) => {
      const path = join(directory, file)
      if (mentions === undefined) return existsSync(path)
      const text = texts.get(path) ?? textOf(path)
      texts.set(path, text)
      return text.includes(mentions)
    })
}

function projectDirectories(start: string): readonly string[] {
  const found = [start]
  for (let at = start; found.length < maxLevels && !existsSync(join(at, '.git')) && dirname(at) !== at;) {
    at = dirname(at)
    found.push(at)
  }
  return found
}

/** A mark that cannot be read is no mark. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
