import type { Prints } from '../data/prints.ts'
import type { SeedStyle } from './pool.ts'

/** What rows a migration was tried on. A table that stays empty is told, with the server's last answer. */
export interface SeedReport {
  readonly style: SeedStyle
  readonly rows: number
  /** Tables that have rows; partitions count for the table that they are a part of. */
  readonly tables: readonly { readonly table: string; readonly rows: number }[]
  readonly empty: readonly { readonly table: string; readonly reason: string }[]
}

/** @param reasons why tables could not be filled, by name */
export function seedReport(style: SeedStyle, prints: Prints, reasons: ReadonlyMap<string, string>): SeedReport {
  const counts = new Map<string, number>()
  for (const { root, rows } of prints.values()) counts.set(root, (counts.get(root) ?? 0) + rows)
  const tables = [...counts].filter(([, rows]) => rows > 0).map(([table, rows]) => ({ table, rows }))
  const empty = [...reasons].filter(([table]) => !((counts.get(table) ?? 0) > 0))
  return {
    style,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    tables,
    empty: empty.map(([table, reason]) => ({ table, reason })),
  }
}
