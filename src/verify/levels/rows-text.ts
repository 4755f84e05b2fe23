import { plural } from '../../core/text.ts'
import type { SeedReport } from '../seed/report.ts'

/** `300 rows in 1 table`. */
export function rowsText(seed: SeedReport | undefined): string {
  if (seed === undefined) return 'empty tables'
  const { rows, style, tables, empty } = seed
  if (rows === 0) return empty.length > 0 ? 'empty tables' : 'a database without tables'
  return `${plural(rows, style === 'plain' ? 'plain row' : 'row')} in ${plural(tables.length, 'table')}`
}
