import { expect, test } from 'vitest'
import { lintTree, programProject, recordTree } from './tree.ts'

test('what is sent, and from where', async () => {
  const cwd = await programProject('kysely')
  expect(await recordTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "2024-03-01_create_cities migrations/2024-03-01_create_cities.ts
      up (transaction)
        4:3 create table "cities" ("id" bigint generated always as identity prima…
        10:3 comment on table cities is 'where people live'
      down (transaction)
        14:3 drop table "cities"
    2024-03-02_country migrations/2024-03-02_country.ts
      up (transaction)
        16:5 alter table "cities" alter column "country" set not null
        16:5 alter table "cities" alter column "name" set not null
        17:3 create index "cities_country_idx" on "cities" ("country")
        19:3 alter table "cities" drop column "country"
        21:5 alter table cities drop column name
      down (transaction)
        27:3 alter table "cities" add column "country" text, add column "name" text
    2024-03-03_by_rows migrations/2024-03-03_by_rows.ts
      up (transaction)
        8:3 select "country" from "cities" where "id" = '1'
        8:3 /* not seen */
      down missing"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await programProject('kysely')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/2024-03-02_country.ts:16:5 error set-not-null-without-check #1 Every row of cities is read for a NULL in country while all reads and writes of the table wait; no validated check on cities.country makes that unnecessary.",
      "migrations/2024-03-02_country.ts:17:3 error create-index-without-concurrently #3 Every INSERT, UPDATE and DELETE on cities waits until this index is built; building it reads the whole table.",
      "migrations/2024-03-02_country.ts:22:7 error drop-column #5 The values of cities.name are lost, and every query of the running version that names it fails.",
      "migrations/2024-03-03_by_rows.ts:8:3 warning missing-down #0 2024-03-03_by_rows has no downgrade, so nobody can go back behind it.",
      "migrations/2024-03-03_by_rows.ts:8:3 warning sql-not-understood #2 It is not known which tables this locks or changes. What comes after this is not known, because the program did not get further: no result.",
    ]
  `)
})
