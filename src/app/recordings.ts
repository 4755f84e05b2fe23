import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Layout, LayoutOptions } from '../layouts/layout.ts'
import { recordedFile } from '../layouts/recorded/compose.ts'
import { isProgram } from '../layouts/recorded/programs.ts'
import type { SourceFile } from '../model/migration.ts'
import type { Recording } from '../model/recording.ts'
import type { Environment } from './database-url.ts'

/**
 * The files of a layout, in which programs are replaced by the SQL that they send when they are run. Only what lies on
 * disk can be run: of another text nothing is known.
 *
 * @throws ToolkitError `program-unrunnable`
 */
export async function withRecordings(
  { program }: Layout,
  files: readonly SourceFile[],
  { cwd, env, options }: { readonly cwd: string; readonly env: Environment; readonly options: LayoutOptions },
): Promise<readonly SourceFile[]> {
  const programs = program === undefined ? [] : files.filter((file) => isProgram(file, program))
  if (program === undefined || programs.length === 0) return files
  const recorded = new Map<SourceFile, Recording>(programs.map((file) => [file, unknown]))
  const onDisk = programs.filter((file) => liesOnDisk(file, cwd))
  if (onDisk.length > 0) {
    // Loaded for those who need it.
    const { record } = await import('../record/record.ts')
    const paths = onDisk.map(({ path }) => resolve(cwd, path))
    const { inTransaction } = options
    const recordings = await record({ tool: program, inTransaction, files: paths, cwd, env })
    for (const [index, recording] of recordings.entries()) {
      const file = onDisk[index]
      if (file !== undefined) recorded.set(file, recording)
    }
  }
  return files.map((file) => {
    const recording = recorded.get(file)
    return recording === undefined ? file : recordedFile(file, recording)
  })
}

const notOnDisk = {
  statements: [],
  transaction: true,
  unseen: { reason: 'What this sends is not known, because another text lies on disk, and only that can be run.' },
}
const unknown: Recording = { up: notOnDisk, down: notOnDisk }

function liesOnDisk({ path, sha256 }: SourceFile, cwd: string): boolean {
  const full = resolve(cwd, path)
  return existsSync(full) && createHash('sha256').update(readFileSync(full)).digest('hex') === sha256
}
