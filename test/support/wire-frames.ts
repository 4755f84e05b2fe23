/** One message of the PostgreSQL protocol, whole. */
export interface Frame {
  /** Its letter; `startup`, `ssl` and `cancel` for the three that have none. */
  readonly type: string
  readonly bytes: Buffer
}

/** Codes in the place of a protocol version (PostgreSQL documentation, "Message Formats"). */
const withoutLetter: ReadonlyMap<number, string> = new Map([
  [80877102, 'cancel'],
  [80877103, 'ssl'],
])

/** Cuts what arrives in pieces of any size into messages. */
export class FrameReader {
  #rest = Buffer.alloc(0)
  #typed: boolean

  /** @param side which side sends: a client's first message has no letter */
  constructor(side: 'client' | 'server') {
    this.#typed = side === 'server'
  }

  /** The messages that are whole with this piece. */
  read(piece: Buffer): readonly Frame[] {
    this.#rest = Buffer.concat([this.#rest, piece])
    const frames: Frame[] = []
    for (;;) {
      const frame = this.#next()
      if (frame === undefined) return frames
      frames.push(frame)
    }
  }

  #next(): Frame | undefined {
    const letter = this.#typed ? 1 : 0
    if (this.#rest.length < letter + 4) return undefined
    const length = letter + this.#rest.readInt32BE(letter)
    if (this.#rest.length < length) return undefined
    const bytes = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length)
    if (this.#typed) return { type: String.fromCodePoint(bytes[0] ?? 0), bytes }
    const type = withoutLetter.get(bytes.readInt32BE(4)) ?? 'startup'
    this.#typed = type === 'startup'
    return { type, bytes }
  }
}

/** The SQL of a Query or a Parse. */
export function sqlOf({ type, bytes }: Frame): string | undefined {
  const strings = bytes.subarray(5).toString('utf8').split('\0')
  if (type === 'Q') return strings[0]
  return type === 'P' ? strings[1] : undefined
}
