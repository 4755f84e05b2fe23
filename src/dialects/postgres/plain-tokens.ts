import { lex } from '../../sql/lexer.ts'
import type { Token } from '../../sql/lexer.ts'

/** A token, under the name that the server's scanner gives to comments and identifiers; other names are not told apart. */
export interface PlainToken {
  readonly text: string
  readonly name: 'SQL_COMMENT' | 'IDENT' | 'other'
  readonly keyword: boolean
}

/** Comments within comments, and characters that the scanner, or the JSON in which it answers, treats in ways of its own. */
const unusual = /\/\*|[^\P{Cc}\t\n\r]|\p{Cs}|[\ufeff-\u{10ffff}]/u

/**
 * The tokens of SQL that is made of ordinary words, names, strings and operators, as the server's scanner gives them but
 * without asking it. Undefined where anything else is in the text, be it wrong or rare.
 */
export function plainTokens(sql: string): readonly PlainToken[] | undefined {
  if (unusual.test(sql)) return undefined
  const tokens: PlainToken[] = []
  const read = lex(sql)
  let behindString = false
  for (let index = 0; index < read.length; index += 1) {
    const token = read[index]
    if (token === undefined) break
    const count = token.kind === 'symbol' ? symbolsOf(sql, read, index) : 1
    const last = read[index + count - 1]
    if (last === undefined) return undefined
    const text = sql.slice(token.start, last.end)
    if (!isPlain(sql, token, text)) return undefined
    if (token.kind !== 'comment') {
      const isQuoted = token.kind === 'string' && text.startsWith("'")
      // Behind a line break the second would be a part of the first.
      if (isQuoted && behindString) return undefined
      behindString = isQuoted
    }
    tokens.push({ text, name: nameOf(token), keyword: false })
    index += count - 1
  }
  return tokens
}

function nameOf({ kind }: Token): PlainToken['name'] {
  if (kind === 'comment') return 'SQL_COMMENT'
  return kind === 'word' || kind === 'identifier' ? 'IDENT' : 'other'
}

function isPlain(sql: string, { kind, start, end }: Token, text: string): boolean {
  switch (kind) {
    case 'word':
      return true
    case 'identifier':
      return text.length > 2 && text.startsWith('"') && isClosed(text, '"')
    case 'string':
      return text.startsWith("'") ? isClosed(text, "'") : isDollarQuoted(text)
    case 'number':
      return /^\d{1,9}(?:\.\d+)?$/.test(text)
    case 'parameter':
      return text.length < 6 && !/[\w$\u0080-\uffff]/.test(sql.charAt(end))
    case 'comment':
      return !text.includes('\r') && !operatorCharacters.includes(sql.charAt(start - 1) || ' ')
    case 'symbol':
      return symbols.has(text)
  }
}

/** Each quote within is doubled, so that a closed one has an even number. */
function isClosed(text: string, quote: string): boolean {
  return (text.split(quote).length - 1) % 2 === 0
}

function isDollarQuoted(text: string): boolean {
  const tag = /^\$[^$]*\$/.exec(text)?.[0]
  return tag !== undefined && text.length >= 2 * tag.length && text.endsWith(tag)
}

const operatorCharacters = '~!@#^&|`?+-*/%<>='
const colonsAndPoints = ':=.'

/** How many symbols from `index` on stand without a gap and may be one token. */
function symbolsOf(sql: string, tokens: readonly Token[], index: number): number {
  const first = sql.charAt(tokens[index]?.start ?? 0)
  const family = operatorCharacters.includes(first) ? operatorCharacters : colonsAndPoints
  if (!family.includes(first)) return 1
  let count = 1
  for (let next = tokens[index + count]; isNext(next, index + count); next = tokens[index + count]) count += 1
  return count

  function isNext(token: Token | undefined, at: number): boolean {
    return token?.kind === 'symbol' && token.start === tokens[at - 1]?.end && family.includes(sql.charAt(token.start))
  }
}

/** A longer one may be several, and is left to the scanner. */
const symbols: ReadonlySet<string> = new Set(
  '( ) , ; [ ] . :: := < > = <= >= <> != => + - * / % ^ | & # ~ ! @ || && -> ->> #> #>> @> <@ ~* !~ !~* ~~ !~~'.split(
    ' ',
  ),
)
