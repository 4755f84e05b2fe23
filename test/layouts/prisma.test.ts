import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('prisma')
  expect(await readTree(cwd, ['prisma/migrations'])).toMatchInlineSnapshot(`
    "prisma
    20240301080000_init "init"
      up prisma/migrations/20240301080000_init/migration.sql (by themselves)
        2:1 CREATE TABLE "User" ( "id" SERIAL NOT NULL, "email" TEXT, CONSTRAINT …
      down none is expected
    20240302080000_index "index"
      up prisma/migrations/20240302080000_index/migration.sql (by themselves)
        2:1 CREATE UNIQUE INDEX CONCURRENTLY "User_email_key" ON "User"("email")
      down none is expected
    20240303080000_required "required"
      up prisma/migrations/20240303080000_required/migration.sql (one query)
        2:1 ALTER TABLE "User" ALTER COLUMN "email" SET NOT NULL
        5:1 CREATE INDEX CONCURRENTLY "User_id_email_idx" ON "User"("id", "email")
      down none is expected"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('prisma')
  expect(await lintTree(cwd, ['prisma/migrations'])).toMatchInlineSnapshot(`
    [
      "prisma/migrations/20240303080000_required/migration.sql:2:20 error set-not-null-without-check #1 Every row of "User" is read for a NULL in email while all reads and writes of the table wait; no validated check on "User".email makes that unnecessary.",
      "prisma/migrations/20240303080000_required/migration.sql:5:1 error concurrently-in-transaction #2 The server refuses to run CREATE INDEX CONCURRENTLY on "User" inside a transaction: run as it is written, this migration fails and nothing of it stays.",
    ]
  `)
})
