import { scanTokens } from './grammar.ts'

/**
 * The words of a text of SQL or PL/pgSQL as the server reads them: bare ones in lower case, `new.title` for what stands
 * behind a point, each once. Nothing where the scanner refuses the text.
 */
export function wordsOf(sql: string): readonly string[] {
  const words = new Set<string>()
  let before: string | undefined
  let qualifier: string | undefined
  for (const { text } of scanTokens(sql) ?? []) {
    if (text === '.') {
      qualifier = before
      before = undefined
      continue
    }
    before = wordOf(text)
    if (before !== undefined) words.add(qualifier === undefined ? before : `${qualifier}.${before}`)
    qualifier = undefined
  }
  return [...words]
}

function wordOf(token: string): string | undefined {
  if (/^"[^]*"$/.test(token)) return token.slice(1, -1).replaceAll('""', '"')
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(token) ? token.toLowerCase() : undefined
}
