import type { ToolJournal } from './journal.ts'
import { inTextOrderOf, matched } from './reading/match.ts'

export const diesel: ToolJournal = {
  id: 'diesel',
  title: 'Diesel: __diesel_schema_migrations',
  layout: 'diesel',
  tables: [{ name: '__diesel_schema_migrations', columns: ['version', 'run_on'] }],
  notes: ['A version counts without its hyphens. It keeps no hash.'],
  read: ({ rows, files }) =>
    matched({
      rows: inTextOrderOf('run_on', inTextOrderOf('version', rows['__diesel_schema_migrations'] ?? [])),
      files,
      ofRow: (row) => (row['version'] ?? '').replaceAll('-', ''),
      ofFile: ({ id }) => id.replaceAll('-', ''),
      at: 'run_on',
    }),
}
