import type { Span } from '../../core/span.ts'
import type { ScriptToken } from './javascript.ts'

/**
 * The statement of a program around a call: between semicolons, braces and, without semicolons, lines. The argument
 * where the call is one, as in `Promise.all([…])`. `tokens`: without comments.
 */
export function statementAt(text: string, tokens: readonly ScriptToken[], offset: number): Span {
  const found = tokens.findIndex(({ end }) => end > offset)
  const index = found === -1 ? tokens.length - 1 : found
  const token = tokens[index]
  if (token === undefined) return { start: 0, end: text.length }
  const code = { text, tokens }
  return {
    start: tokens[firstOf(code, index)]?.start ?? token.start,
    end: tokens[lastOf(code, index)]?.end ?? token.end,
  }
}

interface Code {
  readonly text: string
  readonly tokens: readonly ScriptToken[]
}

function firstOf(code: Code, from: number): number {
  let depth = 0
  for (let index = from; index > 0; index -= 1) {
    const before = code.tokens[index - 1]
    if (depth === 0 && (before === undefined || ends(code, before) || isNewStatement(code, index))) return index
    if (before?.kind === 'close') depth += 1
    if (before?.kind === 'open') depth -= 1
  }
  return 0
}

function lastOf(code: Code, from: number): number {
  let depth = code.tokens[from]?.kind === 'open' ? 1 : 0
  for (let index = from + 1; index < code.tokens.length; index += 1) {
    const token = code.tokens[index]
    if (token === undefined) break
    const word = wordOf(code, token)
    if (depth === 0 && (token.kind === 'close' || word === ';' || word === ',' || isNewStatement(code, index)))
      return index - 1
    if (token.kind === 'open') depth += 1
    if (token.kind === 'close') depth -= 1
  }
  return code.tokens.length - 1
}

function wordOf({ text }: Code, { start, end }: ScriptToken): string {
  return text.slice(start, end)
}

/** Whether nothing before this token belongs to the statement behind it. */
function ends(code: Code, token: ScriptToken): boolean {
  return token.kind === 'open' || [';', ',', '=>'].includes(wordOf(code, token))
}

/** Whether a line break ends the statement before a token, as where semicolons are left out. */
function isNewStatement(code: Code, index: number): boolean {
  const [before, token] = [code.tokens[index - 1], code.tokens[index]]
  if (before === undefined || token === undefined || token.kind !== 'word') return false
  if (!code.text.slice(before.end, token.start).includes('\n')) return false
  if (['await', 'new', 'typeof', 'void'].includes(wordOf(code, before))) return false
  return before.kind !== 'symbol' && before.kind !== 'open'
}
