import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('atlas')
  expect(await readTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "atlas
    20240301080000 "pets"
      up migrations/20240301080000_pets.sql (transaction)
        1:1 CREATE TABLE {{ .Schema }}.pets (id bigint PRIMARY KEY, name text)
      down none is expected
    20240302080000 "index"
      up migrations/20240302080000_index.sql (by themselves)
        5:1 CREATE INDEX CONCURRENTLY pets_name_idx ON {{ .Schema }}.pets (name)
        8:1 ALTER TABLE {{ .Schema }}.pets ADD COLUMN age int
      down none is expected
    20240303080000 "in_vain"
      up migrations/20240303080000_in_vain.sql (transaction)
        2:1 CREATE INDEX CONCURRENTLY pets_both_idx ON {{ .Schema }}.pets (id, na…
      down none is expected
    20240304080000 "checked"
      up migrations/20240304080000_checked.sql (transaction)
        6:1 ALTER TABLE {{ .Schema }}.pets DROP COLUMN name
      down migrations/20240304080000_checked.sql (transaction)
        8:1 ALTER TABLE {{ .Schema }}.pets ADD COLUMN name text"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('atlas')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/20240303080000_in_vain.sql:2:1 error concurrently-in-transaction #1 The server refuses to run CREATE INDEX CONCURRENTLY on "{{ .Schema }}".pets inside a transaction: run as it is written, this migration fails and nothing of it stays.",
      "migrations/20240304080000_checked.sql:6:32 error drop-column #1 The values of "{{ .Schema }}".pets.name are lost, and every query of the running version that names it fails. With it goes index pets_name_idx.",
    ]
  `)
})
