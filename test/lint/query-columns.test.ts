import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { replay } from '../../src/lint/replay.ts'
import type { Connection } from '../../src/model/database.ts'
import type { ViewColumn } from '../../src/model/schema.ts'
import { createDatabase } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'
import { notTold, typeText } from './catalogue-of.ts'
import { history } from './history.ts'

let database: TestDatabase
let connection: Connection

const base = `create type mood as enum ('sad'); create domain code as varchar(5); create schema shop;
create table t (a int primary key, b varchar(10), c text collate "C" not null default 'x', m mood, d code, n numeric(8,2)[]);
create table u (a int, b text, x bigint, t date);
create table shop.t (a bigint, z interval(3));
create view v as select a, b as title, now() as at, m from t;
create function f(a int) returns bigint language sql as 'select 1::bigint';`

beforeAll(async () => {
  await postgres.load()
  database = await createDatabase()
  connection = await database.connect()
  await connection.run(base)
})

afterAll(() => database.drop())

/** Each with the types that the history tells, in the order of the columns. */
const queries: readonly (readonly [query: string, told: string])[] = [
  ['select * from t', 'integer varchar text mood code numeric[]'],
  ['select one.* from t one join u on u.a = one.a', 'integer varchar text mood code numeric[]'],
  ['select one.a, two.b as other, two.x from t one, u two', 'integer text bigint'],
  ['select x, c, t.b from t left join u on t.a = u.a', 'bigint text varchar'],
  ['select u.a, u.b, z from u cross join shop.t', 'integer text interval'],
  ['select shop.t.z, t.a from shop.t', 'interval bigint'],
  ['select x.*, y.z from u x, shop.t y', 'integer text bigint date interval'],
  ['select t.*, u.x from t, u', 'integer varchar text mood code numeric[] bigint'],
  ['select q.*, w.p from (select a as i, b from u) q, (select x as p from u) w', 'integer text bigint'],
  [
    'select * from (t join u using (a)) j(k, l, m, n, o, p, q)',
    'integer varchar text mood code numeric[] text bigint date',
  ],
  ['select t.a, u.b, x from t join u using (a)', 'integer text bigint'],
  ['select * from (select a, x from u) one natural join (select x, b from u) two', 'bigint integer text'],
  [
    'select * from (select a, b from u) one full join (select b, a::bigint as y from u) two using (b)',
    'text integer bigint',
  ],
  ['select * from (select a from u) one join (select a::bigint from u) two using (a)', '?'],
  ['select * from u as s(k, l)', 'integer text bigint date'],
  ['select s.k, l from u as s(k, l)', 'integer text'],
  ['select (select x from u limit 1), (select max(x) from u), exists (select from t)', 'bigint ? boolean'],
  ['select (select u.b from u where u.a = t.a), (select t.b) as own from t', 'text ?'],
  [
    "select a::text, b::varchar(3) as s, null::mood as m, '1'::int as i, m::text as w from t",
    'text varchar mood integer text',
  ],
  [
    "select cast(a as numeric(6, 2)) as n, c::varchar as v, date '2026-01-01' as d, interval '1 day' as e from t",
    'numeric varchar date interval',
  ],
  [
    "select 1 as i, 3000000000 as b, 1.5 as n, 'x' as s, null as z, true as y, -1 as m, 0 as o",
    'integer bigint numeric text text boolean integer integer',
  ],
  ['select a + 1 as p, f(a) as q, upper(b), count(*) from t group by 1, 2, 3, a', '? ? ? ?'],
  ['select a > 1 and b is null as both, not m is null as n, (a > 1) is true as w from t', 'boolean boolean boolean'],
  [
    "select coalesce(b, d::varchar(10)) as one, coalesce(c, 'x'), greatest(a, 1), coalesce(b, 'x') as two from t",
    'varchar text integer ?',
  ],
  [
    "select case when a > 1 then b else b end, case when a > 1 then a end as n, case m when 'sad' then 1 else 2.5 end as w from t",
    'varchar integer ?',
  ],
  ['select case when a > 1 then n[1] else n[1] end from t', '?'],
  ["select a, b from u union select x::int, 'y' from u", 'integer text'],
  ['select a, b from t union all select a, b from u', 'integer ?'],
  ["select 'x' as one, null as two union select 'y', 'z'", 'text text'],
  ["select 'x' as one union select 'y' union select c from t", 'text'],
  ['select d from t intersect select d from t except select d from t', 'code'],
  ["select d from t union select 'x'", '?'],
  ['with w as (select a, b from t), q(k) as (select * from w) select * from q', 'integer varchar'],
  ['with t as (select x from u) select * from t', 'bigint'],
  [
    "with recursive w(i, s) as (select 1, 'a'::text union all select i + 1, s from w where i < 3) select * from w",
    'integer text',
  ],
  [
    'with w as (select 1 as one) select t.a, q.* from t, (with w as (select m from t) select * from w) q, w',
    'integer mood',
  ],
  ["select * from (values (1, 'a', null), (2, 'b', 1.5)) r(i, s)", 'integer text numeric'],
  ["values (1, 'a'), (2, 'b')", 'integer text'],
  ['select a as "A", u from u', 'integer u'],
  ['select one from u one', 'u'],
  ['select t from u', 'date'],
  ['select b collate "C" from u', 'text'],
  ['select v.title, at, m from v', 'varchar ? mood'],
  ['select * from v', 'integer varchar ? mood'],
  ['select r.* from v join lateral (select v.title as k, u.x from u) r on true', '? bigint'],
  ['select g, g.g as h from generate_series(1, 3) g', '? ?'],
  ['select a from t tablesample system (50)', 'integer'],
  ['table u', 'integer text bigint date'],
  [
    'select current_date, localtimestamp, current_timestamp(3), current_role',
    'date timestamp without time zone ? name',
  ],
  ['select distinct on (a) a, b from u order by a, x', 'integer text'],
  ['select (n)[1], array[a], row_number() over (), nullif(a, 1) from t', '? ? ? ?'],
]

const missing = [
  'select * from generate_series(1, 3)',
  'select t.*, g.* from t, generate_series(1, 3) g(q)',
  'select r.* from (select (x.p).* from (select u as p from u) x) r',
  "select * from json_to_record('{}') as j(p int)",
]

function named({ name, type }: ViewColumn): readonly [name: string, type: string] {
  return [name, type === undefined ? notTold : typeText(type)]
}

/** As the history tells it, in each of the statements that make a relation of a query; as the server has it. */
async function made(
  query: string,
): Promise<{ readonly server: unknown; readonly model: readonly (readonly ViewColumn[])[] }> {
  await connection.run('begin')
  try {
    await connection.run(`create table made as ${query}`)
    const { rows } = await connection.query<{ name: string; type: string }>(
      `select a.attname as name, case when y.typnamespace = 'pg_catalog'::regnamespace then format_type(a.atttypid, a.atttypmod)
              else y.typnamespace::regnamespace || '.' || y.typname end as type
         from pg_attribute a join pg_type y on y.oid = a.atttypid where a.attrelid = 'made'::regclass and a.attnum > 0 order by a.attnum`,
    )
    const schema = replay(
      history(
        base,
        `create table made as ${query}; create materialized view kept as ${query}; create table like_it (like kept)`,
      ),
    )
    const [table, copy, view] = [
      schema.table({ name: 'made' }),
      schema.table({ name: 'like_it' }),
      schema.view({ name: 'kept' }),
    ]
    const columns = [...(table?.columns.values() ?? [])]
    return {
      server: rows.map(({ name, type }) => [name, type]),
      model: [columns, [...(copy?.columns.values() ?? [])], view?.columnTypes ?? []],
    }
  } finally {
    await connection.run('rollback')
  }
}

describe('columns of what a query makes are those that the server gives it, as far as the history tells', () => {
  test.each(queries)('%s', async (query, told) => {
    const { server, model } = await made(query)
    const [columns = []] = model
    for (const one of model) expect(one.map(named)).toEqual(columns.map(named))
    const shown = columns.map(({ type }) => (type === undefined ? notTold : shortly(type.name, type.array)))
    expect(shown.join(' ')).toBe(told)
    expect(columns.map(named)).toEqual(withNotTold(server, columns))
  })
})

function shortly(name: string, array: boolean): string {
  return `${name === 'character varying' ? 'varchar' : name}${array ? '[]' : ''}`
}

function withNotTold(server: unknown, columns: readonly ViewColumn[]): unknown {
  if (!Array.isArray(server)) return server
  return server.map((column: unknown, at) =>
    Array.isArray(column) && columns[at]?.type === undefined ? [column[0], notTold] : column,
  )
}

test.each(missing)('the history does not tell the columns of %s', (query) => {
  const schema = replay(
    history(base, `create table made as ${query}; create view seen as ${query}; alter table made add extra int;`),
  )
  expect(schema.table({ name: 'made' })?.moreColumns).toBe(true)
  expect([...(schema.table({ name: 'made' })?.columns.keys() ?? [])]).toEqual(['extra'])
  expect(schema.view({ name: 'seen' })?.columns).toBeUndefined()
})

test('what is made of a query that is not told has more columns than those that are', () => {
  const schema = replay(
    history(
      base,
      'create table made (one) as select * from generate_series(1, 3); create table copy (like made, two int); create table heir (three int) inherits (copy);',
    ),
  )
  for (const name of ['made', 'copy', 'heir']) expect(schema.table({ name })?.moreColumns).toBe(true)
  expect([...(schema.table({ name: 'copy' })?.columns.keys() ?? [])]).toEqual(['one', 'two'])
})

test('types of what a query makes are followed', () => {
  const schema = replay(
    history(
      base,
      'create materialized view kept as select m, t as whole, d from t; alter type mood rename to spirit; alter table t rename to tt; create table made as select * from kept; drop domain code cascade; alter type spirit set schema shop',
    ),
  )
  const columns = [...(schema.table({ name: 'made' })?.columns.values() ?? [])]
  expect(columns.map(named)).toEqual([
    ['m', 'shop.spirit'],
    ['whole', 'public.tt'],
  ])
})

test('a type that goes may take columns along of which nobody knows the type', () => {
  const made = 'create table made as select f(a) as x from t;'
  expect(replay(history(base, `${made} drop type mood cascade;`)).complete).toBe(false)
  expect(replay(history(base, `${made} alter table made alter x type text; drop type mood cascade;`)).complete).toBe(
    true,
  )
})
