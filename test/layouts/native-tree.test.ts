import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('native')
  expect(await readTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "native
    20260301080000 "create_shelves"
      up migrations/20260301080000_create_shelves.sql (transaction)
        2:1 create table shelves ( id bigint generated always as identity primary…
      down migrations/20260301080000_create_shelves.sql (transaction)
        9:1 drop table shelves
    20260302090000 "index_rooms"
      up migrations/20260302090000_index_rooms.sql (by themselves)
        6:1 create index concurrently shelves_room_idx on shelves (room)
      down migrations/20260302090000_index_rooms.sql (by themselves)
        9:1 drop index concurrently shelves_room_idx
    20260303100000 "fill_length"
      up migrations/20260303100000_fill_length.sql (transaction)
        6:1 update shelves set length_cm = 80 where length_cm is null
      down none: the old value was no value
    20260304110000 "require_length"
      up migrations/20260304110000_require_length.sql (transaction)
        7:1 alter table shelves alter column length_cm set not null
      down migrations/20260304110000_require_length.sql (transaction)
        10:1 alter table shelves alter column length_cm drop not null
    20260305120000 "drop_room"
      up migrations/20260305120000_drop_room.sql (transaction)
        3:1 alter table shelves drop column room
        4:1 create index concurrently shelves_length_idx on shelves (length_cm)
      down migrations/20260305120000_drop_room.sql (transaction)
        8:1 drop index shelves_length_idx
        9:1 alter table shelves add column room text
        10:1 create index shelves_room_idx on shelves (room)
      allows drop-column in migrations/20260305120000_drop_room.sql"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('native')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/20260304110000_require_length.sql:7:21 error set-not-null-without-check #1 Every row of shelves is read for a NULL in length_cm while all reads and writes of the table wait; no validated check on shelves.length_cm makes that unnecessary.",
      "migrations/20260305120000_drop_room.sql:4:1 error concurrently-in-transaction #2 The server refuses to run CREATE INDEX CONCURRENTLY on shelves inside a transaction: run as it is written, this migration fails and nothing of it stays.",
      "migrations/20260305120000_drop_room.sql:10:1 warning create-index-without-concurrently #5 Every INSERT, UPDATE and DELETE on shelves waits until this index is built; building it reads the whole table.",
    ]
  `)
})
