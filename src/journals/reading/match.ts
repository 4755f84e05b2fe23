import type { JournalFile, JournalReading, JournalRow } from '../journal.ts'

/** How the rows of a journal name files. */
export interface Matching {
  readonly rows: readonly JournalRow[]
  readonly files: readonly JournalFile[]
  /** What a row names. */
  readonly ofRow: (row: JournalRow) => string
  /** What a file is called by such a row. */
  readonly ofFile: (file: JournalFile) => string
  /** The column with the time. */
  readonly at?: string
  /** Why the row and its file do not belong together, as a sentence; undefined where they do. */
  readonly differs?: (row: JournalRow, file: JournalFile) => string | undefined
}

/** The file of each row, in the order of the rows. A row without a file, or with another one, is refused. */
export function matched({ rows, files, ofRow, ofFile, at, differs }: Matching): JournalReading {
  const byName = new Map(files.map((file) => [ofFile(file), file]))
  const found = rows.map((row) => ({ row, name: ofRow(row), file: byName.get(ofRow(row)) }))
  return {
    applied: found.flatMap(({ row, file }) =>
      file === undefined ? [] : [{ file, appliedAt: at === undefined ? undefined : (row[at] ?? undefined) }],
    ),
    refused: found.flatMap(({ row, name, file }) => {
      if (file === undefined) return [`${name} is applied and has no file.`]
      return differs?.(row, file) ?? []
    }),
  }
}

/** The rows by a column that counts up. */
export function inOrderOf(column: string, rows: readonly JournalRow[]): readonly JournalRow[] {
  return rows.toSorted((a, b) => Number(a[column] ?? 0) - Number(b[column] ?? 0))
}

/** The rows by a column with times or texts that are ordered like text; those that are the same stay as they are. */
export function inTextOrderOf(column: string, rows: readonly JournalRow[]): readonly JournalRow[] {
  return rows.toSorted((a, b) => {
    const [left, right] = [a[column] ?? '', b[column] ?? '']
    return left < right ? -1 : Number(left > right)
  })
}

/** The file is not what was applied. */
export function edited(name: string, kind: string): string {
  return `The file of ${name} is not what was applied: its ${kind} is another.`
}

/** Another run of the tool holds its lock, or died holding it. */
export function locked(rows: readonly JournalRow[] | undefined, column: string, table: string): readonly string[] {
  const isHeld = rows?.some((row) => row[column] === '1' || row[column] === 'true') ?? false
  return isHeld ? [`The lock in ${table} is taken: a run is under way, or died.`] : []
}
