import { sql, type Kysely } from 'kysely'
import { indexed } from './helpers/indexed.js'

enum Table {
  cities = 'cities',
}

interface Columns {
  readonly name: string
}
const columns: readonly Columns[] = [{ name: 'country' }, { name: 'name' }]

// Helpers and loops are followed: what counts is what is sent.
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const { name } of columns)
    await db.schema.alterTable(Table.cities).alterColumn(name, (column) => column.setNotNull()).execute()
  await indexed(db, 'cities_country_idx')
  // migrate:allow drop-column because nobody reads it
  await db.schema.alterTable('cities').dropColumn('country').execute()
  await sql`
    alter table cities
      drop column name
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('cities').addColumn('country', 'text').addColumn('name', 'text').execute()
}
