import { visible } from '../core/text.ts'
import type { Span } from '../core/span.ts'
import type { Paint } from './paint.ts'

/** Cells that a tab is shown as. */
const tabWidth = 4

/** Lines of a long statement that are shown before the rest is left out. */
const maxLines = 3

export interface ExcerptOptions {
  readonly text: string
  readonly span: Span
  /** Offsets at which the lines of `text` start. */
  readonly starts: readonly number[]
  /** 1-based number of the line in which the span starts. */
  readonly line: number
  readonly width: number
  readonly paint: Paint
  readonly color: 'red' | 'yellow' | 'blue'
}

/** The lines of a place with their numbers, and the place underlined. */
export function excerpt(options: ExcerptOptions): string {
  const { span, starts, line, text, paint } = options
  const lines: string[] = []
  const gutter = String(line + maxLines - 1).length
  for (let number = line; number < line + maxLines; number += 1) {
    const start = starts[number - 1]
    if (start === undefined || (start >= span.end && number > line)) break
    const content = lineAt(text, start, starts[number])
    const [from, to] = [Math.max(span.start - start, 0), Math.min(span.end - start, content.length)]
    if (number > line && content.slice(from, to).trim() === '') break
    const shown = cut(content, from, options.width - gutter - 3)
    lines.push(`${paint('dim', `${String(number).padStart(gutter)} │`)} ${shown.text}`)
    const marks = underline(shown.text, shown.map(firstInk(content, from)), shown.map(Math.max(to, from)))
    lines.push(`${paint('dim', `${' '.repeat(gutter)} │`)} ${marks.before}${paint(options.color, marks.marks)}`)
  }
  return lines.join('\n')
}

function lineAt(text: string, start: number, next: number | undefined): string {
  return visible(text.slice(start, next).replace(/\r?\n$/, ''))
}

/** Underlines begin at the first character that can be seen. */
function firstInk(content: string, from: number): number {
  const blank = /^\s*/.exec(content.slice(from))?.[0].length ?? 0
  return from + blank < content.length ? from + blank : from
}

interface Shown {
  readonly text: string
  /** Where an offset of the line is in the shown text. */
  map(offset: number): number
}

/** A line that fits: tabs are spread, and a long line is cut so that the place stays in sight. */
function cut(content: string, from: number, width: number): Shown {
  const cells = content.replaceAll('\t', ' '.repeat(tabWidth))
  const spread = (offset: number): number => content.slice(0, offset).replaceAll('\t', ' '.repeat(tabWidth)).length
  if (cellWidth(cells) <= width) return { text: cells, map: spread }
  const start = Math.max(0, Math.min(spread(from) - Math.floor(width / 4), cells.length - width + 1))
  const left = start > 0 ? '…' : ''
  const kept = fitting(cells.slice(start), width - 2)
  const text = `${left}${kept}${start + kept.length < cells.length ? '…' : ''}`
  return { text, map: (offset) => Math.min(Math.max(spread(offset) - start + left.length, 0), text.length) }
}

function fitting(text: string, width: number): string {
  if (isPlain(text)) return text.slice(0, Math.max(width, 0))
  let used = 0
  let kept = ''
  for (const character of text) {
    used += characterWidth(character)
    if (used > width) break
    kept += character
  }
  return kept
}

function underline(line: string, from: number, to: number): { readonly before: string; readonly marks: string } {
  return {
    before: ' '.repeat(cellWidth(line.slice(0, from))),
    marks: '^'.repeat(Math.max(cellWidth(line.slice(from, to)), 1)),
  }
}

/** Cells that a terminal uses for a text. */
export function cellWidth(text: string): number {
  if (isPlain(text)) return text.length
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** Whether every character is one unit of the text and takes one cell, as nearly all SQL is. */
function isPlain(text: string): boolean {
  return !/[^\x20-\x7e]/.test(text)
}

/** Two cells for East Asian wide characters and emoji, none for what is put on the character before. */
function characterWidth(character: string): number {
  if (/^(?:\p{Mark}|[\u200B-\u200D]|[\uFE00-\uFE0F])$/u.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** Unicode Standard Annex 11, the wide blocks, and pictures that are shown as emoji. */
const wide =
  /^(?:[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation})$/u
