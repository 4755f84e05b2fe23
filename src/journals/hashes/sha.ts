import { createHash } from 'node:crypto'

/** A hash in hexadecimal. */
export function hashOf(kind: 'sha1' | 'sha256' | 'sha384', data: string | Uint8Array): string {
  return createHash(kind).update(data).digest('hex')
}
