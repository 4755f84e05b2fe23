/** @param {import('node-pg-migrate').MigrationBuilder} pgm */
export const up = (pgm) => {
  pgm.noTransaction()
  pgm.createIndex('cups', 'glaze', { concurrently: true })
}

export const down = false
