export const up = (pgm) => {
  pgm.alterColumn('cups', 'size', { notNull: true })
  pgm.createIndex('cups', 'size')
}

export const down = (pgm) => {
  pgm.dropIndex('cups', 'size')
  pgm.alterColumn('cups', 'size', { notNull: false })
}
