import { flywayChecksum } from './hashes/flyway-checksum.ts'
import type { JournalEntry, JournalFile, JournalReading, JournalRow, ToolJournal } from './journal.ts'
import { edited, inOrderOf, matched } from './reading/match.ts'
import { baseName } from './reading/names.ts'

/** Types that run a file with SQL, or stand for those before them. */
const baselines: ReadonlySet<string> = new Set(['BASELINE', 'SQL_BASELINE'])
const takenBack: ReadonlySet<string> = new Set(['UNDO_SQL', 'UNDO_SCRIPT', 'DELETE'])

export const flyway: ToolJournal = {
  id: 'flyway',
  title: 'Flyway: flyway_schema_history',
  layout: 'flyway',
  tables: [{ name: 'flyway_schema_history', columns: ['installed_rank', 'version', 'script', 'checksum', 'success'] }],
  checks: 'the CRC32 of each script',
  notes: [
    'Versions up to a baseline are taken for applied, as Flyway does. What was undone or deleted is not.',
    'A repeatable script becomes an ordinary migration: from then on a change of it is a migration of its own.',
    'Scripts that failed, and migrations in Java, are refused.',
  ],
  read: ({ rows, files }) => {
    const all = inOrderOf('installed_rank', rows['flyway_schema_history'] ?? []).filter(({ type }) => type !== 'SCHEMA')
    const last = new Map<string, JournalRow>()
    for (const row of all) {
      last.delete(keyOf(row))
      last.set(keyOf(row), row)
    }
    const standing = [...last.values()].filter(({ type }) => !takenBack.has(type ?? ''))
    const baseline = standing.findLast(({ type }) => baselines.has(type ?? ''))
    const own = standing.filter(({ type }) => !baselines.has(type ?? ''))
    const { applied, refused } = read(own, files)
    const covered = baseline === undefined ? [] : files.filter((file) => isCovered(file, baseline))
    const before: readonly JournalEntry[] = covered
      .filter((file) => !applied.some((entry) => entry.file === file))
      .map((file) => ({ file, appliedAt: baseline?.['installed_on'] ?? undefined }))
    return { applied: [...before, ...applied], refused }
  },
}

function read(rows: readonly JournalRow[], files: readonly JournalFile[]): JournalReading {
  const failed = rows.filter(({ success }) => success !== 'true').map(({ script }) => `${script ?? ''} failed.`)
  const programs = rows
    .filter(({ type }) => type !== 'SQL')
    .map(({ script, type }) => `${script ?? ''} is a migration of type ${type ?? ''}, which is no SQL.`)
  const { applied, refused } = matched({
    rows: rows.filter(({ type }) => type === 'SQL'),
    files,
    ofRow: (row) => keyOf(row),
    ofFile: ({ id }) => normal(id),
    at: 'installed_on',
    differs: (row, file) => {
      // In a repeatable script placeholders are replaced before the sum is taken.
      const isKnown = row['checksum'] !== null && !(row['version'] === null && file.text.includes('${'))
      return isKnown && Number(row['checksum']) !== flywayChecksum(file.bytes)
        ? edited(baseName(file), 'checksum (CRC32)')
        : undefined
    },
  })
  return { applied, refused: [...failed, ...programs, ...refused] }
}

/** A version, or `R__description` for what is repeatable. */
function keyOf({ version, description }: JournalRow): string {
  return version === null || version === undefined ? `R__${(description ?? '').replaceAll(' ', '_')}` : normal(version)
}

/** To Flyway `1`, `01`, `1.0` and `1_0` are one version. */
function normal(version: string): string {
  if (version.startsWith('R__')) return version.replaceAll(' ', '_')
  return version
    .split(/[._]/)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join('.')
    .replace(/(?:\.0)+$/, '')
}

function isCovered({ id }: JournalFile, { version }: JournalRow): boolean {
  if (id.startsWith('R__')) return false
  const [left, right] = [normal(id), normal(version ?? '0')].map((text) => text.split('.').map(BigInt))
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index += 1) {
    const [one, other] = [left?.[index] ?? 0n, right?.[index] ?? 0n]
    if (one !== other) return one < other
  }
  return true
}
