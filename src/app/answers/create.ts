import { access, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ToolkitError } from '../../core/errors.ts'
import type { Answer } from '../answer.ts'
import type { Context } from '../context.ts'
import { readLockFile } from '../lock-file.ts'

export interface CreateRequest {
  /** What the migration does: words, hyphens or underscores between them. */
  readonly name: string
  readonly phase?: string | undefined
  readonly change?: string | undefined
  /** The time that becomes the id. */
  readonly now?: Date
}

/**
 * Writes a migration from a template.
 *
 * @throws ToolkitError `migration-name-invalid`, `file-exists`
 */
export async function answerCreate(context: Context, request: CreateRequest): Promise<Answer> {
  const file = `${migrationId(request.now ?? new Date())}_${fileName(request.name)}.sql`
  const path = join(context.directory, file)
  await writeNewFile(resolve(context.cwd, path), path, template(request))
  const isLocked = readLockFile(context.cwd, context.directory) !== undefined
  const then = isLocked ? 'Before the commit, write it down in migrate.lock: migrate lock\n' : ''
  return { exit: 'ok', json: { version: 1, path }, text: () => `${path}\n${then}` }
}

/** `20261123210500`: the time in UTC, to the second. */
export function migrationId(time: Date): string {
  return time.toISOString().replaceAll(/\D/g, '').slice(0, 14)
}

/**
 * Writes a file that must not exist yet; missing directories are made.
 *
 * @throws ToolkitError `file-exists`
 */
export async function writeNewFile(path: string, shown: string, text: string): Promise<void> {
  await mkdir(resolve(path, '..'), { recursive: true })
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (exists) {
    throw new ToolkitError({
      code: 'file-exists',
      message: `"${shown}" exists already; nothing was written.`,
      hint: 'Choose another name, or move the file away.',
    })
  }
  await writeFile(path, text, { flag: 'wx' })
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
