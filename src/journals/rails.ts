import type { ToolJournal } from './journal.ts'

export const rails: ToolJournal = {
  id: 'rails',
  title: 'Rails: schema_migrations, ar_internal_metadata',
  tables: [
    { name: 'ar_internal_metadata', columns: ['key', 'value'] },
    { name: 'schema_migrations', columns: ['version'], without: ['dirty'] },
  ],
  notes: [
    'Migrations in Ruby are not read, and it keeps no hashes by which they could be checked. Their outcome becomes the first migration; `migrate import` says how.',
  ],
  withoutFiles: 'Its migrations are Ruby, and it keeps no hashes, so nobody can tell whether they are what ran.',
  read: () => ({ applied: [], refused: [] }),
}
