import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ToolkitError, messageOf } from '../core/errors.ts'
import { characterCount } from '../core/span.ts'
import type { SourceFile } from '../model/migration.ts'

/** Paths that were asked for, and whether they are one directory (its own order) or files named one by one. */
export interface SourceSet {
  readonly files: readonly SourceFile[]
  readonly from: 'directory' | 'files'
}

/**
 * Reads files (relative to `cwd`, shown as given), or the `.sql` files of one directory (its subfolder `proofs` and hidden files left out), sorted by name.
 *
 * @throws ToolkitError `directory-missing`, `directory-empty`, `file-unreadable`, `file-not-utf8`
 */
export async function readSources(paths: readonly string[], cwd: string): Promise<SourceSet> {
  const listed = await Promise.all(paths.map((path) => listPath(path, cwd)))
  const files = listed.flat().map((path) => readSource(path, cwd))
  const single = listed.length === 1 && listed[0]?.[0] !== paths[0]
  return { files, from: single ? 'directory' : 'files' }
}

/** Reads the `.sql` files of a directory; an empty or missing directory gives none. */
export async function readSourcesIfAny(directory: string, cwd: string): Promise<readonly SourceFile[]> {
  const entries = await readdir(resolve(cwd, directory)).catch(() => [])
  return sqlFiles(directory, entries).map((path) => readSource(path, cwd))
}

async function listPath(path: string, cwd: string): Promise<readonly string[]> {
  const found = await stat(resolve(cwd, path)).catch((error: unknown) => {
    throw new ToolkitError({
      code: 'directory-missing',
      message: `There is no file or directory "${path}".`,
      hint: 'Name the directory of your migrations with --dir, or create a first one with: migrate new <name>',
      cause: error,
    })
  })
  if (!found.isDirectory()) return [path]
  const entries = await readdir(resolve(cwd, path)).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  const files = sqlFiles(path, entries)
  if (files.length > 0) return files
  throw new ToolkitError({
    code: 'directory-empty',
    message: `The directory "${path}" holds no .sql file.`,
    hint: 'Create a first migration with: migrate new <name>',
  })
}

function sqlFiles(directory: string, entries: readonly string[]): readonly string[] {
  const names = entries.filter((name) => name.toLowerCase().endsWith('.sql') && !name.startsWith('.'))
  return names.toSorted(byCodePoint).map((name) => join(directory, name))
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Read at once: a promise for each of hundreds of small files costs more than reading them. */
function readSource(path: string, cwd: string): SourceFile {
  return sourceFile(path, bytesOf(path, cwd))
}

function bytesOf(path: string, cwd: string): Uint8Array {
  try {
    return readFileSync(resolve(cwd, path))
  } catch (error) {
    throw unreadable(path, error)
  }
}

/**
 * A file's bytes as text: UTF-8, without its byte order mark.
 *
 * @throws ToolkitError `file-not-utf8`
 */
export function sourceFile(path: string, bytes: Uint8Array): SourceFile {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { path, text, sha256: createHash('sha256').update(bytes).digest('hex') }
  } catch (error) {
    throw notUtf8(path, bytes, error)
  }
}

function notUtf8(path: string, bytes: Uint8Array, cause: unknown): ToolkitError {
  if (startsAsUtf16(bytes)) {
    return new ToolkitError({
      code: 'file-not-utf8',
      message: `"${path}" is UTF-16, not UTF-8.`,
      hint: 'Save the file as UTF-8: iconv -f utf-16 -t utf-8 FILE > NEW',
      at: { path, line: 1, column: 1 },
      cause,
    })
  }
  const good = goodPrefix(bytes)
  const lines = good.split('\n')
  return new ToolkitError({
    code: 'file-not-utf8',
    message: `"${path}" is not valid UTF-8: the byte after "${(lines.at(-1) ?? '').slice(-20)}" belongs to no character.`,
    hint: 'Save the file as UTF-8. From Latin-1: iconv -f latin1 -t utf-8 FILE > NEW',
    at: { path, line: lines.length, column: characterCount(lines.at(-1) ?? '') + 1 },
    cause,
  })
}

/** Whether the bytes begin with the byte order mark that Windows programs write. */
function startsAsUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

/** The longest beginning of `bytes` that is UTF-8, found by halving; a character cut at its end is left out. */
function goodPrefix(bytes: Uint8Array): string {
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (decodes(bytes.subarray(0, middle))) low = middle
    else high = middle - 1
  }
  return new TextDecoder().decode(bytes.subarray(0, low)).replace(/\uFFFD$/, '')
}

function decodes(bytes: Uint8Array): boolean {
  try {
    // `stream` lets a character be cut at the end: only a wrong byte fails.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

function unreadable(path: string, cause: unknown): ToolkitError {
  return new ToolkitError({
    code: 'file-unreadable',
    message: `"${path}" cannot be read: ${messageOf(cause)}`,
    hint: 'Check the path and its permissions.',
    cause,
  })
}
