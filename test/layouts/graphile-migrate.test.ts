import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('graphile-migrate')
  expect(await readTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    "graphile-migrate
    000001 "singers"
      up migrations/committed/000001-singers.sql (transaction)
        5:1 create table singers (id bigint primary key, voice text)
        6:1 grant select on singers to :DATABASE_VISITOR
      down none is expected
    000002 ""
      up migrations/committed/000002.sql (by themselves)
        5:1 create index concurrently singers_voice_idx on singers (voice)
      down none is expected
    000003 "required"
      up migrations/committed/000003-required.sql (transaction)
        4:1 alter table singers alter column voice set not null
        5:1 create index concurrently singers_both_idx on singers (id, voice)
      down none is expected
    current "current"
      up migrations/current.sql (transaction)
        2:1 --!include functions/voices.sql
        3:1 alter table singers drop column if exists voice
      down none is expected"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('graphile-migrate')
  expect(await lintTree(cwd, ['migrations'])).toMatchInlineSnapshot(`
    [
      "migrations/committed/000003-required.sql:4:21 error set-not-null-without-check #1 Every row of singers is read for a NULL in voice while all reads and writes of the table wait; no validated check on singers.voice makes that unnecessary.",
      "migrations/committed/000003-required.sql:5:1 error concurrently-in-transaction #2 The server refuses to run CREATE INDEX CONCURRENTLY on singers inside a transaction: run as it is written, this migration fails and nothing of it stays.",
      "migrations/current.sql:2:1 warning sql-not-understood #1 It is not known which tables this locks or changes. graphile-migrate puts another file in its place.",
      "migrations/current.sql:3:21 error drop-column #2 The values of singers.voice are lost, and every query of the running version that names it fails. With it goes index singers_voice_idx.",
    ]
  `)
})
