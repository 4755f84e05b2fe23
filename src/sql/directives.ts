import type { Span } from '../core/span.ts'
import { comments } from './lexer.ts'

export interface DirectiveWord extends Span {
  readonly text: string
}

/** A comment line `-- migrate:name word word …`, as written; what it means is for a layout to say. */
export interface Directive {
  /** From the first hyphen to the end of the line, without its line break. */
  readonly span: Span
  readonly name: DirectiveWord
  readonly words: readonly DirectiveWord[]
}

/**
 * The directives of a text: line comments that are first on their line. What looks like one inside a string, dollar
 * quotes, a quoted identifier or a block comment is text, and so is one behind a statement on the same line.
 * `-- Migrate:up` counts, so that the letter can be pointed out instead of a section being lost.
 */
export function findDirectives(text: string): readonly Directive[] {
  if (!/migrate:/i.test(text)) return []
  const directives: Directive[] = []
  for (const { start, end } of comments(text)) {
    const match = opening.exec(text.slice(start, end))
    if (match === null || !isFirstOnLine(text, start)) continue
    const name = wordAt(text, start + match[0].length, end)
    directives.push({ span: { start, end: trimmedEnd(text, start, end) }, name, words: wordsOf(text, name.end, end) })
  }
  return directives
}

const opening = /^--[ \t]*migrate:/i

function isFirstOnLine(text: string, start: number): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  return text.slice(start === 0 ? 0 : lineStart, start).trim() === ''
}

function wordAt(text: string, start: number, end: number): DirectiveWord {
  const found = /^\S*/.exec(text.slice(start, end))?.[0] ?? ''
  return { text: found, start, end: start + found.length }
}

/** A quoted identifier may hold spaces: `table:"Order Items"` is one word. */
function wordsOf(text: string, start: number, end: number): readonly DirectiveWord[] {
  return [...text.slice(start, end).matchAll(/(?:"(?:[^"]|"")*"|\S)+/g)].map((match) => {
    const at = start + match.index
    return { text: match[0], start: at, end: at + match[0].length }
  })
}

function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length
}
