import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ToolkitError } from '../../core/errors.ts'
import type { Answer } from '../answer.ts'
import { layouts } from '../../layouts/registry.gen.ts'
import { type Context, migrationsDirectory, wantedLayout } from '../context.ts'
import { readLockFile } from '../lock-file.ts'
import { timeForNew } from '../new-id.ts'
import { writeFiles } from '../write-files.ts'

export interface CreateRequest {
  /** What the migration does: words, hyphens or underscores between them. */
  readonly name: string
  readonly phase?: string | undefined
  readonly change?: string | undefined
  /** The time that becomes the id; the newest id of the directory pushes it up. */
  readonly now?: Date
}

/**
 * Writes a migration from a template.
 *
 * @throws ToolkitError `migration-name-invalid`, `command-invalid`, `layout-not-run`, `directory-missing`, `output-unwritable`
 */
export async function answerCreate(context: Context, request: CreateRequest): Promise<Answer> {
  refuseForeign(context)
  refuseName(request.change)
  refuseElsewhere(context)
  const time = timeForNew(await idsIn(resolve(context.cwd, context.directory)), request.now ?? new Date())
  const path = join(context.directory, `${migrationId(time)}_${fileName(request.name)}.sql`)
  await writeFiles([{ path: resolve(context.cwd, path), shown: path, text: template(request) }])
  const isLocked = readLockFile(context.cwd, context.directory) !== undefined
  const then = isLocked ? 'Before the commit, write it down in migrate.lock: migrate lock\n' : ''
  return { exit: 'ok', json: { version: 1, path }, text: () => `${path}\n${then}` }
}

/** `20261123210500`: the time in UTC, to the second. */
function migrationId(time: Date): string {
  return time.toISOString().replaceAll(/\D/g, '').slice(0, 14)
}

/** Ids of the files that are there: a file that is still to be filled in is no migration yet, and has one. */
async function idsIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => [])
  return names.flatMap((name) => /^(\d+)_/.exec(name)?.[1] ?? [])
}

/** @throws ToolkitError `layout-not-run` where the configuration names the layout of another tool */
function refuseForeign(context: Context): void {
  const wanted = wantedLayout(context)
  const layout = layouts.find(({ id }) => id === wanted)
  if (layout === undefined || layout.runs === true) return
  throw new ToolkitError({
    code: 'layout-not-run',
    message: `The migrations are of ${layout.id}, and "migrate new" writes files of ours. Nothing was written.`,
    hint: `Make it with ${layout.id}, or name a directory for our files: --layout native --dir DIRECTORY`,
  })
}

/** @throws ToolkitError `directory-missing` where nobody named one, and migrations lie in another */
function refuseElsewhere(context: Context): void {
  const { directory } = context
  const found = migrationsDirectory(context)
  if (found === directory) return
  throw new ToolkitError({
    code: 'directory-missing',
    message: `There is no directory "${directory}", but there are migrations in "${found}". Nothing was written.`,
    hint: `Say where the file belongs: --dir ${found}, where those are ours, or --dir ${directory} to begin there.`,
  })
}

/** @throws ToolkitError `command-invalid` where a directive could not hold it */
function refuseName(change: string | undefined): void {
  if (change === undefined || /^[^\s]+$/.test(change)) return
  throw new ToolkitError({
    code: 'command-invalid',
    message: `"${change}" is not a name for a change.`,
    hint: 'Use one word of lower-case letters, digits and hyphens: --change users-email',
  })
}

function fileName(name: string): string {
  const words = name
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
  if (words.length > 0 && words.every((word) => /^[\p{Letter}\p{Number}]+$/u.test(word))) return words.join('_')
  throw new ToolkitError({
    code: 'migration-name-invalid',
    message: `"${name}" cannot be the name of a migration.`,
    hint: 'Use letters and digits with hyphens, underscores or spaces between words: migrate new add-author-to-books',
  })
}

function template({ change, phase }: CreateRequest): string {
  const header = [
    ...(change === undefined ? [] : [`-- migrate:change ${change}`]),
    ...(phase === undefined ? [] : [`-- migrate:phase ${phase}`]),
    ...(phase === 'contract' && change !== undefined ? ['-- migrate:gate approval'] : []),
  ]
  const backfill = phase === 'backfill' ? ['-- migrate:backfill table:TABLE key:id', 'update TABLE set …;'] : ['']
  return [
    ...header,
    ...(header.length > 0 ? [''] : []),
    '-- migrate:up',
    ...backfill,
    '',
    '-- migrate:down',
    '',
    '',
  ].join('\n')
}
