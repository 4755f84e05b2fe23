import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('dbmate')
  expect(await readTree(cwd, ['db/migrations'])).toMatchInlineSnapshot(`
    "dbmate
    20240301080000 "create_rooms"
      up db/migrations/20240301080000_create_rooms.sql (transaction)
        2:1 create table rooms ( id bigint primary key, floor int, name text not …
      down db/migrations/20240301080000_create_rooms.sql (transaction)
        9:1 drop table rooms
    20240302090000 "index_rooms"
      up db/migrations/20240302090000_index_rooms.sql (by themselves)
        2:1 create index concurrently rooms_floor_idx on rooms (floor)
      down db/migrations/20240302090000_index_rooms.sql (by themselves)
        5:1 drop index concurrently rooms_floor_idx
    20240303100000 "two_indexes"
      up db/migrations/20240303100000_two_indexes.sql (one query)
        2:1 create index concurrently rooms_name_idx on rooms (name)
        3:1 create index concurrently rooms_both_idx on rooms (floor, name)
      down db/migrations/20240303100000_two_indexes.sql (transaction)
        7:1 create index rooms_again_idx on rooms (name)
        8:1 create index rooms_third_idx on rooms (floor)
      allows create-index-without-concurrently in db/migrations/20240303100000_two_indexes.sql"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('dbmate')
  expect(await lintTree(cwd, ['db/migrations'])).toMatchInlineSnapshot(`
    [
      "db/migrations/20240303100000_two_indexes.sql:2:1 error concurrently-in-transaction #1 The server refuses to run CREATE INDEX CONCURRENTLY on rooms inside a transaction: run as it is written, this migration fails and nothing of it stays.",
      "db/migrations/20240303100000_two_indexes.sql:3:1 error concurrently-in-transaction #2 The server refuses to run CREATE INDEX CONCURRENTLY on rooms inside a transaction: run as it is written, this migration fails and nothing of it stays.",
      "db/migrations/20240303100000_two_indexes.sql:8:1 warning create-index-without-concurrently #4 Every INSERT, UPDATE and DELETE on rooms waits until this index is built; building it reads the whole table.",
    ]
  `)
})
