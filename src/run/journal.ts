import { kyselyOn } from '../db/kysely.ts'
import type { Connection } from '../model/database.ts'
import type { JournalDatabase, JournalTables } from './journal/tables.ts'

/** The schema that holds the journal unless the configuration names another. */
export const defaultJournalSchema = 'migrate'

/** The journal of one target, over the session that also runs the DDL: so that both commit together. */
export interface Journal {
  readonly connection: Connection
  readonly schema: string
  readonly tables: JournalDatabase
}

/** Opens the journal. Asks and changes nothing: `readJournal` reads it, `upgradeJournal` creates and upgrades it. */
export async function openJournal(connection: Connection, schema: string = defaultJournalSchema): Promise<Journal> {
  const database = await kyselyOn<JournalTables>(connection)
  return { connection, schema, tables: database.withSchema(schema) }
}
