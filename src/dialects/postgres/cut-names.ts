import type { CutName } from '../../model/statement.ts'
import { isWordPart } from '../../sql/lexer.ts'
import type { StatementText } from './statement-text.ts'

/** Names are kept up to `NAMEDATALEN` - 1 bytes of UTF-8; the rest is cut off with a notice. */
const keptBytes = 63

/** The names of a statement that the server cuts; the syntax tree has them cut already. */
export function cutNamesOf(text: StatementText): readonly CutName[] {
  if (!mayHoldLong(text.sql, text.start, text.end)) return []
  return text.tokens.flatMap(({ kind, start, end }) => {
    if (kind !== 'word' && kind !== 'identifier') return []
    const token = text.sql.slice(start, end)
    const written = kind === 'word' ? token : nameIn(token)
    if (written === undefined || Buffer.byteLength(written) <= keptBytes) return []
    const kept = clipped(kind === 'word' ? written.toLowerCase() : written)
    return [{ written, kept, span: text.span(start, end) }]
  })
}

/**
 * Whether any run of characters could be a name of more bytes than are kept: most statements have none, and their tokens
 * are not read. Inside and outside of quotes are not told apart, so it may say yes in vain.
 */
function mayHoldLong(sql: string, start: number, end: number): boolean {
  if (!longOrQuoted.test(sql.slice(start, end))) return false
  let word = 0
  let sinceQuote = -Infinity
  for (let index = start; index < end; index += 1) {
    const code = sql.charCodeAt(index)
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : 3
    word = isWordPart(code) ? word + bytes : 0
    sinceQuote = code === doubleQuote ? 0 : sinceQuote + bytes
    if (word > keptBytes || sinceQuote > keptBytes) return true
  }
  return false
}

const doubleQuote = 0x22

/** A name of so many bytes has at least a third as many characters, and none of the server's white space unless it is quoted. */
const longOrQuoted = /[^ \t-\r]{22}|"/

/** What is between the quotes; undefined for `U&"…"`, whose escapes are not read here. */
function nameIn(token: string): string | undefined {
  return token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : undefined
}

/** As many whole characters as fit. */
function clipped(name: string): string {
  let kept = ''
  let bytes = 0
  for (const character of name) {
    bytes += Buffer.byteLength(character)
    if (bytes > keptBytes) break
    kept += character
  }
  return kept
}
