import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { cachedDataVersionTag } from 'node:v8'
import { crc32 } from 'node:zlib'
import type { CodePlaces } from './kept-code.ts'

interface Asked {
  /** Directory of the joined files, `dist/chunks` of the package. */
  readonly chunks: string
  /** First word of the command line. */
  readonly command: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Where V8's code for a command is kept: in the `node_modules` that the package itself lies in, so that whoever can write it
 * could as well change the program; where that cannot be written, in the user's cache folder.
 */
export function codeFile({ chunks, command = '', env }: Asked): CodePlaces {
  const root = join(chunks, '../..')
  const holder = dirname(root)
  const modules = basename(holder) === 'node_modules' ? holder : join(root, 'node_modules')
  // Commands need different functions; other versions, flags and processors other code; and a user may have several packages.
  const parts = [/^[a-z]+$/.test(command) ? command : 'any', crc32(chunks), cachedDataVersionTag()]
  const name = `code-${parts.join('-')}`
  const beside = join(modules, '.cache/lockstep', name)
  if (isWritable(dirname(beside))) return { write: beside, read: [beside] }
  const own = join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lockstep', name)
  return { write: own, read: [own, beside] }
}

/** Whether a file can be made in this directory, which may have to be made first. */
function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return isMissing && dirname(directory) !== directory && isWritable(dirname(directory))
  }
}
