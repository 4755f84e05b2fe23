import type { Connection } from '../../model/database.ts'
import type { TableShape } from './table-shapes.ts'

/**
 * The rows of one table as hashes of 64 bits: equal rows give equal prints, whatever their order. Large tables are told
 * by sums over the hashes alone.
 */
export interface RowPrint {
  readonly table: string
  /** The partitioned table that it is a part of; its own name otherwise. */
  readonly root: string
  readonly columns: readonly string[]
  /** Columns that tell rows apart; empty where the table has no key. */
  readonly key: readonly string[]
  readonly rows: number
  /** By column: the sum of the hashes of key and value over all rows. */
  readonly sums: readonly string[]
  /** Each row: its key as text, and a hash for each column. Undefined for a table that is too large. */
  readonly cells: readonly RowCells[] | undefined
}

export interface RowCells {
  readonly key: string
  readonly hashes: readonly string[]
}

/** No value of 64 bits is likely to have it. */
export const hashOfNull = '1'

/** A table on disk above this size is told by sums: its rows would not fit well in this process. */
const largestCellsBytes = 16_000_000

/** Reads the rows of a table once. The key is a part of each hash, so that values that change places show. */
export async function readRowPrint(connection: Connection, shape: TableShape, bytes: number): Promise<RowPrint> {
  const { name: table, root, key } = shape
  const columns = shape.columns.map(({ name }) => name)
  const keyText = keySql(key)
  const hashes = columns.map((column) => `coalesce(hashtextextended(${text(column)}, hash.key), ${hashOfNull})`)
  const source = `from only ${table} as r cross join lateral (select ${keyText} as text) k cross join lateral (select hashtextextended(k.text collate "C", 0) as key) hash`
  if (bytes > largestCellsBytes) {
    const sums = hashes.map((hash) => `coalesce(sum(${hash}::numeric), 0)::text`)
    const { rows } = await connection.query<{ rows: number; sums: readonly string[] }>(
      `select count(*)::float8 as rows, array[${sums.join(', ')}]::text[] as sums ${source}`,
    )
    return { table, root, columns, key, rows: rows[0]?.rows ?? 0, sums: rows[0]?.sums ?? [], cells: undefined }
  }
  const { rows } = await connection.query<{ key: string; hashes: string }>(
    `select k.text as key, array_to_string(array[${hashes.join(', ')}]::int8[], ' ') as hashes ${source}`,
  )
  const cells = rows.map((row) => ({ key: row.key, hashes: row.hashes === '' ? [] : row.hashes.split(' ') }))
  const sums = columns.map((_, index) => String(cells.reduce((sum, cell) => sum + BigInt(cell.hashes[index] ?? 0), 0n)))
  return { table, root, columns, key, rows: cells.length, sums, cells }
}

/** The key as one text; the parts of one of several columns are in quotes. */
function keySql(key: readonly string[]): string {
  const [only, ...more] = key
  if (only === undefined) return `''`
  return more.length === 0 ? text(only) : key.map((column) => `quote_literal(${text(column)})`).join(` || ',' || `)
}

/** The text of a value, told apart byte by byte whatever the collation of the column. */
function text(column: string): string {
  return `(r.${column}::text collate "C")`
}
