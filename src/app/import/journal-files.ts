import { sha256 } from '../../core/hash.ts'
import type { JournalFile } from '../../journals/journal.ts'
import type { ParsedMigration, SourceFile } from '../../model/migration.ts'

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** The bytes of a file, from its text: with the byte order mark where the hash says that it had one. */
export function bytesOf({ text, sha256: hash }: SourceFile): Uint8Array {
  const bytes = Buffer.from(text)
  return sha256(bytes, 'hex') === hash ? bytes : Buffer.concat([byteOrderMark, bytes])
}

/** A migration as the journal of its tool may ask about it; of a program the program, not what it sent. */
export function journalFile({ id, name, source }: ParsedMigration): JournalFile {
  const written = source.recorded?.written ?? source
  return { id, name, path: written.path.replaceAll('\\', '/'), text: written.text, bytes: bytesOf(written) }
}
