import type { Span } from '../core/span.ts'

/**
 * `word`: an unquoted identifier or key word; `identifier`: a quoted one; `string`: any literal in quotes or dollar
 * quotes; `symbol`: one character of an operator or of punctuation.
 */
export type TokenKind = 'word' | 'identifier' | 'string' | 'number' | 'parameter' | 'symbol' | 'comment'

export interface Token extends Span {
  readonly kind: TokenKind
}

/**
 * The tokens of `text` between two offsets, comments included, white space left out. Never fails: a string, comment or
 * quoted identifier that is not closed reaches to the end. Follows PostgreSQL's lexical rules with
 * `standard_conforming_strings` on (documentation, "Lexical Structure"): `''` in strings, backslashes in `E''` only,
 * dollar quotes, nested block comments.
 */
export function lex(text: string, start = 0, end: number = text.length): Token[] {
  const tokens: Token[] = []
  for (let token = nextToken(text, start, end); token !== undefined; token = nextToken(text, token.end, end))
    tokens.push(token)
  return tokens
}

/** The first token at `from` or behind it. */
export function nextToken(text: string, from: number, end: number): Token | undefined {
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (!isSpace(code)) return readToken(text, at, end, code)
  }
  return undefined
}

/**
 * The comments among the tokens of `text`. Words and symbols, which are most of a text, are jumped over: from one character
 * that may begin a comment or a string to the next.
 */
export function comments(text: string): Token[] {
  const found: Token[] = []
  const special = /['"$]|--|\/\*/g
  let from = 0
  for (let match = special.exec(text); match !== null; match = special.exec(text)) {
    for (let at = tokenStart(text, match.index, from); at <= match.index; at = from) {
      const token = nextToken(text, at, text.length)
      if (token === undefined) return found
      if (token.kind === 'comment') found.push(token)
      from = token.end
    }
    special.lastIndex = from
  }
  return found
}

/** A place not behind `at` where a token starts: what stands before a quote may belong to it, as in `E''` and `U&''`. */
function tokenStart(text: string, at: number, from: number): number {
  let start = at
  while (start > from && mayGoOn(text.charCodeAt(start - 1))) start -= 1
  return start
}

/** Whether what follows the character may be the same token: a word, a number with its sign and point, `U&`. */
function mayGoOn(code: number): boolean {
  return isWordPart(code) || code === DOT || code === PLUS || code === HYPHEN || code === AMPERSAND
}

/** Whether there is a token other than comments. */
export function hasCode(text: string, start = 0, end: number = text.length): boolean {
  return firstCode(text, start, end) !== undefined
}

/** Where the first token other than comments starts. */
export function firstCode(text: string, start = 0, end: number = text.length): number | undefined {
  let token = nextToken(text, start, end)
  while (token?.kind === 'comment') token = nextToken(text, token.end, end)
  return token?.start
}

/** A token that ends at `to`, or at the end of what is read. */
function limited(start: number, end: number, kind: TokenKind, to: number): Token {
  return { kind, start, end: to < end ? to : end }
}

function readToken(text: string, at: number, end: number, code: number): Token {
  if (isWordStart(code)) return readWord(text, at, end, code)
  if (isDigit(code)) return limited(at, end, 'number', numberEnd(text, at))
  if (code === QUOTE) return limited(at, end, 'string', quotedEnd(text, at, QUOTE))
  if (code === DOUBLE_QUOTE) return limited(at, end, 'identifier', quotedEnd(text, at, DOUBLE_QUOTE))
  if (code === DOLLAR) return readDollar(text, at, end)
  if (code === HYPHEN && text.charCodeAt(at + 1) === HYPHEN) return limited(at, end, 'comment', lineEnd(text, at))
  if (code === SLASH && text.charCodeAt(at + 1) === STAR) return limited(at, end, 'comment', blockCommentEnd(text, at))
  if (code === DOT && isDigit(text.charCodeAt(at + 1))) return limited(at, end, 'number', numberEnd(text, at))
  return limited(at, end, 'symbol', at + 1)
}

/** A word, or the string or identifier that its letter introduces: `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`, `U&"…"`. */
function readWord(text: string, at: number, end: number, code: number): Token {
  const next = text.charCodeAt(at + 1)
  const letter = code | 0x20
  if (next === QUOTE) {
    if (letter === LETTER_E) return limited(at, end, 'string', escapedEnd(text, at + 1))
    if (letter === LETTER_B || letter === LETTER_X || letter === LETTER_N)
      return limited(at, end, 'string', quotedEnd(text, at + 1, QUOTE))
  }
  if (letter === LETTER_U && next === AMPERSAND) {
    const quote = text.charCodeAt(at + 2)
    if (quote === QUOTE) return limited(at, end, 'string', quotedEnd(text, at + 2, QUOTE))
    if (quote === DOUBLE_QUOTE) return limited(at, end, 'identifier', quotedEnd(text, at + 2, DOUBLE_QUOTE))
  }
  let to = at + 1
  while (to < end && isWordPart(text.charCodeAt(to))) to += 1
  return { kind: 'word', start: at, end: to }
}

function readDollar(text: string, at: number, end: number): Token {
  if (isDigit(text.charCodeAt(at + 1))) {
    let to = at + 2
    while (isDigit(text.charCodeAt(to))) to += 1
    return { kind: 'parameter', start: at, end: Math.min(to, end) }
  }
  let close = at + 1
  if (isWordStart(text.charCodeAt(close))) {
    while (isWordPart(text.charCodeAt(close)) && text.charCodeAt(close) !== DOLLAR) close += 1
  }
  if (text.charCodeAt(close) !== DOLLAR) return { kind: 'symbol', start: at, end: at + 1 }
  const tag = text.slice(at, close + 1)
  const closing = text.indexOf(tag, close + 1)
  return { kind: 'string', start: at, end: closing === -1 ? end : Math.min(closing + tag.length, end) }
}

function quotedEnd(text: string, open: number, quote: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text.charCodeAt(at) !== quote) continue
    if (text.charCodeAt(at + 1) !== quote) return at + 1
    at += 1
  }
  return text.length
}

function escapedEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at += 1
    else if (code === QUOTE) {
      if (text.charCodeAt(at + 1) !== QUOTE) return at + 1
      at += 1
    }
  }
  return text.length
}

function numberEnd(text: string, at: number): number {
  let to = at
  for (;;) {
    const code = text.charCodeAt(to)
    const isSign = (code === PLUS || code === HYPHEN) && (text.charCodeAt(to - 1) | 0x20) === LETTER_E
    const isExponent = isSign && to > at + 1 && isDigit(text.charCodeAt(to + 1))
    const isFraction = code === DOT && text.charCodeAt(to + 1) !== DOT
    if (!isWordPart(code) && !isFraction && !isExponent) return Math.max(to, at + 1)
    to += 1
  }
}

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at)
  const end = newline === -1 ? text.length : newline
  return text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end
}

/** The block comment that is opened and never closed: it hides everything behind it. */
export function openComment(text: string): Span | undefined {
  const last = lex(text).at(-1)
  if (last?.kind !== 'comment' || text.charCodeAt(last.start) !== SLASH) return undefined
  return blockCommentEnd(`${text} `, last.start) > text.length ? { start: last.start, end: last.start + 2 } : undefined
}

/** Whether the text ends inside a string, a quoted identifier or a block comment, as all that follows it would too. */
export function isLeftOpen(text: string): boolean {
  const longer = `${text} `
  const last = lex(longer).at(-1)
  if (last?.end !== longer.length) return false
  return last.kind === 'comment' ? text.charCodeAt(last.start) === SLASH : last.kind !== 'word'
}

function blockCommentEnd(text: string, open: number): number {
  let depth = 1
  for (let at = open + 2; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const next = text.charCodeAt(at + 1)
    if (code === STAR && next === SLASH) {
      depth -= 1
      at += 1
      if (depth === 0) return at + 1
    } else if (code === SLASH && next === STAR) {
      depth += 1
      at += 1
    }
  }
  return text.length
}

const QUOTE = 0x27
const DOUBLE_QUOTE = 0x22
const DOLLAR = 0x24
const AMPERSAND = 0x26
const STAR = 0x2a
const PLUS = 0x2b
const HYPHEN = 0x2d
const DOT = 0x2e
const SLASH = 0x2f
const BACKSLASH = 0x5c
const CARRIAGE_RETURN = 0x0d
const BYTE_ORDER_MARK = 0xfeff
const LETTER_B = 0x62
const LETTER_E = 0x65
const LETTER_N = 0x6e
const LETTER_U = 0x75
const LETTER_X = 0x78

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === BYTE_ORDER_MARK
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isWordStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code >= 0x80
}

/** Whether a character code may stand in an unquoted name, after its first character. */
export function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code) || code === DOLLAR
}
