import type { Place, Span } from '../core/span.ts'
import { positionAt } from '../core/span.ts'
import type { SourceFile } from './migration.ts'

/** The file that people edit: the program where the text was recorded from one, else the file itself. */
export function writtenFile(file: SourceFile): SourceFile {
  return file.recorded?.written ?? file
}

/** The place in that file: the SQL itself where it stands there, else the call that sent it. */
export function writtenSpan({ recorded }: SourceFile, span: Span): Span {
  if (recorded === undefined) return span
  const piece = recorded.pieces.findLast(({ span: { start } }) => start <= span.start) ?? recorded.pieces[0]
  if (piece === undefined) return { start: 0, end: 0 }
  if (piece.verbatim === undefined) return piece.at
  const shift = piece.verbatim - piece.span.start
  const last = piece.span.end + shift
  return { start: Math.min(span.start + shift, last), end: Math.min(span.end + shift, last) }
}

/** Where people find an offset (UTF-16 code units) of a file. */
export function writtenPlace(file: SourceFile, offset: number, starts?: readonly number[]): Place {
  const { path, text, recorded } = file
  if (recorded === undefined) return { path, ...positionAt(text, offset, starts) }
  const { start } = writtenSpan(file, { start: offset, end: offset })
  return { path, ...positionAt(recorded.written.text, start) }
}
