import type { Prints } from './prints.ts'
import { type RowCells, type RowPrint, hashOfNull } from './row-print.ts'

/** How the rows of one table differ from what they were. */
export interface RowDifference {
  readonly table: string
  /** The partitioned table that it is a part of; its own name otherwise. */
  readonly root: string
  /** Rows that are gone, and rows that were not there. */
  readonly lost: number
  readonly added: number
  /** Columns whose values changed in rows that are still there. */
  readonly columns: readonly ColumnDifference[]
  /** The columns of the key, and its values in some of the rows that differ. */
  readonly key: readonly string[]
  readonly samples: readonly string[]
}

export interface ColumnDifference {
  readonly column: string
  /** Undefined where the table is too large to tell. */
  readonly rows: number | undefined
  /** Every one of these rows had NULL there: it was filled, and nothing was lost. */
  readonly filled: boolean
}

const shownKeys = 3

/** Compares the rows of the tables that were there before. Tables that are gone have lost all their rows. */
export function compareRows(before: Prints, after: Prints): readonly RowDifference[] {
  return [...before.values()].flatMap((was) => {
    const is = after.get(was.table)
    if (was === is) return []
    const difference = is === undefined ? gone(was) : compareTable(was, is)
    return difference.lost + difference.added + difference.columns.length === 0 ? [] : [difference]
  })
}

function gone({ table, root, rows, key }: RowPrint): RowDifference {
  return { table, root, lost: rows, added: 0, columns: [], key, samples: [] }
}

function compareTable(was: RowPrint, is: RowPrint): RowDifference {
  if (was.key.join() !== is.key.join()) return compareCounts(was, is)
  if (was.cells === undefined || is.cells === undefined) return compareSums(was, is)
  if (was.key.length > 0) return compareByKey(was, was.cells, is, is.cells)
  return compareAsBags(was, was.cells, is, is.cells)
}

/** The key is a part of each hash: with another key nothing else can be compared. The schema is not the same either then. */
function compareCounts(was: RowPrint, is: RowPrint): RowDifference {
  return { ...gone(was), lost: Math.max(0, was.rows - is.rows), added: Math.max(0, is.rows - was.rows) }
}

function compareSums(was: RowPrint, is: RowPrint): RowDifference {
  const differing = was.columns.filter((column, index) => was.sums[index] !== is.sums[is.columns.indexOf(column)])
  const columns = was.rows === is.rows ? differing.map((column) => ({ column, rows: undefined, filled: false })) : []
  return { ...compareCounts(was, is), columns }
}

function compareByKey(was: RowPrint, old: readonly RowCells[], is: RowPrint, now: readonly RowCells[]): RowDifference {
  const present = new Map(now.map(({ key, hashes }) => [key, hashes]))
  const places = was.columns.map((column) => is.columns.indexOf(column))
  const kept = old.filter(({ key }) => present.has(key))
  const lost = old.filter(({ key }) => !present.has(key))
  const samples = new Set(lost.map(({ key }) => key))
  const columns = was.columns.flatMap((column, index) => {
    const differing = kept.filter(({ key, hashes }) => hashes[index] !== present.get(key)?.[places[index] ?? -1])
    for (const { key } of differing.slice(0, shownKeys)) samples.add(key)
    const filled = differing.every(({ hashes }) => hashes[index] === hashOfNull)
    return differing.length === 0 ? [] : [{ column, rows: differing.length, filled }]
  })
  const added = now.length - kept.length
  return { ...gone(was), lost: lost.length, added, columns, samples: [...samples].slice(0, shownKeys) }
}

/** Without a key rows are what they hold: first the columns one by one, then the rows without the columns that differ. */
function compareAsBags(was: RowPrint, old: readonly RowCells[], is: RowPrint, now: readonly RowCells[]): RowDifference {
  const place = (print: RowPrint, column: string): number => print.columns.indexOf(column)
  const values = (print: RowPrint, cells: readonly RowCells[], columns: readonly string[]): readonly string[] =>
    cells.map(({ hashes }) => columns.map((column) => hashes[place(print, column)] ?? 'none').join(' '))
  if (old.length !== now.length) {
    const lost = bagDifference(values(was, old, was.columns), values(is, now, was.columns))
    return { ...gone(was), lost, added: now.length - old.length + lost }
  }
  const columns = was.columns.flatMap((column) => {
    const rows = bagDifference(values(was, old, [column]), values(is, now, [column]))
    return rows === 0 ? [] : [{ column, rows, filled: false }]
  })
  const same = was.columns.filter((name) => columns.every(({ column }) => column !== name))
  const mixed = bagDifference(values(was, old, same), values(is, now, same))
  return { ...gone(was), lost: mixed, added: mixed, columns }
}

/** How many of `old` have no counterpart in `now`. */
function bagDifference(old: readonly string[], now: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const value of now) counts.set(value, (counts.get(value) ?? 0) + 1)
  let missing = 0
  for (const value of old) {
    const count = counts.get(value) ?? 0
    if (count === 0) missing += 1
    else counts.set(value, count - 1)
  }
  return missing
}
