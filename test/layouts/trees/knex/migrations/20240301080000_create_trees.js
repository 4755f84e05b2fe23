exports.up = async function (knex) {
  if (!(await knex.schema.hasTable('trees'))) {
    await knex.schema.createTable('trees', (table) => {
      table.bigIncrements('id')
      table.text('kind')
      table.timestamps(true, true)
    })
  }
}

exports.down = (knex) => knex.schema.dropTable('trees')
