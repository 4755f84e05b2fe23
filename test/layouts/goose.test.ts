import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('goose')
  expect(await readTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "goose
    00001 "create_parcels"
      up migrations/00001_create_parcels.sql (transaction)
        2:1 CREATE TABLE parcels ( id bigint PRIMARY KEY, weight int )
        8:1 CREATE FUNCTION parcel_count() RETURNS bigint LANGUAGE plpgsql AS $$ …
      down migrations/00001_create_parcels.sql (transaction)
        16:1 DROP FUNCTION parcel_count()
        17:1 DROP TABLE parcels
    00002 "index"
      up migrations/00002_index.sql (by themselves)
        3:1 CREATE INDEX CONCURRENTLY parcels_weight_idx ON parcels (weight)
      down migrations/00002_index.sql (by themselves)
        6:1 DROP INDEX CONCURRENTLY parcels_weight_idx
    00003 "cut"
      up migrations/00003_cut.sql (transaction)
        2:1 CREATE FUNCTION parcel_weight() RETURNS bigint LANGUAGE plpgsql AS $$…
        7:1 CREATE INDEX parcels_id_idx ON parcels (id)
        9:1 ALTER TABLE \${SHOP_SCHEMA}.parcels DROP COLUMN weight
        10:1 GRANT SELECT ON parcels TO $READER
        12:1 SELECT 'it costs $5'
        2:1 PROBLEM goose cuts this statement at a line that ends with a semicolon: write -- +goose StatementBegin above it and -- +goose StatementEnd below
        12:1 PROBLEM goose refuses a last statement without a semicolon at the end of its line
      down missing
    20240501120000 "later"
      up migrations/20240501120000_later.sql (transaction)
        2:1 BEGIN
        3:1 ALTER TABLE parcels ADD COLUMN note text
        4:1 COMMIT
      down missing"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('goose')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/00003_cut.sql:2:1 error syntax-error #1 Goose cuts this statement at a line that ends with a semicolon: write -- +goose StatementBegin above it and -- +goose StatementEnd below.",
      "migrations/00003_cut.sql:2:1 warning missing-down #0 00003 has no downgrade, so nobody can go back behind it.",
      "migrations/00003_cut.sql:7:1 error create-index-without-concurrently #2 Every INSERT, UPDATE and DELETE on parcels waits until this index is built; building it reads the whole table.",
      "migrations/00003_cut.sql:9:36 error drop-column #3 The values of "\${SHOP_SCHEMA}".parcels.weight are lost, and every query of the running version that names it fails.",
      "migrations/00003_cut.sql:12:1 error syntax-error #5 Goose refuses a last statement without a semicolon at the end of its line.",
      "migrations/20240501120000_later.sql:2:1 error transaction-control #1 goose begins and ends the transaction of a migration: what this statement ends can no longer be rolled back with the rest.",
      "migrations/20240501120000_later.sql:2:1 warning missing-down #0 20240501120000 has no downgrade, so nobody can go back behind it.",
      "migrations/20240501120000_later.sql:4:1 error transaction-control #3 goose begins and ends the transaction of a migration: what this statement ends can no longer be rolled back with the rest.",
    ]
  `)
})
