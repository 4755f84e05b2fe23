import type { CutName } from '../../model/statement.ts'
import type { StatementText } from './statement-text.ts'

/** Names are kept up to `NAMEDATALEN` - 1 bytes of UTF-8; the rest is cut off with a notice. */
const keptBytes = 63

/** Something that may be a name of more bytes than that: most statements have none, and their tokens are not read. */
const mayBeLong =
  /[\w$]{64}|(?=[\w$\u0080-\uffff]{22})[\w$]*[\u0080-\uffff]|"[^"]{64}|"(?=[^"]{22})[^"\u0080-\uffff]*[\u0080-\uffff]/

/** The names of a statement that the server cuts; the syntax tree has them cut already. */
export function cutNamesOf(text: StatementText): readonly CutName[] {
  if (!mayBeLong.test(text.sql.slice(text.start, text.end))) return []
  return text.tokens.flatMap(({ kind, start, end }) => {
    if (kind !== 'word' && kind !== 'identifier') return []
    const token = text.sql.slice(start, end)
    const written = kind === 'word' ? token : nameIn(token)
    if (written === undefined || Buffer.byteLength(written) <= keptBytes) return []
    const kept = clipped(kind === 'word' ? written.toLowerCase() : written)
    return [{ written, kept, span: text.span(start, end) }]
  })
}

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
