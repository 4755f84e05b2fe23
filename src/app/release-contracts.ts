import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { readContract } from '../capture/read-contract.ts'
import { ToolkitError } from '../core/errors.ts'
import { fileReason } from '../core/file-reason.ts'
import type { ReleaseContract } from '../model/captured.ts'
import type { Context } from './context.ts'
import { sourceFile } from './source-files.ts'

/** The directory of the captured releases, as it is shown: that of the configuration, else `queries` beside the migrations. */
export function contractsDirectory({ cwd, directory, loaded }: Context): string {
  const { dir } = loaded.config.queries
  return dir === undefined ? join(directory, 'queries') : relative(cwd, resolve(loaded.root, dir)) || '.'
}

/**
 * The captured releases of the directory, in the order of their file names; none where there is no directory.
 *
 * @throws ToolkitError `queries-invalid` for a file that is not ours or a release that is there twice, `file-unreadable`,
 * `file-not-utf8`
 */
export function readReleaseContracts(context: Context): readonly ReleaseContract[] {
  const directory = contractsDirectory(context)
  if (!existsSync(resolve(context.cwd, directory))) return []
  const files = new Map<string, string>()
  return contractFiles(context, directory).map((path) => {
    const contract = readContract(textOf(context, path), path)
    const other = files.get(contract.release)
    if (other !== undefined) throw twice(contract.release, other, path)
    files.set(contract.release, path)
    return contract
  })
}

function contractFiles({ cwd }: Context, directory: string): readonly string[] {
  try {
    return readdirSync(resolve(cwd, directory))
      .filter((name) => name.endsWith('.jsonl') && !name.startsWith('.'))
      .toSorted()
      .map((name) => join(directory, name))
  } catch (error) {
    throw unreadable(directory, error)
  }
}

function textOf({ cwd }: Context, path: string): string {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(resolve(cwd, path))
  } catch (error) {
    throw unreadable(path, error)
  }
  return sourceFile(path, bytes).text
}

function unreadable(path: string, cause: unknown): ToolkitError {
  return new ToolkitError({
    code: 'file-unreadable',
    message: `"${path}" cannot be read: ${fileReason(cause)}`,
    hint: 'Check the path and its permissions.',
    cause,
  })
}

function twice(release: string, first: string, second: string): ToolkitError {
  return new ToolkitError({
    code: 'queries-invalid',
    message: `Release "${release}" is captured twice: in ${first} and in ${second}.`,
    hint: 'Take one of them out of the directory, or join them: migrate queries capture --from-jsonl FILE FILE',
    at: { path: second, line: 1, column: 1 },
  })
}
