import type { Span } from '../../core/span.ts'
import { lex, type Token } from '../../sql/lexer.ts'
import type { Offsets } from '../../sql/offsets.ts'

/**
 * The text that a statement's syntax tree was made from. The tree says where things start and never where they end;
 * ends are found in the tokens, which are read when first asked for.
 * Offsets that go in and out are UTF-16 offsets into `sql`; `span` turns them into offsets into the file.
 */
export class StatementText {
  readonly sql: string
  readonly start: number
  readonly end: number
  readonly #offset: number
  readonly #offsets: Offsets
  #tokens: readonly Token[] | undefined

  /** `offset`: what to add for spans; `start` and `end`: the statement within `sql`. */
  constructor(sql: string, offset: number, offsets: Offsets, start: number, end: number) {
    this.sql = sql
    this.start = start
    this.end = end
    this.#offset = offset
    this.#offsets = offsets
  }

  /** The whole statement, as a span of the file. */
  get whole(): Span {
    return this.span(this.start, this.end)
  }

  span(start: number, end: number): Span {
    return { start: start + this.#offset, end: end + this.#offset }
  }

  /** Where a `location` of the tree is; the tree leaves 0 out. */
  at(location: number | undefined): number {
    return this.#offsets.fromByte(location ?? 0)
  }

  /** Tokens of the statement without comments. */
  get tokens(): readonly Token[] {
    this.#tokens ??= lex(this.sql, this.start, this.end).filter(({ kind }) => kind !== 'comment')
    return this.#tokens
  }

  /** Index of the first token that starts at `offset` or after it; the number of tokens when there is none. */
  indexAt(offset: number): number {
    const { tokens } = this
    let low = 0
    let high = tokens.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The text from the first token at or after `start` to the last token that ends by `end`, in the tokens' bounds. */
  trim(start: number, end: number): Span {
    const first = this.tokens[this.indexAt(start)]
    const last = this.tokens[this.indexAt(end) - 1]
    if (first === undefined || last === undefined || last.end < first.start) return { start, end: start }
    return { start: first.start, end: Math.min(last.end, end) }
  }

  slice(start: number, end: number): string {
    const trimmed = this.trim(start, end)
    return this.sql.slice(trimmed.start, trimmed.end)
  }

  /** Whether the token is this key word, written in lower case here. */
  isWord(index: number, word: string): boolean {
    const token = this.tokens[index]
    if (token === undefined || token.kind !== 'word' || token.end - token.start !== word.length) return false
    return this.sql.slice(token.start, token.end).toLowerCase() === word
  }

  isSymbol(index: number, symbol: string): boolean {
    const token = this.tokens[index]
    return token !== undefined && token.kind === 'symbol' && this.sql.charAt(token.start) === symbol
  }

  /** Change of the depth of parentheses and brackets that a token makes. */
  #nesting(index: number): number {
    const token = this.tokens[index]
    return token === undefined || token.kind !== 'symbol' ? 0 : nestingOf(this.sql.charAt(token.start))
  }

  /** End of the list element that starts at `start`: before the next comma or closing parenthesis of its own depth. */
  elementEnd(start: number): number {
    const { tokens, sql } = this
    let depth = 0
    let end = start
    for (let index = this.indexAt(start); index < tokens.length; index += 1) {
      const token = tokens[index]
      if (token === undefined) break
      if (token.kind === 'symbol') {
        const character = sql.charAt(token.start)
        depth += nestingOf(character)
        if (depth < 0 || (depth === 0 && character === ',')) return end
      }
      end = token.end
    }
    return end
  }

  /** The elements, separated by commas, from `start` to the end of the statement or of the enclosing parentheses. */
  elements(start: number): readonly Span[] {
    const spans: Span[] = []
    let index = this.indexAt(start)
    while (index < this.tokens.length) {
      const from = this.tokens[index]?.start ?? start
      const end = this.elementEnd(from)
      spans.push({ start: from, end })
      const next = this.indexAt(Math.max(end, from + 1))
      if (!this.isSymbol(next, ',')) break
      index = next + 1
    }
    return spans
  }

  /** What is between the first opening parenthesis at or after `start` and the one that closes it. */
  parenthesised(start: number): Span | undefined {
    for (let index = this.indexAt(start); index < this.tokens.length; index += 1) {
      if (!this.isSymbol(index, '(')) continue
      const inner = this.tokens[index]?.end ?? start
      return { start: inner, end: this.#closing(index) }
    }
    return undefined
  }

  #closing(open: number): number {
    let depth = 0
    for (let index = open; index < this.tokens.length; index += 1) {
      depth += this.#nesting(index)
      if (depth === 0) return this.tokens[index]?.start ?? this.end
    }
    return this.end
  }

  /** End of the first token at or after `start` that is this key word outside parentheses, below `end`. */
  afterWord(word: string, start: number, end: number = this.end): number | undefined {
    let depth = 0
    for (let index = this.indexAt(start); index < this.tokens.length; index += 1) {
      const token = this.tokens[index]
      if (token === undefined || token.start >= end) return undefined
      depth += this.#nesting(index)
      if (depth === 0 && this.isWord(index, word)) return token.end
    }
    return undefined
  }
}

function nestingOf(character: string): number {
  if (character === '(' || character === '[') return 1
  return character === ')' || character === ']' ? -1 : 0
}
