/** @param {import('knex').Knex} knex */
exports.up = function (knex) {
  return knex.schema
    .alterTable('trees', (table) => {
      table.dropNullable('kind')
    })
    .then(() => knex('trees').where({ kind: 'oak' }).update({ kind: 'quercus' }))
}

exports.down = function (knex) {
  return knex.schema.alterTable('trees', (table) => table.setNullable('kind'))
}
