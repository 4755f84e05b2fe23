import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

export interface OpenFile {
  readonly lines: AsyncIterable<string>
  /** How many bytes of the file are read so far. */
  bytesRead(): number
}

/** The lines of a file of any size, one by one; `.gz` is unpacked. Errors of reading are thrown by the lines. */
export function openLines(path: string): OpenFile {
  const file = createReadStream(path)
  return { lines: linesOf(file, path.endsWith('.gz')), bytesRead: () => file.bytesRead }
}

async function* linesOf(file: Readable, packed: boolean): AsyncGenerator<string> {
  const input = packed ? file.pipe(createGunzip()) : file
  // An error of the file does not reach what it is piped into.
  if (packed) file.on('error', (error) => input.destroy(error))
  try {
    yield* createInterface({ input, crlfDelay: Infinity })
  } finally {
    file.destroy()
  }
}
