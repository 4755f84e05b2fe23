/** Converts places that a parser gives into UTF-16 offsets of one text. */
export interface Offsets {
  /** A UTF-8 byte offset as a UTF-16 offset. */
  fromByte(byte: number): number
  /** A count of characters (Unicode code points) as a UTF-16 offset. */
  fromCharacter(character: number): number
}

/** The conversion for `text`. Text that is ASCII costs one pass and no memory. */
export function offsetsOf(text: string): Offsets {
  return isAscii(text) ? identity : new OffsetTable(text)
}

const identity: Offsets = {
  fromByte: (byte) => byte,
  fromCharacter: (character) => character,
}

/** Whether every character is one byte in UTF-8 and one unit in UTF-16. */
function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[^\u0000-\u007f]/.test(text)
}

class OffsetTable implements Offsets {
  /** The UTF-16 offset at which the character with that byte starts, for every byte and one past the end. */
  readonly #ofByte: Uint32Array
  readonly #ofCharacter: Uint32Array

  constructor(text: string) {
    const ofByte = new Uint32Array(text.length * 3 + 1)
    const ofCharacter = new Uint32Array(text.length + 1)
    let byte = 0
    let character = 0
    for (let at = 0; at < text.length;) {
      const point = text.codePointAt(at) ?? 0
      const bytes = utf8Length(point)
      ofByte.fill(at, byte, byte + bytes)
      ofCharacter[character] = at
      byte += bytes
      character += 1
      at += point > 0xffff ? 2 : 1
    }
    ofByte[byte] = text.length
    ofCharacter[character] = text.length
    this.#ofByte = ofByte.subarray(0, byte + 1)
    this.#ofCharacter = ofCharacter.subarray(0, character + 1)
  }

  fromByte(byte: number): number {
    return this.#ofByte[Math.min(byte, this.#ofByte.length - 1)] ?? 0
  }

  fromCharacter(character: number): number {
    return this.#ofCharacter[Math.min(character, this.#ofCharacter.length - 1)] ?? 0
  }
}

/** Bytes of a code point in UTF-8; a lone surrogate is written as U+FFFD, which has three as well. */
function utf8Length(point: number): number {
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}
