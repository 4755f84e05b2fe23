import { scanTokens } from './grammar.ts'

const comments: ReadonlySet<string> = new Set(['SQL_COMMENT', 'C_COMMENT'])

/**
 * The tokens of `sql` joined by one space: comments and white space left out, unquoted words in lower case.
 * A text that the scanner refuses is its own meaning.
 */
export function meaning(sql: string): string {
  if (!/\S/.test(sql)) return ''
  const tokens = sql.includes('\0') ? undefined : scanTokens(sql)
  if (tokens === undefined) return sql.trim()
  return tokens
    .filter(({ name }) => !comments.has(name))
    .map(({ text, name, keyword }) => (keyword || (name === 'IDENT' && !text.startsWith('"')) ? folded(text) : text))
    .join(' ')
}

/** As the server folds identifiers in UTF-8: ASCII letters only, so that É and é stay two names. */
function folded(word: string): string {
  return word.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
