import type { Span } from '../../../core/span.ts'
import { lex } from '../../../sql/lexer.ts'
import type { Token } from '../../../sql/lexer.ts'

/** A text that is not the PL/pgSQL that can be followed here: nothing is said about it. */
export class Unfollowed extends Error {}

/** The tokens of a body, read from left to right. */
export class Tokens {
  readonly text: string
  private readonly tokens: readonly Token[]
  private at = 0

  constructor(text: string) {
    this.text = text
    this.tokens = lex(text).filter(({ kind }) => kind !== 'comment')
  }

  get done(): boolean {
    return this.at >= this.tokens.length
  }

  /** The key word or name that comes next, in lower case; the character of a symbol; '' for anything else. */
  peek(ahead = 0): string {
    const token = this.tokens[this.at + ahead]
    if (token?.kind === 'word') return this.text.slice(token.start, token.end).toLowerCase()
    return token?.kind === 'symbol' ? this.text.charAt(token.start) : ''
  }

  /** @throws Unfollowed at the end */
  take(): Token {
    const token = this.tokens[this.at]
    if (token === undefined) throw new Unfollowed()
    this.at += 1
    return token
  }

  /** @throws Unfollowed where something else comes */
  expect(...words: readonly string[]): void {
    for (const word of words) {
      if (this.peek() !== word) throw new Unfollowed()
      this.take()
    }
  }

  skipIf(word: string): boolean {
    if (this.peek() !== word) return false
    this.take()
    return true
  }

  /**
   * Everything up to one of these words outside parentheses, which is not taken. Bodies of `BEGIN ATOMIC … END` are
   * kept whole.
   *
   * @throws Unfollowed where none comes
   */
  until(...words: readonly string[]): readonly Token[] {
    const taken: Token[] = []
    let depth = 0
    let blocks = 0
    while (depth > 0 || blocks > 0 || !words.includes(this.peek())) {
      const word = this.peek()
      if (word === '(' || word === '[') depth += 1
      if (word === ')' || word === ']') depth -= 1
      if ((word === 'begin' && this.peek(1) === 'atomic') || (blocks > 0 && word === 'case')) blocks += 1
      if (word === 'end' && blocks > 0) blocks -= 1
      taken.push(this.take())
    }
    return taken
  }
}

/** From the first of these tokens to the last. */
export function spanOf(tokens: readonly Token[]): Span | undefined {
  const [first] = tokens
  const last = tokens.at(-1)
  return first === undefined || last === undefined ? undefined : { start: first.start, end: last.end }
}
