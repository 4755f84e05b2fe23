import { hashOf } from './hashes/sha.ts'
import type { ToolJournal } from './journal.ts'
import { edited, inTextOrderOf, matched } from './reading/match.ts'
import { baseName } from './reading/names.ts'

export const sqlx: ToolJournal = {
  id: 'sqlx',
  title: 'sqlx: _sqlx_migrations',
  layout: 'sqlx',
  tables: [{ name: '_sqlx_migrations', columns: ['version', 'success', 'checksum'] }],
  checks: 'the SHA-384 of each file',
  notes: ['A migration that did not succeed is refused.'],
  read: ({ rows, files }) => {
    const all = inTextOrderOf('installed_on', rows['_sqlx_migrations'] ?? [])
    const failed = all
      .filter(({ success }) => success !== 'true')
      .map(({ version }) => `${version ?? ''} did not succeed.`)
    const reading = matched({
      rows: all,
      files,
      ofRow: (row) => row['version'] ?? '',
      ofFile: ({ id }) => id.replace(/^0+(?=.)/, ''),
      at: 'installed_on',
      differs: (row, file) =>
        row['checksum'] === String.raw`\x${hashOf('sha384', file.bytes)}`
          ? undefined
          : edited(baseName(file), 'checksum (SHA-384)'),
    })
    return { ...reading, refused: [...failed, ...reading.refused] }
  },
}
