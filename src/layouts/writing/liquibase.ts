import type { Migration } from '../../model/migration.ts'
import { rollbacksOf, withoutRollbacks } from '../liquibase/changesets.ts'
import { lineBreak } from './text.ts'
import type { LayoutWriter, MigrationPart } from '../layout.ts'

/** Changesets: a part stands behind the one before it in the same file. */
export const liquibaseWriter: LayoutWriter = {
  inOneFile: true,
  refuses: (migration) => {
    const header = headerOf(migration)
    const body = bodyOf(migration)
    if (/\b(?:runAlways|runOnChange):"?true/i.test(header)) return 'it runs more than once'
    if (/\bendDelimiter:/i.test(header)) return 'its statements end with a delimiter of its own'
    if (/^[^\S\n]*--[^\S\n]*precondition/im.test(body)) return 'its preconditions are asked for all of it'
    if (/^[^\S\n]*--[^\S\n]*ignoreLines/im.test(body)) return 'Liquibase leaves out lines of it'
    const back = migration.down.kind === 'sql' ? migration.down.section.hidden : undefined
    return back === undefined ? undefined : 'its rollback is that of another changeset'
  },
  idAfter: (id) => id,
  downText: ({ source: { text }, up }) => {
    const blank = (piece: string): string => piece.replaceAll(/[^\r\n]/g, ' ')
    let at = 0
    const kept = rollbacksOf(text, up.span).map(({ start, end }) => {
      const before = blank(text.slice(at, start))
      at = end
      return before + text.slice(start, end)
    })
    return kept.join('') + blank(text.slice(at))
  },
  write: (parts) => {
    const [first] = parts
    if (first === undefined) return []
    const { source, up } = first.from
    const newline = lineBreak(first.from)
    const trailing = /\s*$/.exec(bodyOf(first.from))?.[0] ?? newline
    const changesets = parts.map((part) => changeset(part, newline).trimEnd()).join(newline + newline)
    const start = up.span.start - headerOf(first.from).length
    return [
      { path: source.path, text: source.text.slice(0, start) + changesets + trailing + source.text.slice(up.span.end) },
    ]
  },
}

/** The line that begins a changeset. */
function headerOf({ source: { text }, up }: Migration): string {
  return text.slice(text.lastIndexOf('\n', up.span.start - 1) + 1, up.span.start)
}

function bodyOf({ source: { text }, up }: Migration): string {
  return text.slice(up.span.start, up.span.end)
}

function changeset(part: MigrationPart, newline: string): string {
  const sql = withoutRollbacks(part.up).replace(/^(?:[^\S\n]*\r?\n)+/, '')
  return [newHeader(part), newline, `${sql.trimEnd()}${newline}`, ...rollback(part).map((line) => line + newline)].join(
    '',
  )
}

/** The same words, with another id for all but the first part. */
function newHeader({ from, as, transaction }: MigrationPart): string {
  const header = headerOf(from).trimEnd()
  const named = as === undefined ? header : withId(header, as.name)
  if (transaction === from.up.transaction) return named
  const without = named.replace(/[^\S\n]+runInTransaction:\S+/i, '')
  return transaction ? without : `${without} runInTransaction:false`
}

/** `name` is the author, a colon and the id. */
function withId(header: string, name: string): string {
  return header.replace(
    /^(\s*--\s*changeset\s+)("[^"\n]+"|[^:\n]+)(:\s*)("[^"\n]+"|\S+)/i,
    (_, start: string, author: string, colon: string, id: string) => {
      const own = name.slice(author.replaceAll('"', '').trim().length + 1)
      return `${start}${author}${colon}${id.startsWith('"') ? `"${own}"` : own}`
    },
  )
}

function rollback({ from, down }: MigrationPart): readonly string[] {
  if (down === undefined) return from.down.kind === 'none' ? ['--rollback empty'] : []
  const lines = down.sql.split(/\r?\n/).filter((line) => line.trim() !== '')
  const indent = Math.min(...lines.map((line) => line.search(/\S/)))
  return lines.map((line) => `--rollback ${line.slice(indent)}`)
}
