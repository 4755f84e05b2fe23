import { nextToken } from '../../sql/lexer.ts'
import type { Token } from '../../sql/lexer.ts'
import { maskCopyData } from './copy-data.ts'
import type { Mask } from './mask.ts'

/**
 * What psql takes for itself: commands that begin with a backslash, `:variables`, and the rows below COPY. Follows the
 * page "psql" of PostgreSQL's documentation, "Meta-Commands" and "SQL Interpolation".
 */
export function maskPsql(mask: Mask): void {
  maskCopyData(mask)
  const text = ' '.repeat(mask.span.start) + mask.sql
  let before: Token | undefined
  for (let at = mask.span.start; ;) {
    const token = nextToken(text, at, mask.span.end)
    if (token === undefined) return
    const character = token.kind === 'symbol' ? text.charAt(token.start) : ''
    at = token.end
    if (character === '\\') at = maskCommand(mask, text, token.start)
    if (character === ':') at = maskVariable(mask, text, token, before)
    before = token
  }
}

/** Commands that send what was typed so far, as a semicolon does. */
const sending = /^\\(?:g|gx|gset|gdesc|gexec|crosstabview|watch|bind|bind_named)\b/
const including = /^\\(?:i|ir|include|include_relative)\b/

/** Gives the offset behind the command: the end of its line. */
function maskCommand(mask: Mask, text: string, start: number): number {
  if (text.charAt(start + 1) === ';') {
    mask.blank(start, start + 1)
    return start + 2
  }
  const newline = text.indexOf('\n', start)
  const lineEnd = newline === -1 || newline > mask.span.end ? mask.span.end : newline
  const command = text.slice(start, lineEnd).trimEnd()
  const end = start + command.length
  if (/^\\copy\b/.test(command)) {
    mask.blank(start, start + 1)
    if (lineEnd < mask.span.end) mask.put(lineEnd, ';')
    return lineEnd
  }
  if (sending.test(command)) {
    mask.put(start, ';')
    mask.blank(start + 1, end)
  } else mask.blank(start, end)
  const span = { start, end }
  if (including.test(command)) mask.hide(span, 'psql reads another file here.')
  if (/^\\gexec\b/.test(command)) mask.hide(span, 'psql runs what the query gives.')
  return lineEnd
}

/** `:name`, `:'name'`, `:"name"`, `:{?name}`; not casts, `:=` or slices such as `a[1:n]`. Gives the offset behind it. */
function maskVariable(mask: Mask, text: string, { start, end }: Token, before: Token | undefined): number {
  const rest = text.slice(end, end + 130)
  // A slice has its bound directly before the colon; a cast has two colons.
  if (before?.end === start && /[\w\]):]/.test(text.charAt(start - 1))) return end
  const name = /^\w+/.exec(rest)
  if (name !== null && !/^\d/.test(rest)) {
    mask.name(start, end + name[0].length)
    return end + name[0].length
  }
  const quoted = /^'\w+'|^"\w+"/.exec(rest)
  if (quoted !== null) {
    mask.blank(start, end)
    return end + quoted[0].length
  }
  const isSet = /^\{\?\w+\}/.exec(rest)
  if (isSet === null) return end
  mask.put(start, 'true'.padEnd(isSet[0].length + 1))
  return end + isSet[0].length
}

/** Lines that begin with a backslash, in a file that its tool sends to the server as it is: each is refused by itself. */
export function refusePsql(mask: Mask, tool: string): void {
  if (!/^\\/m.test(mask.file.text)) return
  const text = ' '.repeat(mask.span.start) + mask.sql
  for (let token = nextToken(text, mask.span.start, mask.span.end); token !== undefined;) {
    let at = token.end
    if (token.kind === 'symbol' && text.charAt(token.start) === '\\') {
      const line = /^.*/.exec(text.slice(token.start))?.[0].trimEnd() ?? ''
      at = token.start + line.length
      mask.blank(token.start, at)
      mask.refuse(
        { start: token.start, end: at },
        `"${line}" is a command of psql; ${tool} sends it to the server, which refuses it`,
      )
    }
    token = nextToken(text, at, mask.span.end)
  }
}
