import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('golang-migrate')
  expect(await readTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "golang-migrate
    000001 "create_loans"
      up migrations/000001_create_loans.up.sql (by themselves)
        1:1 CREATE TABLE loans ( id bigserial PRIMARY KEY, book text NOT NULL, re…
      down migrations/000001_create_loans.down.sql (by themselves)
        1:1 DROP TABLE loans
    000002 "index_loans"
      up migrations/000002_index_loans.up.sql (by themselves)
        1:1 CREATE INDEX CONCURRENTLY loans_book_idx ON loans (book)
      down migrations/000002_index_loans.down.sql (by themselves)
        1:1 DROP INDEX CONCURRENTLY loans_book_idx
    000009 "due_date"
      up migrations/000009_due_date.up.sql (one query)
        1:1 ALTER TABLE loans ADD COLUMN due date
        2:1 CREATE INDEX CONCURRENTLY loans_due_idx ON loans (due)
      down migrations/000009_due_date.down.sql (one query)
        1:1 ALTER TABLE loans DROP COLUMN due
        3:1 CREATE INDEX loans_again_idx ON loans (returned)
        4:1 CREATE INDEX loans_third_idx ON loans (book)
      allows create-index-without-concurrently in migrations/000009_due_date.down.sql
    000010 "more_indexes"
      up migrations/000010_more_indexes.up.sql (one query)
        1:1 BEGIN
        2:1 ALTER TABLE loans ALTER COLUMN returned SET NOT NULL
        3:1 COMMIT
        4:1 CREATE INDEX loans_returned_idx ON loans (returned)
      down missing"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('golang-migrate')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/000009_due_date.up.sql:2:1 error concurrently-in-transaction #2 The server refuses to run CREATE INDEX CONCURRENTLY on loans inside a transaction: run as it is written, this migration fails and nothing of it stays.",
      "migrations/000009_due_date.down.sql:4:1 warning create-index-without-concurrently #3 Every INSERT, UPDATE and DELETE on loans waits until this index is built; building it reads the whole table.",
      "migrations/000010_more_indexes.up.sql:1:1 warning missing-down #0 000010 has no downgrade, so nobody can go back behind it.",
      "migrations/000010_more_indexes.up.sql:2:19 error set-not-null-without-check #2 Every row of loans is read for a NULL in returned while all reads and writes of the table wait; no validated check on loans.returned makes that unnecessary.",
      "migrations/000010_more_indexes.up.sql:4:1 error create-index-without-concurrently #4 Every INSERT, UPDATE and DELETE on loans waits until this index is built; building it reads the whole table.",
    ]
  `)
})
