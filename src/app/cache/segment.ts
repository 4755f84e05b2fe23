import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { asJson } from '../../core/own-data.ts'

/** Line 1: what it is, the length of the index and its checksum. */
const magic = 'lockstep-cache-2'
/** Bytes in which line 1 ends. */
const headLength = 64

/** The index, as JSON: of each value its key, its length and its checksum. Then come the values, in this order. */
interface Index {
  readonly keys: readonly string[]
  readonly lengths: readonly number[]
  readonly sums: readonly number[]
}

const index = asJson<Index>()

/** Where a value lies. */
interface Place {
  readonly at: number
  readonly length: number
  readonly sum: number
}

/** A file of values that was written at once and is never changed. Its index is read when it is opened, a value when it is asked for. */
export class Segment {
  readonly file: string
  readonly size: number
  private readonly descriptor: number
  private readonly places: ReadonlyMap<string, Place>

  private constructor(file: string, descriptor: number) {
    this.file = file
    this.descriptor = descriptor
    this.size = fstatSync(descriptor).size
    const [known, length, sum] = readAt(descriptor, 0, headLength).toString('latin1').split(/[ \n]/)
    if (known !== magic || !(Number(length) < this.size)) throw new Damaged(file)
    const bytes = readAt(descriptor, headLength, Number(length))
    if (String(crc32(bytes)) !== sum) throw new Damaged(file)
    const { places, end } = placesOf(index.unpack(bytes), headLength + bytes.length)
    // It may have been cut off.
    if (end !== this.size) throw new Damaged(file)
    this.places = places
  }

  /** Undefined for a file that is not there, or not whole. */
  static open(file: string): Segment | undefined {
    let descriptor: number | undefined
    try {
      descriptor = openSync(file, 'r')
      return new Segment(file, descriptor)
    } catch {
      if (descriptor !== undefined) closeSync(descriptor)
      return undefined
    }
  }

  /** Writes a file at once; who reads meanwhile sees all of it or nothing. */
  static write(file: string, entries: ReadonlyMap<string, Buffer>): void {
    const values = [...entries.values()]
    const text = Buffer.from(
      index.pack({
        keys: [...entries.keys()],
        lengths: values.map(({ length }) => length),
        sums: values.map((value) => crc32(value)),
      }),
    )
    const first = Buffer.from(`${`${magic} ${text.length} ${crc32(text)}`.padEnd(headLength - 1)}\n`)
    const temporary = `${file}.new`
    try {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(temporary, Buffer.concat([first, text, ...values]))
      renameSync(temporary, file)
    } catch (error) {
      removeIfThere(temporary)
      throw error
    }
  }

  keys(): Iterable<string> {
    return this.places.keys()
  }

  has(key: string): boolean {
    return this.places.has(key)
  }

  /** @throws Damaged where the bytes are not those that were written */
  get(key: string): Buffer | undefined {
    const place = this.places.get(key)
    if (place === undefined) return undefined
    const bytes = readAt(this.descriptor, place.at, place.length)
    if (crc32(bytes) !== place.sum) throw new Damaged(this.file)
    return bytes
  }

  close(): void {
    closeSync(this.descriptor)
  }
}

/** A file holds something else than what was written to it. */
export class Damaged extends Error {
  readonly file: string

  constructor(file: string) {
    super(`"${file}" is damaged`)
    this.file = file
  }
}

function placesOf(
  { keys, lengths, sums }: Index,
  start: number,
): { readonly places: ReadonlyMap<string, Place>; readonly end: number } {
  const places = new Map<string, Place>()
  let at = start
  for (const [number, key] of keys.entries()) {
    const length = lengths[number] ?? 0
    places.set(key, { at, length, sum: sums[number] ?? 0 })
    at += length
  }
  return { places, end: at }
}

function readAt(descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  const read = readSync(descriptor, bytes, 0, length, at)
  return read === length ? bytes : bytes.subarray(0, read)
}

export function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // A folder that is none has no file either.
  }
}
