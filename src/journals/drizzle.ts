import { hashOf } from './hashes/sha.ts'
import type { JournalFile, JournalInput, JournalRow, ToolJournal } from './journal.ts'
import { edited, inOrderOf, matched } from './reading/match.ts'
import { bareName, baseName, folderOf } from './reading/names.ts'

export const drizzle: ToolJournal = {
  id: 'drizzle',
  title: 'Drizzle: drizzle.__drizzle_migrations',
  layout: 'drizzle',
  tables: [{ name: '__drizzle_migrations', columns: ['hash', 'created_at'] }],
  checks: 'the SHA-256 of each file, with CRLF read as a line feed',
  notes: [
    'Both generations: with `meta/_journal.json` a row names its file by the time in there, without it by the time in the name of the folder, or by its name where the table has one.',
    'A file that Drizzle skipped because a later one was applied before it is pending, and `migrate up` says that it is late.',
  ],
  read: (input) => {
    const times = timesOf(input)
    const names = new Map(input.files.map((file) => [times.get(file) ?? '', nameOf(file)]))
    return matched({
      rows: inOrderOf('id', input.rows['__drizzle_migrations'] ?? []),
      files: input.files,
      ofRow: (row) => row['name'] ?? names.get(row['created_at'] ?? '') ?? byHash(row, input.files),
      ofFile: nameOf,
      differs: (row, file) => (row['hash'] === hashIn(file) ? undefined : edited(nameOf(file), 'hash (SHA-256)')),
    })
  },
}

/** The folder's name, or the file's where the files lie beside each other. */
function nameOf(file: JournalFile): string {
  return baseName(file) === 'migration.sql' ? folderOf(file) : bareName(file)
}

function byHash(row: JournalRow, files: readonly JournalFile[]): string {
  const found = files.find((file) => hashIn(file) === row['hash'])
  return found === undefined ? `The migration of ${row['created_at'] ?? 'unknown time'}` : nameOf(found)
}

function hashIn({ text }: JournalFile): string {
  return hashOf('sha256', text.replaceAll('\r\n', '\n'))
}

/** Milliseconds since 1970, as text. */
function timesOf({ files, sources }: JournalInput): ReadonlyMap<JournalFile, string> {
  const journal = sources.find(({ path }) => path.endsWith('_journal.json'))
  const listed = journal === undefined ? new Map<string, string>() : entriesOf(journal.text)
  return new Map(
    files.map((file) => {
      const time = journal === undefined ? timeIn(nameOf(file)) : listed.get(nameOf(file))
      return [file, time ?? '']
    }),
  )
}

function entriesOf(text: string): ReadonlyMap<string, string> {
  const parsed: unknown = JSON.parse(text)
  const entries: unknown = Reflect.get(Object(parsed), 'entries')
  if (!Array.isArray(entries)) return new Map()
  return new Map(
    entries.map((entry: unknown) => [
      String(Reflect.get(Object(entry), 'tag')),
      String(Reflect.get(Object(entry), 'when')),
    ]),
  )
}

/** `20260102030405_name`: a time in UTC. */
function timeIn(name: string): string | undefined {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(name) ?? []
  const [year, month, day, hour, minute, second] = parts.map(Number)
  if (year === undefined || month === undefined) return undefined
  return String(Date.UTC(year, month - 1, day, hour, minute, second))
}
