import { expect, test } from 'vitest'
import { lintTree, programProject, recordTree } from './tree.ts'

test('what is sent, and from where', async () => {
  const cwd = await programProject('knex')
  expect(await recordTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "20240301080000_create_trees migrations/20240301080000_create_trees.js
      up (transaction)
        2:9 select * from information_schema.tables where table_name = 'trees' an…
        3:5 create table "trees" ("id" bigserial primary key, "kind" text, "creat…
      down (transaction)
        11:26 drop table "trees"
    20240302080000_kind migrations/20240302080000_kind.js
      up (transaction)
        3:3 alter table "trees" alter column "kind" set not null
        7:17 update "trees" set "kind" = 'quercus' where "kind" = 'oak'
      down (transaction)
        11:3 alter table "trees" alter column "kind" drop not null
    20240303080000_index migrations/20240303080000_index.js
      up (by themselves)
        2:3 create index concurrently trees_kind_idx on trees ("kind")
      down (by themselves)
        6:19 drop index concurrently trees_kind_idx
    20240304080000_in_vain migrations/20240304080000_in_vain.js
      up (transaction)
        1:9 SAVEPOINT trx4
        3:5 alter table "trees" drop column "kind"
        1:9 RELEASE SAVEPOINT trx4
        7:19 create index concurrently trees_again_idx on trees (id)
      down missing"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await programProject('knex')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/20240302080000_kind.js:3:3 error set-not-null-without-check #1 Every row of trees is read for a NULL in kind while all reads and writes of the table wait; no validated check on trees.kind makes that unnecessary.",
      "migrations/20240304080000_in_vain.js:1:9 warning missing-down #0 20240304080000_in_vain has no downgrade, so nobody can go back behind it.",
      "migrations/20240304080000_in_vain.js:3:5 error drop-column #2 The values of trees.kind are lost, and every query of the running version that names it fails. With it goes index trees_kind_idx.",
      "migrations/20240304080000_in_vain.js:7:19 error concurrently-in-transaction #4 The server refuses to run CREATE INDEX CONCURRENTLY on trees inside a transaction: run as it is written, this migration fails and nothing of it stays.",
    ]
  `)
})
