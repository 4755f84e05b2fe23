import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('liquibase')
  expect(await readTree(cwd, ['db/changelog'])).toMatchInlineSnapshot(`
    "liquibase
    anna:1 "anna:1"
      up db/changelog/releases/second.sql (transaction)
        6:1 CREATE TABLE tickets (id bigint PRIMARY KEY, state text)
        7:1 CREATE TABLE ticket_copies (id bigint PRIMARY KEY)
      down db/changelog/releases/second.sql (transaction)
        8:12 DROP TABLE ticket_copies
        9:12 DROP TABLE tickets
    anna b:2 "anna b:2"
      up db/changelog/releases/second.sql (transaction)
        12:1 CREATE FUNCTION \${schema.name}.open_tickets() RETURNS bigint LANGUAGE…
        14:1 CREATE INDEX tickets_state_idx ON tickets (state)
      down db/changelog/releases/second.sql (transaction)
        20:1 DROP INDEX tickets_state_idx
    anna:tickets-note "anna:tickets-note"
      up db/changelog/releases/first.sql (transaction)
        5:1 ALTER TABLE tickets ADD COLUMN note text
      down db/changelog/releases/first.sql (transaction)
        6:12 ALTER TABLE tickets DROP COLUMN note
      allows drop-table in db/changelog/releases/first.sql
    ben:index "ben:index"
      up db/changelog/releases/first.sql (by themselves)
        13:1 CREATE INDEX CONCURRENTLY tickets_note_idx ON tickets (note)
      down db/changelog/releases/first.sql (by themselves)
        14:12 DROP INDEX CONCURRENTLY tickets_note_idx
      allows drop-table in db/changelog/releases/first.sql
    ben:copy "ben:copy"
      up db/changelog/releases/first.sql (transaction)
        17:1 DROP TABLE ticket_copies
      down none: the changeset says that its rollback is empty
      allows drop-table in db/changelog/releases/first.sql"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('liquibase')
  expect(await lintTree(cwd, ['db/changelog'])).toMatchInlineSnapshot(`
    [
      "db/changelog/releases/second.sql:14:1 error create-index-without-concurrently #2 Every INSERT, UPDATE and DELETE on tickets waits until this index is built; building it reads the whole table.",
    ]
  `)
})
