import type { ToolJournal } from './journal.ts'
import { inOrderOf, matched } from './reading/match.ts'
import { bareName } from './reading/names.ts'

export const typeorm: ToolJournal = {
  id: 'typeorm',
  title: 'TypeORM: migrations(timestamp, name)',
  layout: 'typeorm',
  tables: [{ name: 'migrations', columns: ['id', 'timestamp', 'name'] }],
  notes: ['A row and a file belong together when they begin with, or hold, the same time in milliseconds.'],
  read: ({ rows, files }) =>
    matched({
      rows: inOrderOf('id', rows['migrations'] ?? []),
      files,
      ofRow: (row) => row['timestamp'] ?? '',
      ofFile: (file) => /\d{10,}/.exec(bareName(file))?.[0] ?? bareName(file),
    }),
}
