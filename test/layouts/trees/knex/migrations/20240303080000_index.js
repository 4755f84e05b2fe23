exports.up = async (knex) => {
  await knex.raw('create index concurrently trees_kind_idx on trees (??)', ['kind'])
}

exports.down = async (knex) => {
  await knex.raw('drop index concurrently trees_kind_idx')
}

exports.config = { transaction: false }
