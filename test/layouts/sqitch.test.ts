import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('sqitch')
  expect(await readTree(cwd, ['.'])).toMatchInlineSnapshot(`
    "sqitch
    cars "cars"
      up deploy/cars.sql (by themselves)
        3:1 BEGIN
        5:1 CREATE TABLE cars (id bigint PRIMARY KEY, plate text, owner text DEFA…
        6:1 ALTER TABLE cars OWNER TO :"owner"
        7:2 copy cars (id, plate) FROM 'cars.csv' WITH (FORMAT csv)
        9:1 COMMIT
      down revert/cars.sql (by themselves)
        3:1 BEGIN
        5:1 DROP TABLE cars
        7:1 COMMIT
    reports/count@v1.0 "reports/count"
      up deploy/reports/count@v1.0.sql (by themselves)
        1:1 BEGIN
        2:1 \\ir ../../functions/count.sql
        3:1 COMMIT
      down missing
    cars_index "cars_index"
      up deploy/cars_index.sql (by themselves)
        2:1 CREATE INDEX CONCURRENTLY cars_plate_idx ON cars (plate)
        3:1 SELECT format('ALTER TABLE %I ADD COLUMN seen date', relname) FROM pg…
        3:100 \\gexec
      down revert/cars_index.sql (by themselves)
        1:1 DROP INDEX CONCURRENTLY cars_plate_idx
    reports/count "reports/count"
      up deploy/reports/count.sql (by themselves)
        1:1 BEGIN
        2:1 CREATE INDEX CONCURRENTLY cars_owner_idx ON cars (owner)
        3:1 COMMIT
      down revert/reports/count.sql (by themselves)
        1:1 DROP INDEX CONCURRENTLY cars_owner_idx"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('sqitch')
  expect(await lintTree(cwd, ['.'])).toMatchInlineSnapshot(`
    [
      "deploy/reports/count@v1.0.sql:1:1 warning missing-down #0 reports/count@v1.0 has no downgrade, so nobody can go back behind it.",
      "deploy/reports/count@v1.0.sql:2:1 warning sql-not-understood #2 It is not known which tables this locks or changes. psql reads another file here.",
      "deploy/cars_index.sql:3:100 warning sql-not-understood #3 It is not known which tables this locks or changes. psql runs what the query gives.",
      "deploy/reports/count.sql:2:1 error concurrently-in-transaction #2 The server refuses to run CREATE INDEX CONCURRENTLY on cars inside a transaction: run as it is written, this migration fails and nothing of it stays.",
    ]
  `)
})
