import { hashOf } from './hashes/sha.ts'
import type { ToolJournal } from './journal.ts'
import { edited, inTextOrderOf, matched } from './reading/match.ts'
import { folderOf } from './reading/names.ts'

export const prisma: ToolJournal = {
  id: 'prisma',
  title: 'Prisma: _prisma_migrations',
  layout: 'prisma',
  tables: [{ name: '_prisma_migrations', columns: ['migration_name', 'checksum', 'finished_at', 'rolled_back_at'] }],
  checks: 'the SHA-256 of each file',
  notes: ['What was rolled back is pending. What neither finished nor was rolled back is refused.'],
  read: ({ rows, files }) => {
    const standing = inTextOrderOf('started_at', rows['_prisma_migrations'] ?? []).filter(
      (row) => row['rolled_back_at'] === null,
    )
    const failed = standing
      .filter((row) => row['finished_at'] === null)
      .map((row) => `${row['migration_name'] ?? ''} began and did not finish: see prisma migrate resolve.`)
    const reading = matched({
      rows: standing.filter((row) => row['finished_at'] !== null),
      files,
      ofRow: (row) => row['migration_name'] ?? '',
      ofFile: folderOf,
      at: 'finished_at',
      differs: (row, file) =>
        row['checksum'] === hashOf('sha256', file.bytes) ? undefined : edited(folderOf(file), 'checksum (SHA-256)'),
    })
    return { ...reading, refused: [...failed, ...reading.refused] }
  },
}
