import type { ToolJournal } from './journal.ts'
import { inTextOrderOf, matched } from './reading/match.ts'

export const supabase: ToolJournal = {
  id: 'supabase',
  title: 'Supabase: supabase_migrations.schema_migrations',
  layout: 'supabase',
  tables: [{ schema: 'supabase_migrations', name: 'schema_migrations', columns: ['version'] }],
  notes: ['It keeps no hash, and no time; the order of the versions is taken.'],
  read: ({ rows, files }) =>
    matched({
      rows: inTextOrderOf('version', rows['schema_migrations'] ?? []),
      files,
      ofRow: (row) => row['version'] ?? '',
      ofFile: ({ id }) => id,
    }),
}
