import type { Span } from '../core/span.ts'
import type { Statement } from '../model/statement.ts'

/** A statement with the comments above it, its semicolon and the rest of its line. */
export interface Piece {
  readonly statement: Statement
  readonly text: string
  /** The statement in `text`, without its semicolon. */
  readonly body: Span
}

/** The text of a section, one piece a statement; undefined where it is not clear which ends where. */
export function piecesOf(text: string, section: Span, statements: readonly Statement[]): readonly Piece[] | undefined {
  const pieces: Piece[] = []
  let start = section.start
  for (const [index, statement] of statements.entries()) {
    const isLast = index === statements.length - 1
    const end = isLast ? section.end : endOf(text, statement.span.end)
    if (end === undefined || statement.span.start < start) return undefined
    const body = { start: statement.span.start - start, end: statement.span.end - start }
    pieces.push({ statement, text: text.slice(start, end), body })
    start = end
  }
  return pieces
}

/** Behind the semicolon, and behind the line where nothing but a comment follows on it. */
function endOf(text: string, end: number): number | undefined {
  const found = /^\s*;(?:[ \t]*(?:--[^\r\n]*)?\r?\n)?/.exec(text.slice(end))
  return found === null ? undefined : end + found[0].length
}

/** Pieces as the text of a section: whole lines, without empty ones around. */
export function joined(pieces: readonly Piece[], newline: string): string {
  const text = pieces.map((piece) => piece.text).join('')
  return `${text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd()}${newline}`
}

/** The piece with other SQL in the place of its statement. */
export function withBody(piece: Piece, sql: string): Piece {
  const { text, body } = piece
  return { ...piece, text: text.slice(0, body.start) + sql + text.slice(body.end) }
}
