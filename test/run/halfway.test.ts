import { expect, test } from 'vitest'
import { up } from '../../src/run/up.ts'
import { createDatabase } from '../support/postgres.ts'
import { history, journalRows, refusalOf, upInput } from '../support/run.ts'

const file = (third: string): Record<string, string> => ({
  '1_books.sql': [
    '-- migrate:up transaction:false',
    'create index concurrently books_id_idx on books (id);',
    'update books set copies = copies + 1;',
    `${third};`,
    'update books set copies = copies + 10;',
    '-- migrate:down none because it is a test\n',
  ].join('\n'),
})

test('S2, P4: the third statement outside a transaction fails; mended, the next run begins with it', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run('create table books as select 1 as id, 0 as copies from generate_series(1, 2)')
  const index = `select 'books_id_idx'::regclass::oid::text as oid`
  const broken = await history(file('alter table books add primary key (id)'))
  expect(await refusalOf(up(upInput(connection, broken)))).toMatchObject({
    code: 'migration-halfway',
    at: { path: '1_books.sql', line: 4, column: 1 },
  })
  expect((await journalRows(connection)).migrations).toEqual([])
  const before = (await connection.query(index)).rows
  const mended = await history(file('alter table books add column isbn text'))
  expect((await up(upInput(connection, mended))).applied.map(({ id }) => id)).toEqual(['1'])
  expect((await connection.query(index)).rows).toEqual(before)
  expect((await connection.query('select distinct copies from books')).rows).toEqual([{ copies: 11 }])
})
