import type { Dirent } from 'node:fs'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import picomatch from 'picomatch'
import { ToolkitError } from '../../core/errors.ts'

/**
 * The files that are meant: those that are named, those with `extension` in a directory, and those that fit a glob. Shown
 * relative to `cwd`, each once, in order.
 *
 * @throws ToolkitError `file-unreadable` where one of `patterns` is none
 */
export function expandFiles(patterns: readonly string[], cwd: string, extension: string): readonly string[] {
  return [...new Set(patterns.flatMap((pattern) => filesOf(pattern, cwd, extension)))]
}

function filesOf(pattern: string, cwd: string, extension: string): readonly string[] {
  const path = resolve(cwd, pattern)
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) return [pattern]
    return orNone(
      filesBelow(path).filter((file) => file.endsWith(extension)),
      pattern,
      cwd,
      `holds no ${extension} file`,
    )
  }
  const { base, isGlob } = picomatch.scan(pattern)
  const fits = picomatch(pattern)
  const start = resolve(cwd, base)
  const all = isGlob && existsSync(start) ? filesBelow(start) : []
  const fitting = all.filter((file) => fits(relative(cwd, file).replaceAll('\\', '/')) || fits(file))
  return orNone(fitting, pattern, cwd, isGlob ? 'fits no file' : 'is not there')
}

function orNone(files: readonly string[], pattern: string, cwd: string, why: string): readonly string[] {
  if (files.length > 0) return files.map((file) => relative(cwd, file).replaceAll('\\', '/')).toSorted()
  throw new ToolkitError({
    code: 'file-unreadable',
    message: `"${pattern}" ${why}.`,
    hint: 'Check the path. Put a glob in quotes, so that the shell leaves it alone.',
  })
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry: Dirent) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return []
    const path = join(directory, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}
