import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import { fileReason } from '../core/file-reason.ts'
import { textField } from '../core/json.ts'

/** A file as it is to be. */
export interface FileWrite {
  /** From the start of the file system. */
  readonly path: string
  readonly shown: string
  readonly text: string
  /** SHA-256 of the bytes that it was made from; absent for a file that must not be there yet. */
  readonly sha256?: string
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

interface Prepared extends FileWrite {
  readonly temporary: string
  /** The bytes on disk; undefined where there is no file. */
  readonly before: Buffer | undefined
  /** The outermost of the directories that were made for it; undefined where all were there. */
  readonly made: string | undefined
}

/**
 * Writes all files or none: everything is written beside its place first, then moved. A byte order mark stays; directories
 * that are missing are made.
 *
 * @throws ToolkitError `output-unwritable`, `file-exists`, `file-changed` when a file is no longer what it was
 */
export async function writeFiles(files: readonly FileWrite[]): Promise<void> {
  const prepared: Prepared[] = []
  const moved: Prepared[] = []
  let failed = true
  try {
    for (const file of files) {
      const found = await lookAt(file)
      prepared.push(found)
      await writeBeside(found)
    }
    for (const file of prepared) {
      await move(file)
      moved.push(file)
    }
    failed = false
  } finally {
    if (failed) for (const file of moved.toReversed()) await takeBack(file)
    for (const { temporary } of prepared) await rm(temporary, { force: true }).catch(() => undefined)
    if (failed) for (const file of prepared.toReversed()) await removeDirectories(file)
  }
}

async function lookAt(file: FileWrite): Promise<Prepared> {
  const before = await bytesOf(file)
  if (file.sha256 === undefined && before !== undefined) throw exists(file)
  if (file.sha256 !== undefined && (before === undefined || hashOf(before) !== file.sha256)) {
    throw new ToolkitError({
      code: 'file-changed',
      message: `"${file.shown}" changed while it was being fixed. Nothing was written.`,
      hint: 'Save it in the editor, and run the command again.',
    })
  }
  try {
    const made = await mkdir(dirname(file.path), { recursive: true })
    return { ...file, temporary: `${file.path}.${randomUUID()}.tmp`, before, made }
  } catch (error) {
    throw unwritable(file, error)
  }
}

async function writeBeside(file: Prepared): Promise<void> {
  const hasMark = file.before?.subarray(0, 3).equals(byteOrderMark) ?? false
  const bytes = hasMark ? Buffer.concat([byteOrderMark, Buffer.from(file.text)]) : file.text
  try {
    await writeFile(file.temporary, bytes, { flag: 'wx' })
  } catch (error) {
    throw unwritable(file, error)
  }
}

/** Those that were made for a file, as far as nothing lies in them. */
async function removeDirectories({ path, made }: Prepared): Promise<void> {
  if (made === undefined) return
  for (let directory = dirname(path); directory.startsWith(made); directory = dirname(directory))
    await rmdir(directory).catch(() => undefined)
}

/** A new file is linked: unlike a move that never takes the place of one that came meanwhile. */
async function move(file: Prepared): Promise<void> {
  try {
    await (file.before === undefined ? link(file.temporary, file.path) : rename(file.temporary, file.path))
  } catch (error) {
    throw textField(error, 'code') === 'EEXIST' ? exists(file) : unwritable(file, error)
  }
}

async function takeBack({ path, before }: Prepared): Promise<void> {
  await (before === undefined ? rm(path, { force: true }) : writeFile(path, before)).catch(() => undefined)
}

async function bytesOf(file: FileWrite): Promise<Buffer | undefined> {
  try {
    return await readFile(file.path)
  } catch (error) {
    if (textField(error, 'code') === 'ENOENT') return undefined
    throw unwritable(file, error)
  }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function exists({ shown }: FileWrite): ToolkitError {
  return new ToolkitError({
    code: 'file-exists',
    message: `"${shown}" exists already. Nothing was written.`,
    hint: 'Move the file away, or run the command again: it takes another name.',
  })
}

function unwritable({ shown }: FileWrite, cause: unknown): ToolkitError {
  return new ToolkitError({
    code: 'output-unwritable',
    message: `"${shown}" cannot be written: ${fileReason(cause)}. Nothing was changed.`,
    hint: 'Look at the permissions of the file and of its directory.',
    cause,
  })
}
