import type { ToolJournal } from './journal.ts'

export const rails: ToolJournal = {
  id: 'rails',
  title: 'Rails: schema_migrations, ar_internal_metadata',
  tables: [
    { name: 'ar_internal_metadata', columns: ['key', 'value'] },
    { name: 'schema_migrations', columns: ['version'], without: ['dirty'] },
  ],
  notes: ['Migrations in Ruby are not read: their outcome becomes the first migration.'],
  withoutFiles: 'Its migrations are Ruby.',
  read: () => ({ applied: [], refused: [] }),
}
