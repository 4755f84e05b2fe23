import type { JournalRow, ToolJournal } from './journal.ts'
import { inOrderOf, matched } from './reading/match.ts'

export const goose: ToolJournal = {
  id: 'goose',
  title: 'goose: goose_db_version(version_id, is_applied)',
  layout: 'goose',
  tables: [{ name: 'goose_db_version', columns: ['version_id', 'is_applied'] }],
  notes: ['It is a log: what the last row of a version says is true.'],
  read: ({ rows, files }) => {
    const last = new Map<string, JournalRow>()
    for (const row of inOrderOf('id', rows['goose_db_version'] ?? [])) {
      const version = row['version_id'] ?? ''
      last.delete(version)
      last.set(version, row)
    }
    return matched({
      // Version 0 is the row that the tool begins with.
      rows: [...last.values()].filter((row) => row['is_applied'] === 'true' && row['version_id'] !== '0'),
      files,
      ofRow: (row) => row['version_id'] ?? '',
      ofFile: ({ id }) => id.replace(/^0+(?=.)/, ''),
      at: 'tstamp',
    })
  },
}
