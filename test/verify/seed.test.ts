import { expect, test } from 'vitest'
import { seed } from '../../src/verify/seed.ts'
import { createDatabase } from '../support/postgres.ts'

const given = `
  create type status as enum ('new', 'paid', 'sent');
  create domain price as numeric(6, 2) check (value > 0);
  create domain email as text check (value like '%@%');
  create table authors (id serial primary key, name varchar(8) not null unique, born date, friend int references authors);
  create table books (
    id uuid primary key, author int not null references authors, title text not null, state status default 'new',
    cost price not null, tags text[] not null, meta jsonb not null, active boolean not null, stamp timestamptz not null,
    size int check (size between 500 and 600), length interval, place inet, span int4range,
    label text generated always as (title || '!') stored, number bigint generated always as identity);
  create table reviews (book uuid references books, author int references authors, mail email not null, primary key (book, author));
  create table profiles (author int primary key references authors, flags bit(4), currency char(3) not null check (currency in ('EUR', 'USD')));
  create table sales (day date not null, kind text not null check (kind ~ '^(a|b)$'), check (kind in ('a', 'b'))) partition by range (day);
  create table sales_2026 partition of sales for values from ('2026-01-01') to ('2027-01-01')`

test('every table is filled, whatever its types, keys and checks', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run(given)
  expect(await seed(connection)).toEqual({
    style: 'varied',
    rows: 250,
    tables: ['authors', 'books', 'profiles', 'reviews', 'sales'].map((name) => ({ table: `public.${name}`, rows: 50 })),
    empty: [],
  })
})

test('seeding again adds nothing', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run(given)
  const first = await seed(connection)
  expect(await seed(connection)).toEqual(first)
})

test('varied rows hold NULLs and empty texts, plain ones do not', async () => {
  const count = 'select count(*)::int as rows, count(a)::int as a, count(nullif(a, $$$$))::int as filled from t'
  const found = []
  for (const style of ['varied', 'plain'] as const) {
    const connection = await (await createDatabase()).connect()
    await connection.run('create table t (a text)')
    await seed(connection, style)
    found.push((await connection.query(count)).rows[0])
  }
  expect(found).toEqual([
    { rows: 50, a: 40, filled: 35 },
    { rows: 50, a: 50, filled: 50 },
  ])
})

test('a table that cannot be filled is reported, and what depends on it too', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run(`
    create table riddles (id int primary key, answer int check (answer * 2 = 7));
    alter table riddles alter column answer set not null;
    create table guesses (riddle int not null references riddles)`)
  const { empty } = await seed(connection)
  expect(empty).toEqual([
    {
      table: 'public.riddles',
      reason: 'new row for relation "riddles" violates check constraint "riddles_answer_check"',
    },
    {
      table: 'public.guesses',
      reason: 'null value in column "riddle" of relation "guesses" violates not-null constraint',
    },
  ])
})
