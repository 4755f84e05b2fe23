import type { Span } from '../../core/span.ts'

/** As much of JavaScript and TypeScript as is needed to find where a statement begins and ends. */
type TokenKind = 'word' | 'literal' | 'open' | 'close' | 'symbol' | 'comment'

export interface ScriptToken extends Span {
  readonly kind: TokenKind
}

/** The tokens of a program, comments included. Never fails: what is not closed reaches to the end. */
export function scriptTokens(text: string): readonly ScriptToken[] {
  const tokens: ScriptToken[] = []
  for (let at = 0, before: ScriptToken | undefined; at < text.length;) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1
      continue
    }
    const token = tokenAt(text, at, before === undefined ? '' : text.slice(before.start, before.end))
    tokens.push(token)
    if (token.kind !== 'comment') before = token
    at = token.end
  }
  return tokens
}

function tokenAt(text: string, start: number, before: string): ScriptToken {
  const two = text.slice(start, start + 2)
  const one = two[0] ?? ''
  if (two === '//') return { kind: 'comment', start, end: endBefore(text, '\n', start) }
  if (two === '/*') return { kind: 'comment', start, end: endBehind(text, '*/', start + 2) }
  if (one === '"' || one === "'") return { kind: 'literal', start, end: quotedEnd(text, start) }
  if (one === '`') return { kind: 'literal', start, end: templateEnd(text, start) }
  if (one === '/' && regexMayFollow(before)) return { kind: 'literal', start, end: regexEnd(text, start) }
  const word = /^[\p{ID_Continue}$#@]+/u.exec(text.slice(start, start + longestWord))?.[0]
  if (word !== undefined) return { kind: 'word', start, end: start + word.length }
  if ('([{'.includes(one)) return { kind: 'open', start, end: start + 1 }
  if (')]}'.includes(one)) return { kind: 'close', start, end: start + 1 }
  return { kind: 'symbol', start, end: start + (two === '=>' ? 2 : 1) }
}

/** Longer names are cut in two, which changes nothing here. */
const longestWord = 200

function endBefore(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from)
  return at === -1 ? text.length : at
}

function endBehind(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from)
  return at === -1 ? text.length : at + wanted.length
}

function quotedEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === text[start]) return at + 1
    else if (text[at] === '\n') return at
  }
  return text.length
}

/** Behind a template literal, with what stands between `${` and `}`. */
function templateEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length;) {
    if (text[at] === '`') return at + 1
    if (text.startsWith('${', at)) at = substitutionEnd(text, at + 2)
    else at += text[at] === '\\' ? 2 : 1
  }
  return text.length
}

function substitutionEnd(text: string, start: number): number {
  let depth = 0
  let before = '{'
  for (let at = start; at < text.length;) {
    const token = tokenAt(text, at, before)
    before = text.slice(token.start, token.end)
    if (before === '{') depth += 1
    if (before === '}' && depth === 0) return token.end
    if (before === '}') depth -= 1
    at = token.end
  }
  return text.length
}

/** A slash behind an operand divides. */
function regexMayFollow(before: string): boolean {
  if (/^(?:return|typeof|case|await|void|in|of)$/.test(before)) return true
  return before === '' || /^(?:=>|[^\p{ID_Continue}$"'`)\]}])$/u.test(before)
}

function regexEnd(text: string, start: number): number {
  let inClass = false
  for (let at = start + 1; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '[') inClass = true
    else if (text[at] === ']') inClass = false
    else if (text[at] === '/' && !inClass) return at + 1
  }
  return start + 1
}
