import { expect, test } from 'vitest'
import { up } from '../../src/run/up.ts'
import { createDatabase } from '../support/postgres.ts'
import { history, journalRows, refusalOf, upInput } from '../support/run.ts'

test('S12: IF NOT EXISTS does not take an INVALID index for the one that is wanted', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run('create table books as select 1 as id from generate_series(1, 2)')
  const build = 'create unique index concurrently books_id_idx on books (id)'
  await expect(connection.run(build)).rejects.toThrow('could not create unique index')
  const migrations = await history({
    '1_index.sql':
      '-- migrate:up\ncreate index concurrently if not exists books_id_idx on books (id);\n-- migrate:down\ndrop index concurrently books_id_idx;\n',
  })
  const refusal = await refusalOf(up(upInput(connection, migrations)))
  expect(refusal.message).toContain('books_id_idx is there and INVALID')
  expect((await journalRows(connection)).migrations).toEqual([])
  await connection.run('drop index concurrently books_id_idx')
  expect((await up(upInput(connection, migrations))).applied.map(({ id }) => id)).toEqual(['1'])
  const { rows } = await connection.query(
    `select indisvalid as valid from pg_index where indexrelid = 'books_id_idx'::regclass`,
  )
  expect(rows).toEqual([{ valid: true }])
})
