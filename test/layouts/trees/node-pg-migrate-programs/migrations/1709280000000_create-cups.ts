import type { ColumnDefinitions, MigrationBuilder } from 'node-pg-migrate'

export const shorthands: ColumnDefinitions = { id: { type: 'bigint', primaryKey: true } }

export async function up(pgm: MigrationBuilder): Promise<void> {
  pgm.createTable('cups', { id: 'id', size: { type: 'text' } })
  pgm.addColumns('cups', { glaze: { type: 'text' } })
}
