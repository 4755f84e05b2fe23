import type { Connection } from '../model/database.ts'
import type { TableKey } from './table-key.ts'

/** Keys after `cursor` up to and with `upper`. */
export interface Range {
  readonly upper: string
  /** Rows of the table in it. */
  readonly keys: number
}

/** The largest key, as text; null in an empty table. Asked with ORDER BY because `max(uuid)` came with PostgreSQL 18. */
export async function largestKey(connection: Connection, { table, key }: TableKey): Promise<string | null> {
  const { rows } = await connection.query<{ key: string }>(
    `select ${key}::text as key from ${table} order by ${key} desc limit 1`,
  )
  return rows[0]?.key ?? null
}

/** The next batch of at most `size` keys; undefined when none is left up to `bound`. One index scan of as many entries. */
export async function nextRange(
  connection: Connection,
  { table, key, type }: TableKey,
  position: { readonly cursor: string | null; readonly bound: string; readonly size: number },
): Promise<Range | undefined> {
  const after = position.cursor === null ? '' : `and ${key} > $3::text::${type}`
  const { rows } = await connection.query<Range>(
    `select batch.key::text as upper, batch.number::int as keys
       from (select ${key} as key, row_number() over (order by ${key}) as number
               from ${table} where ${key} <= $1::text::${type} ${after}
              order by ${key} limit $2::int) batch
      order by batch.number desc limit 1`,
    [position.bound, position.size, ...(position.cursor === null ? [] : [position.cursor])],
  )
  return rows[0]
}

/** Never more rows are counted than this: an estimate is not worth a minute. */
const mostCounted = 1_000_000

/** About how many rows there are. A table that was never analysed is counted, up to a limit. */
export async function estimateRows(connection: Connection, found: TableKey): Promise<number> {
  if (found.estimatedRows !== undefined && found.estimatedRows > 0) return Math.round(found.estimatedRows)
  const { rows } = await connection.query<{ count: number }>(
    `select count(*)::int as count from (select from ${found.table} limit ${mostCounted}) counted`,
  )
  return rows[0]?.count ?? 0
}
