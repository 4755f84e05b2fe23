import type { QueryUse } from '../../model/query-use.ts'

export type Rows = readonly (readonly (string | null)[])[]

export interface RowOrder extends Pick<QueryUse, 'ordered' | 'limited'> {
  /** Places of the columns that give the order; absent where they are not among the columns. */
  readonly keys?: readonly number[]
}

/**
 * Whether two answers say the same, as far as the statement asks for it: without ORDER BY any order will do, rows that
 * are equal to its keys may change places, and which of them a LIMIT leaves out is open.
 */
export function sameRows(a: Rows, b: Rows, { ordered, limited, keys }: RowOrder): boolean {
  if (a.length !== b.length) return false
  const before = a.map((row) => JSON.stringify(row))
  const now = b.map((row) => JSON.stringify(row))
  if (isSame(before, now)) return true
  if (limited && (!ordered || keys === undefined)) return true
  if (ordered && keys !== undefined && !isSame(keyTexts(a, keys), keyTexts(b, keys))) return false
  if (!limited || keys === undefined) return isSame(before.toSorted(), now.toSorted())
  // The last key may have more rows than there was room for.
  return isSame(withoutLast(a, keys).toSorted(), withoutLast(b, keys).toSorted())
}

function keyTexts(rows: Rows, keys: readonly number[]): readonly string[] {
  return rows.map((row) => JSON.stringify(keys.map((key) => row[key])))
}

function withoutLast(rows: Rows, keys: readonly number[]): readonly string[] {
  const all = keyTexts(rows, keys)
  return rows.filter((_, index) => all[index] !== all.at(-1)).map((row) => JSON.stringify(row))
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index])
}

/** Rows with what is given in `places`, in that order. */
export function pick(rows: Rows, places: readonly number[]): Rows {
  return rows.map((row) => places.map((place) => row[place] ?? null))
}

/** Columns whose values are not the same in two answers to the same question; undefined: not even the number of rows is. */
export function wavering(a: Rows, b: Rows): ReadonlySet<number> | undefined {
  if (a.length !== b.length) return undefined
  const places = a[0]?.keys() ?? []
  return new Set([...places].filter((place) => a.some((row, index) => row[place] !== b[index]?.[place])))
}
