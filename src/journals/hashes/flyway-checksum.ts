import { crc32 } from 'node:zlib'

/**
 * The checksum of a script, as Flyway computes it: CRC32 over the UTF-8 of its lines without their ends, as a signed
 * number of 32 bits; a byte order mark does not count.
 */
export function flywayChecksum(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8').decode(bytes)
  const lines = text.split(/\r\n|\r|\n/)
  return lines.reduce((sum, line) => crc32(line, sum), 0) | 0
}
