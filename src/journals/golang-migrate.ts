import type { ToolJournal } from './journal.ts'
import { isUpTo } from './reading/names.ts'

export const golangMigrate: ToolJournal = {
  id: 'golang-migrate',
  title: 'golang-migrate: schema_migrations(version, dirty)',
  layout: 'golang-migrate',
  tables: [{ name: 'schema_migrations', columns: ['version', 'dirty'] }],
  notes: [
    'It keeps one version and no history: every file up to it is taken for applied, as the tool itself does. A file that came late and was skipped is among them; compare with `migrate drift` afterwards.',
    'A version that is dirty is refused.',
  ],
  read: ({ rows, files }) => {
    const [row] = rows['schema_migrations'] ?? []
    const version = row?.['version'] ?? undefined
    if (version === undefined) return { applied: [], refused: [] }
    const isThere = files.some(({ id }) => isUpTo(id, version) && isUpTo(version, id))
    return {
      applied: files.filter(({ id }) => isUpTo(id, version)).map((file) => ({ file })),
      refused: [
        ...(row?.['dirty'] === 'true'
          ? [`Version ${version} is dirty: it failed, and what it left is not known.`]
          : []),
        ...(isThere ? [] : [`${version} is applied and has no file.`]),
      ],
    }
  },
}
