import type { ToolJournal } from './journal.ts'
import { inOrderOf, locked, matched } from './reading/match.ts'
import { bareName, withoutEnding } from './reading/names.ts'

export const knex: ToolJournal = {
  id: 'knex',
  title: 'Knex: knex_migrations, knex_migrations_lock',
  layout: 'knex',
  tables: [
    { name: 'knex_migrations', columns: ['id', 'name', 'batch', 'migration_time'] },
    { name: 'knex_migrations_lock', columns: ['is_locked'] },
  ],
  notes: [
    'A name counts without its extension: what was applied as `.js` may lie here as `.ts`.',
    'A lock that is taken is refused.',
  ],
  read: ({ rows, files }) => {
    const reading = matched({
      rows: inOrderOf('id', rows['knex_migrations'] ?? []),
      files,
      ofRow: (row) => withoutEnding(row['name'] ?? ''),
      ofFile: bareName,
      at: 'migration_time',
    })
    const lock = locked(rows['knex_migrations_lock'], 'is_locked', 'knex_migrations_lock')
    return { ...reading, refused: [...lock, ...reading.refused] }
  },
}
