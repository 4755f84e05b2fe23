import type { Position } from '../core/span.ts'
import { lineStarts, positionAt } from '../core/span.ts'
import type { Finding } from '../model/finding.ts'
import type { SourceFile } from '../model/migration.ts'

export interface FindingPlace {
  readonly start: Position
  readonly end: Position
  readonly starts: readonly number[]
}

/** Gives the places of findings; the lines of a file are counted once. */
export function placer(): (finding: Finding) => FindingPlace {
  const startsOf = lineCounter()
  return ({ file, span }) => {
    const starts = startsOf(file)
    return { start: positionAt(file.text, span.start, starts), end: positionAt(file.text, span.end, starts), starts }
  }
}

/** Places whose columns do not count characters but, as some formats want it, units of an encoding. */
export interface Lines {
  /** 1-based; the column counts bytes of UTF-8. */
  inBytes(file: SourceFile, offset: number): Position
  /** 1-based; the column counts code units of UTF-16. */
  inUnits(file: SourceFile, offset: number): Position
}

export function linesOf(): Lines {
  const startsOf = lineCounter()
  const before = (file: SourceFile, offset: number): { readonly line: number; readonly text: string } => {
    const starts = startsOf(file)
    const { line } = positionAt(file.text, offset, starts)
    return { line, text: file.text.slice(starts[line - 1], offset) }
  }
  return {
    inBytes: (file, offset) => {
      const { line, text } = before(file, offset)
      return { line, column: Buffer.byteLength(text) + 1 }
    },
    inUnits: (file, offset) => {
      const { line, text } = before(file, offset)
      return { line, column: text.length + 1 }
    },
  }
}

function lineCounter(): (file: SourceFile) => readonly number[] {
  const files = new Map<SourceFile, readonly number[]>()
  return (file) => {
    const starts = files.get(file) ?? lineStarts(file.text)
    files.set(file, starts)
    return starts
  }
}
