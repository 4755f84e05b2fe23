import type { ToolJournal } from './journal.ts'
import { inTextOrderOf, locked, matched } from './reading/match.ts'
import { bareName } from './reading/names.ts'

export const kysely: ToolJournal = {
  id: 'kysely',
  title: 'Kysely: kysely_migration, kysely_migration_lock',
  layout: 'kysely',
  tables: [
    { name: 'kysely_migration', columns: ['name', 'timestamp'] },
    { name: 'kysely_migration_lock', columns: ['is_locked'] },
  ],
  notes: ['A lock that is taken is refused.'],
  read: ({ rows, files }) => {
    const reading = matched({
      // Those of one run have one time each, or the same one; then their names tell.
      rows: inTextOrderOf('timestamp', inTextOrderOf('name', rows['kysely_migration'] ?? [])),
      files,
      ofRow: (row) => row['name'] ?? '',
      ofFile: bareName,
      at: 'timestamp',
    })
    const lock = locked(rows['kysely_migration_lock'], 'is_locked', 'kysely_migration_lock')
    return { ...reading, refused: [...lock, ...reading.refused] }
  },
}
