import type { TextResult } from '../../model/database.ts'
import { quoteName } from '../../model/name.ts'
import type { RelationShape } from './relations.ts'

/** By column, a sum over the hashes of its values, whatever their order; '' holds the number of rows. */
export type Print = ReadonlyMap<string, bigint>
/** By table, what it holds. */
export type Effects = ReadonlyMap<string, Print>

/** Asks for the print of a table. */
export function printSql({ name, columns }: RelationShape): string {
  const sums = columns.map(({ name: column }) => `, coalesce(sum(hashtextextended(${quoteName(column)}::text, 0)), 0)`)
  return `select count(*)${sums.join('')} from ${name}`
}

export function printOf({ columns }: RelationShape, { rows }: TextResult): Print {
  const values = rows[0] ?? []
  return new Map(['', ...columns.map(({ name }) => name)].map((name, index) => [name, BigInt(values[index] ?? 0)]))
}

/** What a statement changed: sums can be subtracted. */
export function changeOf(after: Print, before: Print): Print {
  return new Map([...after].map(([column, sum]) => [column, sum - (before.get(column) ?? 0n)]))
}
