import type { ToolJournal } from './journal.ts'

export const alembic: ToolJournal = {
  id: 'alembic',
  title: 'Alembic: alembic_version(version_num)',
  tables: [{ name: 'alembic_version', columns: ['version_num'] }],
  notes: [
    'Migrations in Python are not read. It keeps the last revision, and neither hashes nor those before it, so nothing could be checked. Their outcome becomes the first migration; `migrate import` says how.',
  ],
  withoutFiles:
    'That is where it stands: its migrations are Python, and it keeps neither hashes nor what ran before, so nobody can tell whether they are what ran.',
  read: () => ({ applied: [], refused: [] }),
}
