import { nameText } from '../../model/name.ts'
import type { Label } from '../../model/journal.ts'
import type { Journal } from '../journal.ts'
import { readable } from './read.ts'

/**
 * The label that the database was given last; undefined where it has none, or no journal.
 *
 * @throws ToolkitError `journal-unreadable`, `permission-denied`
 */
export async function readLabel(journal: Journal): Promise<Label | undefined> {
  return readable(journal, async () => {
    // A journal of an earlier version has no such table.
    const { rows } = await journal.connection.query<{ present: boolean }>(
      'select to_regclass($1) is not null as present',
      [nameText({ schema: journal.schema, name: 'label' })],
    )
    if (rows[0]?.present !== true) return undefined
    const row = await journal.tables.selectFrom('label').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst()
    if (row === undefined) return undefined
    return { name: row.name, identity: { system: row.system_identifier, databaseOid: Number(row.database_oid) } }
  })
}

export async function recordLabel(journal: Journal, run: number, { name, identity }: Label): Promise<void> {
  await journal.tables
    .insertInto('label')
    .values({ name, system_identifier: identity.system, database_oid: identity.databaseOid, run })
    .execute()
}
