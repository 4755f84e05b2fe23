import type { ToolJournal } from './journal.ts'
import { inOrderOf, matched } from './reading/match.ts'
import { bareName } from './reading/names.ts'

export const nodePgMigrate: ToolJournal = {
  id: 'node-pg-migrate',
  title: 'node-pg-migrate: pgmigrations',
  layout: 'node-pg-migrate',
  tables: [{ name: 'pgmigrations', columns: ['id', 'name', 'run_on'] }],
  notes: ['It keeps names and times, and no hash.'],
  read: ({ rows, files }) =>
    matched({
      rows: inOrderOf('id', rows['pgmigrations'] ?? []),
      files,
      ofRow: (row) => row['name'] ?? '',
      ofFile: bareName,
      at: 'run_on',
    }),
}
