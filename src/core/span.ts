/** A piece of one text: UTF-16 code unit offsets (what `String.slice` takes), end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A place for people: 1-based line and column; a column counts characters (Unicode code points). */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A place in a file, for messages: `path:line:column`. */
export interface Place extends Position {
  readonly path: string
}

/** Offsets at which the lines of `text` start. A line ends with `\n`; a `\r` before it belongs to the line. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The position of `offset` (UTF-16 code units) in `text`. Offsets past the end give the end. */
export function positionAt(text: string, offset: number, starts: readonly number[] = lineStarts(text)): Position {
  const wanted = Math.min(Math.max(offset, 0), text.length)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= wanted) low = middle
    else high = middle - 1
  }
  const before = text.slice(starts[low] ?? 0, wanted)
  return { line: low + 1, column: characterCount(before) + 1 }
}

/** How many characters (Unicode code points) `text` has. */
export function characterCount(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
