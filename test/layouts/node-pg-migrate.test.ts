import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('node-pg-migrate')
  expect(await readTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "node-pg-migrate
    1709280000000 "create-breads"
      up migrations/1709280000000_create-breads.sql (transaction)
        2:1 create table breads (id bigint primary key, grams int)
      down migrations/1709280000000_create-breads.sql (transaction)
        5:1 drop table breads
    1709290000000 "grams-required"
      up migrations/1709290000000_grams-required.sql (transaction)
        2:1 alter table breads alter column grams set not null
      down missing
    1709300000000 "index"
      up migrations/1709300000000_index.sql (transaction)
        1:1 create index concurrently breads_grams_idx on breads (grams)
      down missing
    1709310000000 "note"
      up migrations/1709310000000_note.up.sql (transaction)
        1:1 alter table breads add column note text
      down migrations/1709310000000_note.down.sql (transaction)
        1:1 alter table breads drop column note"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('node-pg-migrate')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/1709290000000_grams-required.sql:2:1 warning missing-down #0 1709290000000 has no downgrade, so nobody can go back behind it.",
      "migrations/1709290000000_grams-required.sql:2:20 error set-not-null-without-check #1 Every row of breads is read for a NULL in grams while all reads and writes of the table wait; no validated check on breads.grams makes that unnecessary.",
      "migrations/1709300000000_index.sql:1:1 error concurrently-in-transaction #1 The server refuses to run CREATE INDEX CONCURRENTLY on breads inside a transaction: run as it is written, this migration fails and nothing of it stays.",
      "migrations/1709300000000_index.sql:1:1 warning missing-down #0 1709300000000 has no downgrade, so nobody can go back behind it.",
    ]
  `)
})
