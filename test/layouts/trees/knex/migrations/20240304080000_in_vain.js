exports.up = async (knex) => {
  await knex.transaction(async (trx) => {
    await trx.schema.table('trees', (table) => {
      table.dropColumn('kind')
    })
  })
  await knex.raw('create index concurrently trees_again_idx on trees (id)')
}
