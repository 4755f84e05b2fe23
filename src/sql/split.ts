import type { Span } from '../core/span.ts'
import { lex, type Token } from './lexer.ts'

/**
 * The statements of a text that a grammar refused as a whole: cut at semicolons outside parentheses, the bodies of
 * `BEGIN ATOMIC … END` kept whole; or at every semicolon, for a text in which a parenthesis may not be closed.
 * Spans leave out leading and trailing comments and the semicolon.
 */
export function splitStatements(
  text: string,
  cutAt: 'outer semicolons' | 'all semicolons' = 'outer semicolons',
): readonly Span[] {
  const spans: Span[] = []
  const tokens = lex(text).filter(({ kind }) => kind !== 'comment')
  const state = { parentheses: 0, blocks: 0 }
  let first: Token | undefined
  let last: Token | undefined
  for (const [index, token] of tokens.entries()) {
    const character = token.kind === 'symbol' ? text.charAt(token.start) : ''
    const nested = state.parentheses > 0 || state.blocks > 0
    if (character === ';' && (!nested || cutAt === 'all semicolons')) {
      if (first !== undefined && last !== undefined) spans.push({ start: first.start, end: last.end })
      first = undefined
      last = undefined
      continue
    }
    first ??= token
    last = token
    count(state, text, tokens, index, character)
  }
  if (first !== undefined && last !== undefined) spans.push({ start: first.start, end: last.end })
  return spans
}

function count(
  state: { parentheses: number; blocks: number },
  text: string,
  tokens: readonly Token[],
  index: number,
  character: string,
): void {
  const token = tokens[index]
  if (token === undefined) return
  if (character === '(') state.parentheses += 1
  if (character === ')') state.parentheses = Math.max(0, state.parentheses - 1)
  if (token.kind !== 'word') return
  const word = text.slice(token.start, token.end).toLowerCase()
  const next = tokens[index + 1]
  const opens = word === 'begin' && next !== undefined && text.slice(next.start, next.end).toLowerCase() === 'atomic'
  if (opens || (state.blocks > 0 && word === 'case')) state.blocks += 1
  else if (state.blocks > 0 && word === 'end') state.blocks -= 1
}
