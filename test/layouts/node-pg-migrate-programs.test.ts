import { expect, test } from 'vitest'
import { lintTree, programProject, recordTree } from './tree.ts'

test('what is sent, and from where', async () => {
  const cwd = await programProject('node-pg-migrate-programs')
  expect(await recordTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "1709280000000 migrations/1709280000000_create-cups.ts
      up (transaction)
        6:3 CREATE TABLE "cups" ( "id" bigint PRIMARY KEY, "size" text )
        7:3 ALTER TABLE "cups" ADD "glaze" text
      down (transaction)
        7:3 ALTER TABLE "cups" DROP "glaze"
        6:3 DROP TABLE "cups"
    1709290000000 migrations/1709290000000_size.js
      up (transaction)
        2:3 ALTER TABLE "cups" ALTER "size" SET NOT NULL
        3:3 CREATE INDEX "cups_size_index" ON "cups" ("size")
      down (transaction)
        7:3 DROP INDEX "cups_size_index"
        8:3 ALTER TABLE "cups" ALTER "size" DROP NOT NULL
    1709300000000 migrations/1709300000000_index.js
      up (by themselves)
        4:3 CREATE INDEX CONCURRENTLY "cups_glaze_index" ON "cups" ("glaze")
      down none
    1709310000000 migrations/1709310000000_glaze.sql
      up (transaction)
        2:1 alter table cups drop column glaze
      down (transaction)
        5:1 alter table cups add column glaze text"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await programProject('node-pg-migrate-programs')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/1709290000000_size.js:2:3 error set-not-null-without-check #1 Every row of cups is read for a NULL in size while all reads and writes of the table wait; no validated check on cups.size makes that unnecessary.",
      "migrations/1709290000000_size.js:3:3 error create-index-without-concurrently #2 Every INSERT, UPDATE and DELETE on cups waits until this index is built; building it reads the whole table.",
      "migrations/1709310000000_glaze.sql:2:18 error drop-column #1 The values of cups.glaze are lost, and every query of the running version that names it fails. With it goes index cups_glaze_index.",
    ]
  `)
})
