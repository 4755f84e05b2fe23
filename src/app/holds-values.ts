import { messageOf } from '../core/errors.ts'
import type { Connection } from '../model/database.ts'
import { type Name, nameText, quoteName } from '../model/name.ts'

/** The first value ends the look, so only a column that is as good as empty takes long. */
const lookMs = 2000
/** A look must not queue in front of others. */
const lockMs = 200

/**
 * Whether a column holds anything but NULL in the database as it is now. Reads only. Under row security what this role
 * may not see counts as unknown, not as nothing.
 */
export async function holdsValues(
  connection: Connection,
  table: Name,
  column: string,
): Promise<boolean | { readonly unknown: string }> {
  try {
    await connection.run(
      `begin read only; set local statement_timeout = ${lookMs}; set local lock_timeout = ${lockMs}; set local row_security = off`,
    )
    const { rows } = await connection.query<{ held: boolean }>(
      `select exists (select from ${nameText(table)} t where t.${quoteName(column)} is not null) as held`,
    )
    return rows[0]?.held !== false
  } catch (error) {
    return { unknown: messageOf(error) }
  } finally {
    await connection.run('rollback').catch(() => undefined)
  }
}
