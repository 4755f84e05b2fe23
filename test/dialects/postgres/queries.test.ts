import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../../src/dialects/postgres/postgres.ts'
import { createDatabase } from '../../support/postgres.ts'

beforeAll(() => postgres.load())

const { shape, withoutConstants, mended } = postgres.queries

test.each([
  ['-- name: A\nselect $2 from a.t join u using (id) -- end', 'query'],
  ['with u as (select 1) select * from u, t', 'query'],
  ['with gone as (delete from t returning *) insert into b.log select * from gone', 'query'],
  ['merge into t using u on t.id = u.id when matched then delete;', 'query'],
  ['values (1)', 'query'],
  ['(select 1)', 'query'],
  ['table t', 'query'],
  ['select * into x from t', 'utility'],
  ['select count(*), max(pid) from pg_stat_activity where datname = current_database()', 'query'],
  ['select c.oid::regclass from pg_catalog.pg_class c join information_schema.tables t on true', 'query'],
  ["select 1, now(), 'x'::text, pg_backend_pid()", 'query'],
  ['select next_id()', 'query'],
  ["select 'open'::state", 'query'],
  ['begin', 'utility'],
  ['copy t from stdin', 'utility'],
  ['call p(1)', 'utility'],
  ['explain select * from t', 'utility'],
  ['select 1; select 2', undefined],
  ['selec 1', undefined],
  ['', undefined],
])('the shape of %s', (sql, kind) => {
  expect(shape(sql)?.kind).toBe(kind)
  expect(shape(sql) ?? null).toMatchSnapshot()
})

const schema = `create schema shop; set search_path = shop;
create type state as enum ('open', 'done');
create table t (id bigint primary key, name text, n numeric(10,2), at timestamptz, day date, state state, data jsonb, tags text[], bits bit(4), ok boolean);`

const accepted = [
  `select * from t where id = 5 and name = 'O''Brien' and n > -1.5 and ok is true and at is not null`,
  `select id from t where at > now() - interval '1 day' and day = date '2026-01-01' limit 10 offset 5`,
  `select interval '1' day, interval '2-3' year to month, interval '4 05:06:07.8' day to second (3), interval (2) '1.234'`,
  `select timestamp (3) with time zone '2026-01-01', double precision '1.5', numeric(10,2) '3.14159', char 'x'`,
  `select 'a'\n  'b', u&'d\\0061t', u&'d!0061t' uescape '!', e'\\n', $$it's$$, 'ü' || name, 'é' from t`,
  `select date_trunc('day', at), count(*) from t group by date_trunc('day', at) order by 1`,
  `select date_trunc('day', at) d, count(*) filter (where n > 5) from t group by 1 having count(*) > 5 order by date_trunc('day', at)`,
  `select distinct on (n / 2) id, 'x' from t order by n / 2, id desc`,
  `select distinct name || '!' from t order by name || '!'`,
  `select case when n > 10 then 'much' else 'little' end, sum(n) from t group by grouping sets ((case when n > 10 then 'much' else 'little' end), ())`,
  `select id from t where id in (1, 2, 3000000000) or name in ('a', 'b') or data @> '{"a": 1}' or 'x' = any (tags)`,
  `select extract(year from at), substring(name from 1 for 2), trim('x' from name), position('a' in name) from t`,
  `select tags[1], tags[1:2], array[1, 2], array['a', 'b'] from t where (id, name) in ((1, 'a'), (2, 'b'))`,
  `select sum(n) over (order by id rows between 2 preceding and current row), lag(n, 1, 0) over (order by id) from t`,
  `select at at time zone 'UTC', '2026-01-01'::date, cast('1' as int), -5, - 5, 5 - 3, id -1, data->'a'->>0, data #> '{a}' from t`,
  `select * from generate_series(1, 10) g, json_to_record('{"a":1}') as x(a int) where g between 2 and 3`,
  `insert into t (id, name, state, tags, bits, ok) values (1, 'a', 'open', '{x}', b'1010', 't'), (2, null, 'done', default, x'a', true) on conflict (id) do update set name = excluded.name || 'x'`,
  `insert into t (id, state) select 1, 'open'`,
  `insert into t (id, name) select id + 1, 'copy' from t where name like '50!%' escape '!' returning id`,
  `update t set name = 'b', n = n * 1.1, state = 'done' where id = $1 and name <> 'a'`,
  `delete from t where name ~ '^x' and id > 1e3`,
  `with a as (select 1 as one) select one, 'x' from a union all select 2, 'y' from t fetch first 3 rows only`,
  `select id /* called by mallory@example.com */ from t -- of mallory\n where name = 'x' /* traceparent='00-1' */`,
]

test('statements without constants are accepted where those with them are, and their results have the same columns', async () => {
  const connection = await (await createDatabase()).connect()
  await connection.run(schema)
  const columns = async (sql: string, types: readonly (string | null)[]): Promise<string> => {
    const list = types.length === 0 ? '' : `(${types.map((type) => type ?? 'unknown').join()})`
    await connection.run(`prepare one ${list} as ${sql}`)
    const { rows } = await connection.query<{ types: string; parameters: string }>(
      `select row_to_json(p)::jsonb ->> 'result_types' as types, cardinality(parameter_types)::text as parameters from pg_prepared_statements p`,
    )
    await connection.run('deallocate one')
    expect(rows[0]?.parameters).toBe(String(types.length))
    return rows[0]?.types ?? ''
  }
  const seen = []
  for (const sql of accepted) {
    const rewritten = withoutConstants(sql)
    seen.push({ sql, now: rewritten?.sql, types: rewritten?.types.map((type) => type ?? '?').join(' ') })
    if (rewritten === undefined) continue
    expect(await columns(rewritten.sql, rewritten.types)).toBe(
      await columns(sql, shape(sql)?.parameters === 1 ? [null] : []),
    )
  }
  expect(seen).toMatchSnapshot()
})

test.each([
  ['a constant that has to stay one', `select * from json_table('{}', '$.secret' columns (a int path '$.a'))`],
  ['a field of EXTRACT in quotes', `select extract('year' from now())`],
  ['no SQL', `selec 'secret'`],
  ['nothing', ''],
])('%s: nothing is given', (_, sql) => {
  expect(withoutConstants(sql)).toBeUndefined()
})

test.each([
  'select a from t where a in ($1 /*, ... */) and b = any (array[$2 /*, ... */])',
  'select now() - interval $1, date $2, timestamp (3) with time zone $3, interval $4 day to second (2) from t',
  'select extract($1 from at), EXTRACT ($2 FROM at) from t',
  'select date_trunc($1, at), count(*) from t where n = $2 group by date_trunc($3, at) order by date_trunc($4, at) limit $5',
  "select date_trunc($1, at) d, count(*) from t where n = $2 group by 1, date_trunc('day', at) order by date_trunc('day', at)",
  "select n + $1, n + $2 from t order by n + 5, name || 'x' limit 3",
  'select n + $1 from t order by n + $2',
  'select date_trunc($1, at) + interval $2 from t group by date_trunc($3, at) having date_trunc($4, at) > $5',
  'select date_trunc($1, at), date_trunc($2, day) from t group by date_trunc($3, at), date_trunc($4, day)',
  'select a /* the first */ from t where b = $1 limit $2',
  'select (select $1 /*, ... */',
  'select "größe", interval $1 from "ä"',
])('what pg_stat_statements shows: %s', (sql) => {
  expect(mended(sql) ?? null).toMatchSnapshot()
})
