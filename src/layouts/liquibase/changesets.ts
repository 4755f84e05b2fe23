import type { Span } from '../../core/span.ts'
import type { SourceFile } from '../../model/migration.ts'
import type { Problems } from '../directives/problems.ts'

/** One changeset of a formatted SQL file. */
export interface Changeset {
  readonly file: SourceFile
  readonly id: string
  readonly author: string
  /** `runInTransaction` and its like, with lower-case keys. */
  readonly attributes: ReadonlyMap<string, string>
  /** From the line that begins it to the next one. */
  readonly part: Span
  /** What stands below that line. */
  readonly body: Span
  /** The texts of `--rollback …` and `/* liquibase rollback … *\/`. */
  readonly rollback: readonly Span[]
  /** Lines that Liquibase leaves out. */
  readonly ignored: readonly Span[]
}

const opening = /^[^\S\n]*--[^\S\n]*changeset[^\S\n]+("[^"\n]+"|[^:\n]+):[^\S\n]*("[^"\n]+"|\S+)(.*)$/gim

/** Whether a file is formatted SQL: its first line says so. */
export function isFormatted(text: string): boolean {
  return /^\s*--\s*liquibase\s+formatted\s+sql\b/i.test(text)
}

export function readChangesets(file: SourceFile, problems: Problems): readonly Changeset[] {
  const { text } = file
  const found = [...text.matchAll(opening)]
  if (found.length === 0)
    problems.add(
      'migration-empty',
      0,
      'There is no changeset.',
      'Write --changeset <author>:<id> above the statements.',
    )
  return found.map((match, index): Changeset => {
    const part = { start: match.index, end: found[index + 1]?.index ?? text.length }
    const body = { start: part.start + match[0].length, end: part.end }
    return {
      file,
      author: unquoted(match[1] ?? ''),
      id: unquoted(match[2] ?? ''),
      attributes: attributesOf(match[3] ?? ''),
      part,
      body,
      rollback: rollbacksOf(text, body),
      ignored: ignoredLines(text, body),
    }
  })
}

function unquoted(word: string): string {
  return word.trim().replace(/^"(.*)"$/, '$1')
}

function attributesOf(words: string): ReadonlyMap<string, string> {
  return new Map(
    [...words.matchAll(/([\w-]+):("[^"]*"|\S+)/g)].map(([, key = '', value = '']) => [
      key.toLowerCase(),
      unquoted(value),
    ]),
  )
}

/** The texts of the rollbacks of a changeset with this body. */
export function rollbacksOf(text: string, body: Span): readonly Span[] {
  const sql = text.slice(body.start, body.end)
  const forms = /^[^\S\n]*--[^\S\n]*rollback\b[^\S\n]*(.*)$|\/\*\s*liquibase\s+rollback\b([\s\S]*?)\*\//gim
  return [...sql.matchAll(forms)].map((match) => {
    const written = match[1] ?? match[2] ?? ''
    const start = body.start + match.index + match[0].indexOf(written, match[0].search(/rollback/i) + 'rollback'.length)
    return { start, end: start + written.length }
  })
}

/** SQL without the lines and comments that are its rollbacks. */
export function withoutRollbacks(sql: string): string {
  return sql
    .replaceAll(/^[^\S\n]*--[^\S\n]*rollback\b.*(?:\n|$)/gim, '')
    .replaceAll(/^[^\S\n]*\/\*\s*liquibase\s+rollback\b[\s\S]*?\*\/[^\S\n]*(?:\n|$)/gim, '')
}

/** `--ignoreLines:start` to `--ignoreLines:end`, or `--ignoreLines:3` for the lines below it. */
function ignoredLines(text: string, body: Span): readonly Span[] {
  const sql = text.slice(body.start, body.end)
  return [...sql.matchAll(/^[^\S\n]*--[^\S\n]*ignoreLines:(start|\d+)[^\n]*\n/gim)].map((match) => {
    const start = body.start + match.index + match[0].length
    const rest = text.slice(start, body.end)
    const end =
      match[1] === 'start'
        ? rest.search(/^[^\S\n]*--[^\S\n]*ignoreLines:end/im)
        : (new RegExp(`^(?:.*\\n){0,${match[1]}}`).exec(rest)?.[0].length ?? 0)
    return { start, end: end === -1 ? body.end : start + end }
  })
}
