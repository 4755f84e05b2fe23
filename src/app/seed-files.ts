import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ToolkitError } from '../core/errors.ts'
import { positionAt } from '../core/span.ts'
import type { Migration, SourceFile } from '../model/migration.ts'
import { findDirectives } from '../sql/directives.ts'
import type { SeedFile } from '../verify/seed/seed-file.ts'
import { expandFiles } from './capture/expand.ts'
import type { Context } from './context.ts'

/** Reads the files that `verify.seed` names, in the order of the patterns and then of their paths. */
export async function readSeedSources({ loaded }: Context): Promise<readonly SourceFile[]> {
  const paths = expandFiles(loaded.config.verify.seed ?? [], loaded.root, '.sql')
  return Promise.all(
    paths.map(async (path) => {
      const text = (await readFile(resolve(loaded.root, path), 'utf8')).replace(/^\uFEFF/, '')
      return { path, text, sha256: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/** One hash over all of them; null where there are none. A proof is made from it. */
export function seedHash(sources: readonly SourceFile[]): string | null {
  if (sources.length === 0) return null
  const lines = sources.map(({ path, sha256 }) => `${path} ${sha256}`)
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

/**
 * Reads what seeds say and of what statements they are.
 *
 * @throws ToolkitError `directive-invalid`, `migration-unknown`, `seed-failed`
 */
export function parseSeeds(
  sources: readonly SourceFile[],
  history: readonly Migration[],
  { dialect }: Context,
): readonly SeedFile[] {
  return sources.map((source) => {
    const parsed = dialect.parse(source.text)
    const [problem] = parsed.problems
    if (problem !== undefined) throw refused('seed-failed', source, problem.span.start, problem.message)
    return { source, parsed, after: readAfter(source, history) }
  })
}

function readAfter(source: SourceFile, history: readonly Migration[]): string | undefined {
  const [directive, second] = findDirectives(source.text)
  if (directive === undefined) return undefined
  const [after, id, more] = directive.words.map(({ text }) => text)
  if (directive.name.text !== 'seed' || after !== 'after' || id === undefined || (more ?? second) !== undefined)
    throw refused(
      'directive-invalid',
      source,
      directive.span.start,
      'a seed takes one directive, -- migrate:seed after ID',
    )
  if (history.some((migration) => migration.id === id)) return id
  throw refused('migration-unknown', source, directive.words[1]?.start ?? 0, `there is no migration "${id}"`)
}

function refused(
  code: 'directive-invalid' | 'migration-unknown' | 'seed-failed',
  { path, text }: SourceFile,
  offset: number,
  why: string,
): ToolkitError {
  const at = { path, ...positionAt(text, offset) }
  const message = `The seed cannot be used: ${path}:${at.line}:${at.column}: ${why}`
  return new ToolkitError({ code, message, at, hint: 'Seeds are files of plain SQL, named by verify.seed.' })
}
