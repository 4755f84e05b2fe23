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
  const files = new Map<SourceFile, readonly number[]>()
  return ({ file, span }) => {
    const starts = files.get(file) ?? lineStarts(file.text)
    files.set(file, starts)
    return { start: positionAt(file.text, span.start, starts), end: positionAt(file.text, span.end, starts), starts }
  }
}
