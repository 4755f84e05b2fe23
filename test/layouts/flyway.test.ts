import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('flyway')
  expect(await readTree(cwd, ['src/main/resources/db/migration'])).toMatchInlineSnapshot(`
    "flyway
    1 "create bookings"
      up src/main/resources/db/migration/V1__create_bookings.sql (transaction)
        1:1 CREATE TABLE \${app_schema}.bookings ( id bigint PRIMARY KEY, guest te…
        6:1 COPY \${app_schema}.bookings (id, guest, nights) FROM STDIN
      down missing
    1.9 "guest required"
      up src/main/resources/db/migration/2024/V1_9__guest_required.sql (transaction)
        1:1 ALTER TABLE \${app_schema}.bookings ALTER COLUMN guest SET NOT NULL
      down src/main/resources/db/migration/2024/U1_9__guest_required.sql (transaction)
        1:1 ALTER TABLE \${app_schema}.bookings ALTER COLUMN guest DROP NOT NULL
    1.10 "index guest"
      up src/main/resources/db/migration/2024/V1_10__index_guest.sql (by themselves)
        1:1 CREATE INDEX CONCURRENTLY bookings_guest_idx ON \${app_schema}.booking…
      down missing
    2 "mixed"
      up src/main/resources/db/migration/V2__mixed.sql (transaction)
        1:1 ALTER TABLE \${app_schema}.bookings ADD COLUMN paid boolean
        2:1 CREATE INDEX CONCURRENTLY bookings_paid_idx ON \${app_schema}.bookings…
      down missing
    3 "by conf"
      up src/main/resources/db/migration/V3__by_conf.sql (by themselves)
        1:1 CREATE INDEX CONCURRENTLY bookings_nights_idx ON \${app_schema}.bookin…
        2:1 ANALYZE \${app_schema}.bookings
      down missing
    R__booking_report "booking report"
      up src/main/resources/db/migration/R__booking_report.sql (transaction)
        1:1 CREATE OR REPLACE VIEW \${app_schema}.booking_report AS SELECT guest, …
      down none is expected"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('flyway')
  expect(await lintTree(cwd, ['src/main/resources/db/migration'])).toMatchInlineSnapshot(`
    [
      "src/main/resources/db/migration/V1__create_bookings.sql:1:1 warning missing-down #0 1 has no downgrade, so nobody can go back behind it.",
      "src/main/resources/db/migration/2024/V1_9__guest_required.sql:1:36 error set-not-null-without-check #1 Every row of "\${app_schema}".bookings is read for a NULL in guest while all reads and writes of the table wait; no validated check on "\${app_schema}".bookings.guest makes that unnecessary.",
      "src/main/resources/db/migration/2024/V1_10__index_guest.sql:1:1 warning missing-down #0 1.10 has no downgrade, so nobody can go back behind it.",
      "src/main/resources/db/migration/V2__mixed.sql:1:1 warning missing-down #0 2 has no downgrade, so nobody can go back behind it.",
      "src/main/resources/db/migration/V2__mixed.sql:2:1 error concurrently-in-transaction #2 The server refuses to run CREATE INDEX CONCURRENTLY on "\${app_schema}".bookings inside a transaction: run as it is written, this migration fails and nothing of it stays.",
      "src/main/resources/db/migration/V3__by_conf.sql:1:1 warning missing-down #0 3 has no downgrade, so nobody can go back behind it.",
    ]
  `)
})
