import { expect, test } from 'vitest'
import { lintTree, programProject, recordTree } from './tree.ts'

test('what is sent, and from where', async () => {
  const cwd = await programProject('typeorm')
  expect(await recordTree(cwd, ['src/migrations'])).toMatchInlineSnapshot(`
    "1709280000000 src/migrations/1709280000000-CreateBoats.ts
      up (transaction)
        7:5 CREATE TABLE "boats" ("id" bigint NOT NULL, "title" text, CONSTRAINT …
        16:5 ALTER TABLE "boats" ADD "length" integer
      down (transaction)
        20:5 DROP INDEX "boats_note_idx"
        20:5 DROP TABLE "boats"
    1709290000000 src/migrations/1709290000000-Title.ts
      up (transaction)
        5:30 ALTER TABLE "boats" ALTER COLUMN "title" SET NOT NULL
        7:7 ALTER TABLE "boats" ADD COLUMN "note" text, DROP COLUMN "length"
      down (transaction)
        14:30 ALTER TABLE "boats" ADD COLUMN "length" integer
        15:30 ALTER TABLE "boats" ALTER COLUMN "title" DROP NOT NULL
    1709300000000 src/migrations/1709300000000-Index.ts
      up (by themselves)
        7:30 CREATE INDEX CONCURRENTLY "boats_title_idx" ON "boats" ("title")
        8:5 CREATE INDEX "boats_note_idx" ON "boats" ("note")
        9:5 /* not seen */
      down missing"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await programProject('typeorm')
  expect(await lintTree(cwd, ['src/migrations'])).toMatchInlineSnapshot(`
    [
      "src/migrations/1709290000000-Title.ts:5:50 error set-not-null-without-check #1 Every row of boats is read for a NULL in title while all reads and writes of the table wait; no validated check on boats.title makes that unnecessary.",
      "src/migrations/1709290000000-Title.ts:9:9 error drop-column #2 The values of boats.length are lost, and every query of the running version that names it fails.",
      "src/migrations/1709290000000-Title.ts:9:9 info phase-mismatch #2 This migration adds things and also takes things away: no moment of a release is right for both.",
      "src/migrations/1709300000000-Index.ts:7:30 warning missing-down #0 1709300000000 has no downgrade, so nobody can go back behind it.",
      "src/migrations/1709300000000-Index.ts:8:5 error create-index-without-concurrently #2 Every INSERT, UPDATE and DELETE on boats waits until this index is built; building it reads the whole table.",
      "src/migrations/1709300000000-Index.ts:9:5 warning sql-not-understood #3 It is not known which tables this locks or changes. What comes after this is not known, because the program did not get further: Supplied foreign key was not found in table boats.",
    ]
  `)
})
