import { existsSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import type { Layout } from '../layouts/layout.ts'
import { wantedFiles } from './pick-layout.ts'
import { markFinder } from './project-marks.ts'
import { holdsSql, readDirectory } from './source-files.ts'

/**
 * The only directory of a project in which a tool would look for its migrations and finds some: one that fits the tool's
 * layout, else one with any SQL. Undefined where there is none. The path is relative to `cwd`.
 *
 * @throws ToolkitError `directory-missing` when there are several
 */
export function findDirectory(
  layouts: readonly Layout[],
  project: { readonly root: string; readonly cwd: string; readonly missing: string },
): string | undefined {
  const { root, cwd, missing } = project
  const fitting = layouts.flatMap((layout) =>
    layout.directories.flatMap((one) => existing(resolve(root, one)) ?? []).filter((one) => fits(layout, one)),
  )
  const usual = layouts.flatMap(({ directories }) => directories.flatMap((one) => existing(resolve(root, one)) ?? []))
  const found = innermost(fitting.length > 0 ? fitting : usual.filter((one) => one !== root && holdsSql(one)))
  const [only, ...others] = found.map((one) => relative(cwd, one) || '.')
  if (only === undefined || others.length === 0) return only
  throw new ToolkitError({
    code: 'directory-missing',
    message: `There is no directory "${missing}", and several that hold migrations: ${[only, ...others].join(', ')}.`,
    hint: `Say which: --dir ${only}, or "dir" in migrate.config.json.`,
  })
}

/** The directory, or that of the file. */
function existing(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  return statSync(path).isDirectory() ? path : dirname(path)
}

function fits(layout: Layout, directory: string): boolean {
  const set = readDirectory(directory, directory, [layout])
  const files = wantedFiles(layout, set)
  const fit = files.length === 0 ? 'no' : layout.detect(files, set.names)
  return fit === 'with-mark' ? layout.marks.some(markFinder(directory)) : fit !== 'no'
}

/** A directory inside of one that is found as well says more. */
function innermost(directories: readonly string[]): readonly string[] {
  const all = [...new Set(directories)]
  return all.filter((one) => !all.some((other) => other.startsWith(`${one}/`)))
}
