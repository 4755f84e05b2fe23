import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('leaves', (table: Knex.CreateTableBuilder): void => {
    table.bigIncrements('id')
  })
}

export async function down(db: Knex): Promise<void> {
  await db.schema.dropTable('leaves')
}
