import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('sqlx')
  expect(await readTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "sqlx
    20240301080000 "stations"
      up migrations/20240301080000_stations.up.sql (transaction)
        2:1 CREATE TABLE stations (id BIGINT PRIMARY KEY, city TEXT)
      down migrations/20240301080000_stations.down.sql (transaction)
        2:1 DROP TABLE stations
    20240302080000 "index"
      up migrations/20240302080000_index.up.sql (by themselves)
        2:1 CREATE INDEX CONCURRENTLY stations_city_idx ON stations (city)
      down migrations/20240302080000_index.down.sql (one query)
        2:1 DROP INDEX CONCURRENTLY stations_city_idx
        3:1 ALTER TABLE stations DROP COLUMN city"
  `)
})

test('one file a migration: nothing is expected to take it back', async () => {
  const cwd = await project('sqlx-simple')
  expect(await readTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "sqlx
    1 "stations"
      up migrations/1_stations.sql (transaction)
        1:1 CREATE TABLE stations (id BIGINT PRIMARY KEY, city TEXT)
      down none is expected
    2 "city"
      up migrations/2_city.sql (transaction)
        1:1 ALTER TABLE stations ALTER COLUMN city SET NOT NULL
      down none is expected"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('sqlx')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/20240302080000_index.down.sql:2:1 warning concurrently-in-transaction #1 The server refuses to run DROP INDEX CONCURRENTLY of stations_city_idx inside a transaction: run as it is written, this migration fails and nothing of it stays.",
    ]
  `)
})
