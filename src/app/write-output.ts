import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import { fileReason } from '../core/file-reason.ts'

/**
 * Writes a file whole or not at all: who reads it meanwhile sees the old one. Missing directories are made.
 *
 * @throws ToolkitError `output-unwritable`
 */
export async function writeOutput(path: string, shown: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, text)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw new ToolkitError({
      code: 'output-unwritable',
      message: `"${shown}" cannot be written: ${fileReason(error)}`,
      hint: 'Name a file in a directory that may be written to.',
      cause: error,
    })
  }
}
