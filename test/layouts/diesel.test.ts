import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('diesel')
  expect(await readTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "diesel
    00000000000000 "diesel_initial_setup"
      up migrations/00000000000000_diesel_initial_setup/up.sql (transaction)
        1:1 CREATE OR REPLACE FUNCTION diesel_touch() RETURNS trigger AS $$ BEGIN…
      down migrations/00000000000000_diesel_initial_setup/down.sql (transaction)
        1:1 DROP FUNCTION IF EXISTS diesel_touch()
    2024-03-01-080000 "posts"
      up migrations/2024-03-01-080000_posts/up.sql (transaction)
        1:1 CREATE TABLE posts (id BIGSERIAL PRIMARY KEY, title VARCHAR)
      down migrations/2024-03-01-080000_posts/down.sql (transaction)
        1:1 DROP TABLE posts
    20240302080000 "index"
      up migrations/20240302080000_index/up.sql (by themselves)
        1:1 CREATE INDEX CONCURRENTLY posts_title_idx ON posts (title)
      down migrations/20240302080000_index/down.sql (by themselves)
        1:1 DROP INDEX CONCURRENTLY posts_title_idx
    2024-03-03-080000 "required"
      up migrations/2024-03-03-080000_required/up.sql (transaction)
        1:1 ALTER TABLE posts ALTER COLUMN title SET NOT NULL
      down missing"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('diesel')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/2024-03-03-080000_required/up.sql:1:1 warning missing-down #0 2024-03-03-080000 has no downgrade, so nobody can go back behind it.",
      "migrations/2024-03-03-080000_required/up.sql:1:19 error set-not-null-without-check #1 Every row of posts is read for a NULL in title while all reads and writes of the table wait; no validated check on posts.title makes that unnecessary.",
    ]
  `)
})
