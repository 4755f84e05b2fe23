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

/** The statements of a section that are a migration's own, and whether its files begin and end a transaction around them. */
export interface Framed {
  readonly pieces: readonly Piece[]
  readonly framed: boolean
}

/** Without the `BEGIN` and `COMMIT` around them; comments above `COMMIT` stay with the last of the others. */
export function withoutFrame(pieces: readonly Piece[]): Framed {
  const [first, second] = pieces
  const last = pieces.at(-1)
  const kept = pieces.slice(1, -1)
  const end = kept.at(-1)
  if (first === undefined || second === undefined || last === undefined || end === undefined || !isFrame(first, last))
    return { pieces, framed: false }
  const text = end.text + last.text.slice(0, last.body.start)
  return { pieces: [...kept.slice(0, -1), { ...end, text }], framed: true }
}

/** A transaction with no modes of its own. */
function isFrame({ statement: first }: Piece, { statement: last }: Piece): boolean {
  return (
    /^(?:begin|start\s+transaction)(?:\s+(?:work|transaction))?$/i.test(first.sql) &&
    /^(?:commit|end)\b/i.test(last.sql)
  )
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
