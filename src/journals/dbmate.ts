import type { ToolJournal } from './journal.ts'
import { inTextOrderOf, matched } from './reading/match.ts'

export const dbmate: ToolJournal = {
  id: 'dbmate',
  title: 'dbmate: schema_migrations(version)',
  layout: 'native',
  tables: [{ name: 'schema_migrations', columns: ['version'], without: ['dirty', 'statements'] }],
  unless: ['ar_internal_metadata'],
  notes: [
    'Its files are read and run in place: nothing has to be converted.',
    'It keeps no order of application; that of the versions is taken.',
  ],
  read: ({ rows, files }) =>
    matched({
      rows: inTextOrderOf('version', rows['schema_migrations'] ?? []),
      files,
      ofRow: (row) => row['version'] ?? '',
      ofFile: ({ id }) => id,
    }),
}
