import type { Dirent } from 'node:fs'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join, normalize, resolve } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import { fileReason } from '../core/file-reason.ts'
import { sha256 } from '../core/hash.ts'
import { characterCount } from '../core/span.ts'
import type { Layout } from '../layouts/layout.ts'
import type { SourceFile } from '../model/migration.ts'

/** A file that was read, and where it lies below the directory that was named; undefined where it was named itself. */
export interface Source {
  readonly file: SourceFile
  readonly below: string | undefined
}

/** What was asked for, as it lies on disk. */
export interface SourceSet {
  readonly sources: readonly Source[]
  /** The paths of all files, also of those that were not read, with forward slashes. */
  readonly names: readonly string[]
  /** The directory to look for the project from, from the start of the file system. */
  readonly start: string
}

/** Which files are read: what these layouts want. */
export type Readers = readonly Pick<Layout, 'wants' | 'beside' | 'program'>[]

/**
 * Reads files (relative to `cwd`, shown as given) with those beside them that they need, or what layouts want of
 * directories and the directories in them, sorted by name. Hidden files, `node_modules` and our own `proofs` are left out.
 *
 * @throws ToolkitError `directory-missing`, `directory-empty`, `file-unreadable`, `file-not-utf8`
 */
export async function readSources(paths: readonly string[], cwd: string, readers: Readers): Promise<SourceSet> {
  const listed = await Promise.all(paths.map((path) => listPath(path, cwd, readers)))
  const named = new Set(listed.flatMap(({ path, inside }) => (inside === undefined ? [path] : [])))
  const partners = [...named].flatMap((path) => besideOf(path, cwd, readers)).filter(({ path }) => !named.has(path))
  const beside = [...new Map(partners.map((partner) => [partner.path, partner])).values()]
  const [first] = paths
  return {
    sources: [
      ...listed.flatMap((place) => readListed(place, cwd, readers)),
      ...beside.map(({ path, below }) => ({ file: readSource(path, cwd), below })),
    ],
    names: [
      ...listed.flatMap(({ path, inside }) => inside?.map((below) => shown(path, below)) ?? [path]),
      ...beside.map(({ path }) => path.replaceAll('\\', '/')),
    ],
    start:
      first === undefined || named.has(normalize(first)) ? resolve(cwd, dirname(first ?? '.')) : resolve(cwd, first),
  }
}

/** What layouts want of one directory, which exists. */
export function readDirectory(directory: string, cwd: string, readers: Readers): SourceSet {
  const path = resolve(cwd, directory)
  const inside = filesBelow(path, directory)
  return {
    sources: readListed({ path: directory, inside }, cwd, readers),
    names: inside.map((below) => shown(directory, below)),
    start: path,
  }
}

/** Files that do not lie on disk, such as standard input. */
export function sourceSet(files: readonly SourceFile[], cwd: string): SourceSet {
  return {
    sources: files.map((file) => ({ file, below: undefined })),
    names: files.map(({ path }) => path),
    start: cwd,
  }
}

/** Reads a directory; undefined where it is missing or holds no SQL file. */
export async function readSourcesIfAny(
  directory: string,
  cwd: string,
  readers: Readers,
): Promise<SourceSet | undefined> {
  return holdsSql(resolve(cwd, directory)) ? readSources([directory], cwd, readers) : undefined
}

/** Whether there is an SQL file in the directory or below. */
export function holdsSql(directory: string): boolean {
  return existsSync(directory) && filesBelow(directory).some(isSql)
}

/** A file, or a directory and the paths of the files below it. */
interface Listed {
  readonly path: string
  readonly inside: readonly string[] | undefined
}

function readListed({ path, inside }: Listed, cwd: string, readers: Readers): readonly Source[] {
  if (inside === undefined) return [{ file: readSource(path, cwd), below: undefined }]
  return inside
    .filter((below) => readers.some((layout) => layout.wants(below)))
    .map((below) => ({ file: readSource(join(path, below), cwd), below }))
}

function shown(directory: string, below: string): string {
  return join(directory, below).replaceAll('\\', '/')
}

/** Each with its path as the layout that wants it would see it: the other layouts leave it alone. */
function besideOf(
  path: string,
  cwd: string,
  readers: Readers,
): readonly { readonly path: string; readonly below: string }[] {
  return readers
    .flatMap((layout) => layout.beside?.(path) ?? [])
    .map((one) => ({ path: join(dirname(path), one), below: one.replace(/^(?:\.\.\/)+/, '') }))
    .filter((partner) => existsSync(resolve(cwd, partner.path)))
}

async function listPath(path: string, cwd: string, readers: Readers): Promise<Listed> {
  const found = await stat(resolve(cwd, path)).catch((error: unknown) => {
    throw new ToolkitError({
      code: 'directory-missing',
      message: `There is no file or directory "${path}".`,
      hint: 'Name the directory of your migrations with --dir, or create a first one with: migrate new <name>',
      cause: error,
    })
  })
  // Without `./`, as what lies beside it is called: layouts put files together by their paths.
  if (!found.isDirectory()) return { path: normalize(path), inside: undefined }
  const inside = filesBelow(resolve(cwd, path), path)
  if (inside.some((below) => isSql(below) || readers.some((layout) => isProgramOf(layout, below))))
    return { path, inside }
  throw new ToolkitError({
    code: 'directory-empty',
    message: `The directory "${path}" holds no .sql file.`,
    hint: 'Create a first migration with: migrate new <name>',
  })
}

/** Not looked into: what package managers keep, and what `verify` writes. */
const passedOver: ReadonlySet<string> = new Set(['node_modules', 'proofs'])

/**
 * The paths of the files below a directory, with forward slashes, sorted. Read at once, like the files: a promise for
 * each costs more than reading them.
 *
 * @throws ToolkitError `file-unreadable`
 */
function filesBelow(directory: string, path: string = directory): readonly string[] {
  const found: string[] = []
  const open = ['']
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    for (const entry of entriesOf(join(directory, below), path)) {
      if (entry.name.startsWith('.')) continue
      // A directory that is called like a migration is told when it is read.
      if (!entry.isDirectory() || isSql(entry.name)) found.push(below + entry.name)
      else if (!passedOver.has(entry.name)) open.push(`${below}${entry.name}/`)
    }
  }
  return found.toSorted(byCodePoint)
}

function entriesOf(directory: string, path: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Whether a layout may find a migration in a file that is no SQL. */
function isProgramOf({ program, wants }: Readers[number], below: string): boolean {
  return program !== undefined && wants(below)
}

function isSql(path: string): boolean {
  return path.toLowerCase().endsWith('.sql')
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Read at once: a promise for each of hundreds of small files costs more than reading them. As text, which takes less than
 * bytes do; as bytes where one of them may be no UTF-8, or really is the character that stands for such a byte.
 */
function readSource(path: string, cwd: string): SourceFile {
  const text = contentOf(path, cwd, 'utf8')
  if (text.includes(replacement)) return sourceFile(path, contentOf(path, cwd))
  return { path, text: text.startsWith(byteOrderMark) ? text.slice(1) : text, sha256: sha256(text, 'hex') }
}

const replacement = '\uFFFD'
const byteOrderMark = '\uFEFF'

function contentOf(path: string, cwd: string): Uint8Array
function contentOf(path: string, cwd: string, encoding: 'utf8'): string
function contentOf(path: string, cwd: string, encoding?: 'utf8'): Uint8Array | string {
  try {
    return readFileSync(resolve(cwd, path), encoding)
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Keeps nothing from one call to the next, as long as none is called a part of a stream. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * A file's bytes as text: UTF-8, without its byte order mark.
 *
 * @throws ToolkitError `file-not-utf8`
 */
export function sourceFile(path: string, bytes: Uint8Array): SourceFile {
  try {
    const text = utf8.decode(bytes)
    return { path, text, sha256: sha256(bytes, 'hex') }
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
    message: `"${path}" cannot be read: ${fileReason(cause)}`,
    hint: 'Check the path and its permissions.',
    cause,
  })
}
