import { describe, expect, test } from 'vitest'
import { measure } from '../../src/verify/measure.ts'
import { createDatabase } from '../support/postgres.ts'

const given = `
  create table authors (id int primary key, name text);
  create table books (id int primary key, author int, title text);
  create index books_title on books (title);
  create table sales (day date not null) partition by range (day);
  create table sales_2026 partition of sales for values from ('2026-01-01') to ('2027-01-01');
  insert into authors select i, 'name ' || i from generate_series(1, 100) i;
  insert into books select i, i % 100 + 1, 'title ' || i from generate_series(1, 1000) i;
  insert into sales select '2026-01-01'::date + i % 300 from generate_series(1, 1000) i`

/** `books: ACCESS EXCLUSIVE, rewritten, scanned`. */
async function measured(sql: string, transaction = true): Promise<readonly string[]> {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run(given)
  const { tables } = await measure(connection, sql, { transaction, connect: database.connect })
  return tables.map(({ table, lock, rewritten, scanned }) =>
    [
      `${table.replace('public.', '')}: ${lock}`,
      ...(rewritten ? ['rewritten'] : []),
      ...(scanned ? ['scanned'] : []),
    ].join(', '),
  )
}

describe('in a transaction', () => {
  test.each([
    ['alter table books add column isbn text', ['books: ACCESS EXCLUSIVE']],
    ['alter table books alter column id type bigint', ['books: ACCESS EXCLUSIVE, rewritten, scanned']],
    ['alter table books alter column title set not null', ['books: ACCESS EXCLUSIVE, scanned']],
    ['create index on books (author)', ['books: SHARE, scanned']],
    [
      'alter table books add foreign key (author) references authors (id)',
      ['authors: SHARE ROW EXCLUSIVE, scanned', 'books: SHARE ROW EXCLUSIVE, scanned'],
    ],
    [
      'alter table books add foreign key (author) references authors (id) not valid',
      ['authors: SHARE ROW EXCLUSIVE', 'books: SHARE ROW EXCLUSIVE'],
    ],
    ['truncate books', ['books: ACCESS EXCLUSIVE']],
    ['create table publishers (id int)', []],
    ['drop table authors', ['authors: ACCESS EXCLUSIVE']],
    ['comment on table books is $$x$$', ['books: SHARE UPDATE EXCLUSIVE']],
  ])('%s', async (sql, expected) => {
    expect(await measured(sql)).toEqual(expected)
  })
})

describe('alone', () => {
  test.each([
    ['create index concurrently on books (author)', ['books: SHARE UPDATE EXCLUSIVE, scanned']],
    ['drop index concurrently books_title', ['books: SHARE UPDATE EXCLUSIVE']],
    ['reindex table concurrently books', ['books: SHARE UPDATE EXCLUSIVE, scanned']],
    ['vacuum books', ['books: SHARE UPDATE EXCLUSIVE']],
    ['vacuum full books', ['books: ACCESS EXCLUSIVE, rewritten, scanned']],
    [
      'alter table sales detach partition sales_2026 concurrently',
      ['sales: SHARE UPDATE EXCLUSIVE', 'sales_2026: ACCESS EXCLUSIVE'],
    ],
  ])('%s', async (sql, expected) => {
    expect(await measured(sql, false)).toEqual(expected)
  })

  test('without a second session nothing is claimed about locks', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run('create table books (id int primary key)')
    const { tables } = await measure(connection, 'vacuum books', { transaction: false })
    expect(tables.map(({ table, lock }) => ({ table, lock }))).toEqual([
      { table: 'public.books', lock: 'not observed' },
    ])
  })

  test('a statement that fails is reported, and nobody is left waiting', async () => {
    const database = await createDatabase()
    const connection = await database.connect()
    await connection.run('create table books (id int); insert into books values (1), (1)')
    const failing = measure(connection, 'create unique index concurrently on books (id)', {
      transaction: false,
      connect: database.connect,
    })
    await expect(failing).rejects.toMatchObject({ sqlState: '23505' })
  })
})
