import { lex } from '../sql/lexer.ts'

/**
 * A statement without its constants, as far as tokens tell: statements with one skeleton become the same text when their
 * constants are taken out. What decides on types and on equal constants is kept.
 */
export function skeletonOf(sql: string): string {
  const seen = new Map<string, number>()
  let skeleton = ''
  for (const { kind, start, end } of lex(sql)) {
    if (kind === 'comment') continue
    const text = sql.slice(start, end)
    if (kind !== 'string' && kind !== 'number') {
      // A name may be made of what looks like a constant here.
      skeleton += ` ${text}`
      continue
    }
    const number = seen.get(text) ?? seen.size
    seen.set(text, number)
    skeleton += ` \u0000${kind === 'number' ? numberKind(text) : stringKind(text)}${number}`
  }
  return skeleton
}

function numberKind(text: string): string {
  if (!/^\d+$/.test(text)) return 'n'
  return text.length < digitsOfInt4 ? 'i' : `${text} `
}

/** All numbers of nine digits fit into int4; longer ones stand for themselves. */
const digitsOfInt4 = 10

/** What it begins with says how it is read: `E'…'`, `B'…'`. */
function stringKind(text: string): string {
  return /^[^'$]*/.exec(text)?.[0].toLowerCase() ?? ''
}
