import { atlasSums } from './hashes/atlas-sums.ts'
import type { JournalRow, ToolJournal } from './journal.ts'
import { edited, inTextOrderOf, matched } from './reading/match.ts'
import { baseName } from './reading/names.ts'

export const atlas: ToolJournal = {
  id: 'atlas',
  title: 'Atlas: atlas_schema_revisions',
  layout: 'atlas',
  tables: [{ name: 'atlas_schema_revisions', columns: ['version', 'type', 'applied', 'total', 'hash'] }],
  checks: 'the running hash of each file, as in atlas.sum',
  notes: [
    'Versions up to a baseline are taken for applied, as Atlas does.',
    'A revision of which not all statements were applied, or with an error, is refused.',
  ],
  read: ({ rows, files, sources }) => {
    // A version that begins with a point is a note of the tool to itself.
    const all = inTextOrderOf('version', rows['atlas_schema_revisions'] ?? []).filter(
      ({ version }) => version?.startsWith('.') === false,
    )
    const failed = all.filter(isHalfway).map(({ version, applied, total }) => {
      return `${version ?? ''} stopped after ${applied ?? '?'} of ${total ?? '?'} statements.`
    })
    const sums = atlasSums(sources)
    const baseline = all.findLast(isBaseline)?.['version'] ?? undefined
    const before = files.filter(({ id }) => baseline !== undefined && id <= baseline).map((file) => ({ file }))
    const own = all.filter((row) => !isBaseline(row) && (baseline === undefined || (row['version'] ?? '') > baseline))
    const reading = matched({
      rows: own,
      files,
      ofRow: (row) => row['version'] ?? '',
      ofFile: ({ id }) => id,
      at: 'executed_at',
      differs: (row, file) =>
        row['hash'] === '' || row['hash'] === sums.get(baseName(file)) ? undefined : edited(baseName(file), 'hash'),
    })
    return { applied: [...before, ...reading.applied], refused: [...failed, ...reading.refused] }
  },
}

/** The type is a set of bits: 1 is a baseline. */
function isBaseline({ type }: JournalRow): boolean {
  return Number(type) === 1
}

function isHalfway({ applied, total, error }: JournalRow): boolean {
  return applied !== total || (error ?? '') !== ''
}
