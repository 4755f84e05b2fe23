import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

/** V8's code for one joined file, and the text that it was made from. */
interface Piece {
  /** Checksum of the text. */
  readonly text: number
  readonly code: Buffer
}

/** Where code is kept, and where else it may be found. */
export interface CodePlaces {
  readonly write: string
  readonly read: readonly string[]
}

/**
 * What V8 made of our own files, kept from run to run: compiling takes a third of the time of a short command. It is only
 * taken for the very text that it was made from; V8 itself refuses what another version, other flags or another
 * processor made.
 */
export class KeptCode {
  readonly #places: CodePlaces
  readonly #known: ReadonlyMap<string, Piece>
  readonly #loaded = new Map<string, { readonly text: number; readonly script: Script }>()
  #isComplete = true

  constructor(places: CodePlaces) {
    this.#places = places
    this.#known = readPieces(places.read)
  }

  /** Compiles the text of a file with what V8 made of this very text before, if anything. */
  compile(file: string, bytes: Uint8Array, make: (code: Buffer | undefined) => Script): Script {
    const text = crc32(bytes)
    const piece = this.#known.get(file)
    const script = make(piece?.text === text ? piece.code : undefined)
    this.#loaded.set(file, { text, script })
    // Undefined where there was no code for V8 to refuse.
    if (script.cachedDataRejected !== false) this.#isComplete = false
    return script
  }

  /** At the end of a run, when V8 knows which functions were needed: writes what was not there before. */
  keep(): void {
    if (this.#isComplete) return
    const pieces = new Map([...this.#known].filter(([file]) => existsSync(file)))
    for (const [file, { text, script }] of this.#loaded) pieces.set(file, { text, code: script.createCachedData() })
    write(this.#places.write, packed(pieces))
  }
}

/** Checksum of all that follows, length of the index, the index, and the code of one file after the other. */
function packed(pieces: ReadonlyMap<string, Piece>): Buffer {
  const index = Buffer.from(JSON.stringify([...pieces].map(([file, { text, code }]) => [file, text, code.length])))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(index.length)
  const body = Buffer.concat([length, index, ...[...pieces.values()].map(({ code }) => code)])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32LE(crc32(body))
  return Buffer.concat([checksum, body])
}

function readPieces(files: readonly string[]): ReadonlyMap<string, Piece> {
  for (const file of files) {
    const bytes = readOwn(file)
    const pieces = bytes === undefined ? undefined : unpacked(bytes)
    if (pieces !== undefined) return pieces
  }
  return new Map()
}

function unpacked(bytes: Buffer): ReadonlyMap<string, Piece> | undefined {
  if (bytes.length < 8 || bytes.readUInt32LE(0) !== crc32(bytes.subarray(4))) return undefined
  const start = 8 + bytes.readUInt32LE(4)
  const index: unknown = JSON.parse(bytes.toString('utf8', 8, start))
  if (!isIndex(index)) return undefined
  const pieces = new Map<string, Piece>()
  let at = start
  for (const [file, text, length] of index) {
    pieces.set(file, { text, code: bytes.subarray(at, at + length) })
    at += length
  }
  return pieces
}

/** Files, the checksums of their texts, and how long their code is. */
type Index = readonly (readonly [string, number, number])[]

function isIndex(value: unknown): value is Index {
  return Array.isArray(value)
}

/** The file, if nobody but this user or the administrator can have written it: what is in it will be run. */
function readOwn(file: string): Buffer | undefined {
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch {
    return undefined
  }
  try {
    const { uid, mode } = fstatSync(handle)
    const user = process.geteuid?.()
    if (user !== undefined && ((uid !== user && uid !== 0) || (mode & 0o022) !== 0)) return undefined
    return readFileSync(handle)
  } catch {
    return undefined
  } finally {
    closeSync(handle)
  }
}

/** Under another name first: nobody reads half of it. Where nothing can be written, the next run compiles again. */
function write(file: string, bytes: Buffer): void {
  const unfinished = `${file}.${process.pid}`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(unfinished, bytes, { mode: 0o644 })
    renameSync(unfinished, file)
  } catch {
    forget(unfinished)
  }
}

function forget(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Where no file can be made, there is none.
  }
}
