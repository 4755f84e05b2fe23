import { hashOf } from './hashes/sha.ts'
import type { JournalFile, ToolJournal } from './journal.ts'
import { edited, inTextOrderOf, matched } from './reading/match.ts'
import { baseName } from './reading/names.ts'

export const graphileMigrate: ToolJournal = {
  id: 'graphile-migrate',
  title: 'graphile-migrate: graphile_migrate.migrations',
  layout: 'graphile-migrate',
  tables: [{ schema: 'graphile_migrate', name: 'migrations', columns: ['hash', 'previous_hash', 'filename'] }],
  checks: 'the chain of SHA-1 over each file and the hash of the one before it',
  notes: [
    'The hash is taken of the text with line feeds. A file that says `--! AllowInvalidHash` is not checked.',
    'The current migration is in no journal: where it has a statement it is pending.',
  ],
  read: ({ rows, files }) =>
    matched({
      rows: inTextOrderOf('filename', rows['migrations'] ?? []),
      files: files.filter(({ path }) => /(?:^|\/)committed\//.test(path)),
      ofRow: (row) => row['filename'] ?? '',
      ofFile: (file) => baseName(file).replace(/^(\d+)-.*$/, '$1.sql'),
      at: 'date',
      differs: (row, file) => {
        const { previous, isExempt, hash } = chained(file)
        if (previous !== (row['previous_hash'] ?? undefined)) return edited(baseName(file), 'predecessor')
        return isExempt || hash === row['hash'] ? undefined : edited(baseName(file), 'hash (SHA-1)')
      },
    }),
}

const header = /^--! ([A-Z][a-zA-Z0-9_]*)(?::(.*))?$/

/** The hash of a file, from its body and the hash that it says is the one before it. */
function chained({ text }: JournalFile): {
  readonly previous: string | undefined
  readonly isExempt: boolean
  readonly hash: string
} {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const first = lines.findIndex((line) => !header.test(line))
  const headers = new Map(
    lines.slice(0, first).map((line) => {
      const [, name = '', value = ''] = header.exec(line) ?? []
      return [name, value.trim()]
    }),
  )
  const named = headers.get('Previous')
  const previous = named === undefined || named === '-' ? undefined : named
  const body = lines.slice(first).join('\n').trim()
  const hash = `sha1:${hashOf('sha1', `${`${previous ?? ''}\n${body}`.trim()}\n`)}`
  return { previous, isExempt: headers.has('AllowInvalidHash'), hash }
}
