import type { ToolJournal } from './journal.ts'

export const alembic: ToolJournal = {
  id: 'alembic',
  title: 'Alembic: alembic_version(version_num)',
  tables: [{ name: 'alembic_version', columns: ['version_num'] }],
  notes: ['Migrations in Python are not read: their outcome becomes the first migration.'],
  withoutFiles: 'Its migrations are Python.',
  read: () => ({ applied: [], refused: [] }),
}
