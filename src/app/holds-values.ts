import { messageOf } from '../core/errors.ts'
import type { ColumnDefinition } from '../model/column.ts'
import type { Connection } from '../model/database.ts'
import { type Name, nameText, quoteName } from '../model/name.ts'

/** The first row that counts ends the look, so only what is as good as empty takes long. */
const lookMs = 2000
/** A look must not queue in front of others. */
const lockMs = 200

/** What cannot be told is not nothing. */
export type Held = boolean | { readonly unknown: string }

/** Whether a table has a row in the database as it is now. Reads only. */
export function holdsRows(connection: Connection, table: Name): Promise<Held> {
  return look(connection, `select from ${nameText(table)}`)
}

/**
 * Whether a column holds anything but NULL in the database as it is now; where `given` is what adds it again, anything
 * but the constant that it then has by default. Reads only.
 */
export async function holdsValues(
  connection: Connection,
  table: Name,
  column: string,
  given?: ColumnDefinition,
): Promise<Held> {
  const value = `t.${quoteName(column)}`
  const held = await look(connection, `select from ${nameText(table)} t where ${value} is not null`)
  const constant = given === undefined ? undefined : constantOf(given)
  if (held !== true || constant === undefined) return held
  // As text: values that the type's own = calls equal, such as 1.0 and 1.00, need not be the same.
  const other = await look(
    connection,
    `select from ${nameText(table)} t where ${value}::text collate "C" is distinct from (${constant})::text collate "C"`,
  )
  return other !== false
}

/** The default as SQL, where it is the same constant each time: no function is called, nothing of the session asked. */
function constantOf({ default: expression, type, generated, identity }: ColumnDefinition): string | undefined {
  if (expression === undefined || generated !== undefined || identity !== undefined) return undefined
  const { sql, volatility, functions, columns, changesByItself } = expression
  const isConstant = volatility === 'constant' && functions.length === 0 && columns.length === 0
  return isConstant && changesByItself !== true ? `(${sql})::${type.sql}` : undefined
}

/** Under row security what this role may not see counts as unknown, not as nothing. */
async function look(connection: Connection, query: string): Promise<Held> {
  try {
    await connection.run(
      `begin read only; set local statement_timeout = ${lookMs}; set local lock_timeout = ${lockMs}; set local row_security = off`,
    )
    const { rows } = await connection.query<{ held: boolean }>(`select exists (${query}) as held`)
    return rows[0]?.held !== false
  } catch (error) {
    return { unknown: messageOf(error) }
  } finally {
    await connection.run('rollback').catch(() => undefined)
  }
}
