import { expect, test } from 'vitest'
import type { Connection } from '../../src/model/database.ts'
import { PrintReader } from '../../src/verify/data/prints.ts'
import { type SeedReport, seedReport } from '../../src/verify/seed/report.ts'
import { Seeder } from '../../src/verify/seed/seeder.ts'
import { createDatabase } from '../support/postgres.ts'

const given = `
  create type status as enum ('new', 'paid', 'sent');
  create type address as (street varchar(40), number int);
  create domain price as numeric(6, 2) check (value > 0);
  create domain email as text check (value like '%@%');
  create table authors (id serial primary key, name varchar(8) not null unique, born date, friend int references authors);
  create table books (
    id uuid primary key, author int not null references authors, title text not null, state status default 'new',
    cost price not null, tags text[] not null, meta jsonb not null, active boolean not null, stamp timestamptz not null,
    size int check (size between 500 and 600), length interval, place inet, span int4range, home address, spans tsmultirange,
    label text generated always as (title || '!') stored, number bigint generated always as identity);
  create table reviews (book uuid references books, author int references authors, mail email not null, primary key (book, author));
  create table profiles (author int primary key references authors, flags bit(4), currency char(3) not null check (currency in ('EUR', 'USD')));
  create table codes (code text primary key check (code ~ '^[A-Z]{3}-\\d{2,4}$'), size int not null check (size > 5), most int not null, check (most > size));
  create table rooms (room int4range not null, during tsrange not null, exclude using gist (room with &&, during with &&));
  create table tenants (id int primary key);
  create table users (tenant int not null references tenants, id int not null, primary key (tenant, id));
  create table orders (tenant int not null references tenants, id int not null, owner int not null, primary key (tenant, id), foreign key (tenant, owner) references users);
  create table hens (id int primary key, egg int not null);
  create table eggs (id int primary key, hen int not null references hens deferrable initially deferred);
  alter table hens add foreign key (egg) references eggs deferrable initially deferred;
  create table sales (day date not null, kind text not null check (kind ~ '^(a|b)$'), check (kind in ('a', 'b'))) partition by range (day);
  create table sales_2026 partition of sales for values from ('2026-01-01') to ('2027-01-01')`

async function seeded(connection: Connection, seeder = new Seeder()): Promise<SeedReport> {
  await seeder.fill(connection)
  return seedReport('varied', await new PrintReader().read(connection), seeder.reasons)
}

test('every table is filled, whatever its types, keys and checks', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run(given)
  const { tables, empty } = await seeded(connection)
  expect({ empty, short: tables.filter(({ rows }) => rows < 200), tables: tables.length }).toEqual({
    empty: [],
    short: [],
    tables: 12,
  })
})

test('every type of the server gets values, NULLs and unusual ones', async () => {
  const connection = await (await createDatabase()).connect()
  const { rows } = await connection.query<{ name: string }>(
    `select quote_ident(typname) as name from pg_type
      where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm') and typname !~ '^(pg_|_|reg|.?id$|acl|gtsvector|refcursor|txid|int2vector|oidvector|jsonpath|unknown|xid8)'
      order by 1`,
  )
  const columns = rows.flatMap(({ name }, at) => [`a${at} pg_catalog.${name}`, `b${at} pg_catalog.${name}[]`])
  await connection.run(`create table everything (id int primary key, ${columns.join(', ')})`)
  const { tables, empty } = await seeded(connection)
  const counts = columns.map((column) => `('${column}', (select count(${column.split(' ')[0]})::int from everything))`)
  const filled = await connection.query<{ name: string; count: number }>(
    `select * from (values ${counts.join(', ')}) as v(name, count)`,
  )
  const few = filled.rows.filter(({ count }) => count < 200 || count >= 300).map(({ name }) => name)
  expect({ tables, empty, few, many: columns.length > 80 }).toEqual({
    tables: [{ table: 'public.everything', rows: 300 }],
    empty: [],
    few: [],
    many: true,
  })
})

test('seeding again adds nothing; new tables, emptied tables and new columns are filled', async () => {
  const connection = await (await createDatabase()).connect()
  const seeder = new Seeder()
  const count = async (): Promise<unknown> =>
    (await connection.query('select count(*)::int as rows, count(a)::int as a, sum(id)::int as ids from t')).rows[0]
  await connection.run('create table t (id serial primary key, a text)')
  await seeder.fill(connection)
  const first = await count()
  await seeder.fill(connection)
  expect(await count()).toEqual(first)
  await connection.run('alter table t add column b text; create table u (id int primary key)')
  await seeder.fill(connection)
  expect(await count()).toEqual(first)
  const { rows } = await connection.query(
    'select (select count(b) > 200 from t) as b, (select count(*)::int from u) as u',
  )
  expect(rows).toEqual([{ b: true, u: 300 }])
  await connection.run('truncate t')
  await seeder.fill(connection)
  expect(await count()).toMatchObject({ rows: 300 })
})

test('varied rows hold NULLs and empty texts; rows that are settled do not, until they are varied again', async () => {
  const connection = await (await createDatabase()).connect()
  const seeder = new Seeder()
  await connection.run('create table t (id int primary key, a text)')
  const look = async (): Promise<unknown> =>
    (await connection.query(`select bool_or(a is null) as nulls, bool_or(a = '') as blanks, count(*)::int from t`))
      .rows[0]
  await seeder.fill(connection)
  const varied = await look()
  await seeder.settle(connection, (table) => table === 'public.t')
  const plain = await look()
  await seeder.fill(connection)
  expect([varied, plain, await look()]).toEqual([
    { nulls: true, blanks: true, count: 300 },
    { nulls: false, blanks: false, count: 300 },
    { nulls: true, blanks: true, count: 300 },
  ])
})

test('the same schema gives the same rows', async () => {
  const sums: unknown[] = []
  for (const _ of ['one', 'other']) {
    const connection = await (await createDatabase()).connect()
    await connection.run(given)
    await new Seeder().fill(connection)
    const prints = await new PrintReader().read(connection)
    sums.push([...prints].map(([table, { rows, sums: columns }]) => [table, rows, columns]))
  }
  expect(sums[0]).toEqual(sums[1])
})

test('a table that cannot be filled is reported with the reason, and what depends on it too', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run(`
    create table riddles (id int primary key, answer int check (answer * 2 = 7));
    alter table riddles alter column answer set not null;
    create table guesses (riddle int not null references riddles);
    create table closed (id int primary key);
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'nothing comes in'; end $$;
    create trigger refuse before insert on closed for each row execute function refuse()`)
  const { empty } = await seeded(connection)
  expect(empty).toEqual([
    { table: 'public.closed', reason: 'nothing comes in' },
    {
      table: 'public.riddles',
      reason: 'new row for relation "riddles" violates check constraint "riddles_answer_check"',
    },
    {
      table: 'public.guesses',
      reason: 'insert or update on table "guesses" violates foreign key constraint "guesses_riddle_fkey"',
    },
  ])
})
