import { ToolkitError } from '../../core/errors.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import type { Connection } from '../../model/database.ts'
import type { BackfillOptions } from '../../model/migration.ts'
import type { ParsedSql } from '../../model/statement.ts'

/**
 * What brings a table half-way through its backfill: the statement on the first half of the keys. Undefined where it
 * cannot be cut, or there is nothing to cut.
 */
export async function halfBackfilled(
  connection: Connection,
  { table, key }: BackfillOptions,
  { statements }: ParsedSql,
  dialect: Dialect,
): Promise<(() => Promise<unknown>) | undefined> {
  const [only] = statements
  if (only === undefined || statements.length > 1) return undefined
  try {
    const bounded = await dialect.boundByKey(only.sql, { table, key })
    const { rows } = await connection.query<{ middle: string | null }>(
      `select max(key)::text as middle
         from (select ${key} as key from ${table} order by 1 limit (select (count(*) + 1) / 2 from ${table})) half`,
    )
    const middle = rows[0]?.middle
    if (middle === undefined || middle === null) return undefined
    return () => connection.query(bounded, [null, middle])
  } catch (error) {
    // What cannot be cut is refused when it is run; here it only means that there is no half-way.
    if (error instanceof ToolkitError) return undefined
    throw error
  }
}
