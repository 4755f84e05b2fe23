import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { ToolkitError } from '../../core/errors.ts'
import { fileReason } from '../../core/file-reason.ts'
import { textField } from '../../core/json.ts'
import { wrap } from '../../core/text.ts'
import type { Answer } from '../answer.ts'
import { migrationsDirectory } from '../context.ts'
import type { Context } from '../context.ts'
import { type ProjectFile, projectFiles, remarks } from '../init/files.ts'
import { readProject } from '../init/project.ts'

interface Placed {
  readonly path: string
  readonly state: 'written' | 'kept'
  /** What to add by hand to a file that was kept. */
  readonly add?: string
}

/**
 * Writes what a project lacks: a configuration, the directory, a CI job and a hook. What is there stays as it is.
 *
 * @throws ToolkitError `output-unwritable`, `directory-missing` where several directories hold migrations
 */
export async function answerInit(context: Context): Promise<Answer> {
  const { cwd, layout } = context
  const project = await readProject(cwd, migrationsDirectory(context))
  // Before anything is written, which would change what is said.
  const notes = remarks(project)
  const files: Placed[] = []
  for (const file of projectFiles(project, layout)) files.push(await place(file, cwd))
  return {
    exit: 'ok',
    json: { version: 1, files, notes },
    text: ({ width }) => initText(files, notes, { native: project.native, width }),
  }
}

async function place({ path, text, executable, orAdd }: ProjectFile, cwd: string): Promise<Placed> {
  const full = resolve(cwd, path)
  const shown = relative(cwd, full)
  try {
    await mkdir(dirname(full), { recursive: true })
    await writeFile(full, text, { flag: 'wx', mode: executable === true ? 0o755 : 0o644 })
    return { path: shown, state: 'written' }
  } catch (error) {
    if (textField(error, 'code') === 'EEXIST') {
      const isThere = orAdd === undefined || (await readFile(full, 'utf8').catch(() => '')).includes(orAdd)
      return { path: shown, state: 'kept', ...(isThere ? {} : { add: orAdd }) }
    }
    throw new ToolkitError({
      code: 'output-unwritable',
      message: `"${shown}" cannot be written: ${fileReason(error)}`,
      hint: 'Run the command in a directory that may be written. What was written before stays; nothing is overwritten.',
      cause: error,
    })
  }
}

function initText(
  files: readonly Placed[],
  notes: readonly string[],
  { native, width }: { readonly native: boolean; readonly width: number },
): string {
  const lines = [
    ...files.map(({ path, state }) => `${state === 'written' ? 'written ' : 'kept    '}  ${path}`),
    ...files.flatMap(({ path, add }) => (add === undefined ? [] : [`Add to ${path}:  ${add}`])),
    ...notes.map((note) => wrap(note, width)),
    native ? 'Next: migrate new create-books, write its SQL, then: migrate lint' : 'Next: migrate lint',
    wrap(
      'So that nobody takes production for another database: migrate init --label production --url postgres://…',
      width,
    ),
  ]
  return `${lines.join('\n')}\n`
}
