import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what a journal names is read', async () => {
  const cwd = await project('drizzle-journal')
  expect(await readTree(cwd, ['drizzle'])).toMatchInlineSnapshot(`
    "drizzle
    0000_quiet_river "quiet_river"
      up drizzle/0000_quiet_river.sql (transaction)
        1:1 CREATE TABLE "boats" ( "id" bigint PRIMARY KEY NOT NULL, "name" text )
        6:1 CREATE INDEX "boats_name_idx" ON "boats" USING btree ("name")
      down none is expected
    0001_loud_hill "loud_hill"
      up drizzle/0001_loud_hill.sql (transaction)
        1:1 ALTER TABLE "boats" ALTER COLUMN "name" SET NOT NULL
        2:1 CREATE INDEX CONCURRENTLY "boats_both_idx" ON "boats" ("id", "name")
      down none is expected"
  `)
})

test('a folder a migration is read', async () => {
  const cwd = await project('drizzle-folders')
  expect(await readTree(cwd, ['drizzle'])).toMatchInlineSnapshot(`
    "drizzle
    20240301080000_quiet_river "quiet_river"
      up drizzle/20240301080000_quiet_river/migration.sql (transaction)
        1:1 CREATE TABLE "boats" ( "id" bigint PRIMARY KEY, "name" text )
      down none is expected
    20240302080000_loud_hill "loud_hill"
      up drizzle/20240302080000_loud_hill/migration.sql (transaction)
        1:1 ALTER TABLE "boats" ADD COLUMN "length" integer
        2:1 CREATE INDEX "boats_name_idx" ON "boats" ("name")
      down none is expected"
  `)
})

test('what lint says, with its places', async () => {
  expect(await lintTree(await project('drizzle-journal'), ['drizzle'])).toMatchInlineSnapshot(`
    [
      "drizzle/0001_loud_hill.sql:1:21 error set-not-null-without-check #1 Every row of boats is read for a NULL in name while all reads and writes of the table wait; no validated check on boats.name makes that unnecessary.",
      "drizzle/0001_loud_hill.sql:2:1 error concurrently-in-transaction #2 The server refuses to run CREATE INDEX CONCURRENTLY on boats inside a transaction: run as it is written, this migration fails and nothing of it stays.",
    ]
  `)
  expect(await lintTree(await project('drizzle-folders'), ['drizzle'])).toMatchInlineSnapshot(`
    [
      "drizzle/20240302080000_loud_hill/migration.sql:2:1 error create-index-without-concurrently #2 Every INSERT, UPDATE and DELETE on boats waits until this index is built; building it reads the whole table.",
    ]
  `)
})
