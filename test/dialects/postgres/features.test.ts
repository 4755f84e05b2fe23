import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../../src/dialects/postgres/postgres.ts'
import { createDatabase, serverMajor } from '../../support/postgres.ts'

beforeAll(() => postgres.load())

const given = `create table t (id int primary key, a int, b text, j text, during int4range);
create table p (id int primary key);`

/** One use of each feature that the dialect knows, with its name and the version that it says. */
const uses: readonly { readonly name: string; readonly since: number; readonly sql: string }[] = [
  { name: 'MERGE', since: 15, sql: 'merge into t using p on t.id = p.id when matched then delete' },
  {
    name: 'MERGE … RETURNING',
    since: 17,
    sql: 'merge into t using p on t.id = p.id when matched then delete returning t.id',
  },
  {
    name: 'WHEN NOT MATCHED BY SOURCE',
    since: 17,
    sql: 'merge into t using p on t.id = p.id when not matched by source then delete',
  },
  {
    name: 'RETURNING WITH (OLD AS …, NEW AS …)',
    since: 18,
    sql: 'update t set a = 1 returning with (old as o) o.a',
  },
  { name: 'NULLS NOT DISTINCT', since: 15, sql: 'create unique index on t (a) nulls not distinct' },
  { name: 'NULLS NOT DISTINCT', since: 15, sql: 'alter table t add unique nulls not distinct (a)' },
  {
    name: 'ON DELETE SET … with columns',
    since: 15,
    sql: 'alter table t add foreign key (a) references p on delete set null (a)',
  },
  {
    name: 'WITHOUT OVERLAPS',
    since: 18,
    sql: 'create table u (k int4range, during int4range, unique (k, during without overlaps))',
  },
  {
    name: 'PERIOD in a foreign key',
    since: 18,
    sql: 'create table u (k int4range, during int4range, primary key (k, during without overlaps)); create table v (k int4range, d int4range, foreign key (k, period d) references u (k, period during))',
  },
  {
    name: 'a virtual generated column',
    since: 18,
    sql: 'alter table t add column c int generated always as (a + 1) virtual',
  },
  { name: 'a virtual generated column', since: 18, sql: 'create table u (a int, c int generated always as (a + 1))' },
  {
    name: 'NOT NULL as a table constraint',
    since: 18,
    sql: 'alter table t add constraint filled not null a not valid',
  },
  { name: 'NOT ENFORCED', since: 18, sql: 'alter table t add check (a > 0) not enforced' },
  { name: 'NOT ENFORCED', since: 18, sql: 'create table u (a int check (a > 0) not enforced)' },
  {
    name: 'ALTER CONSTRAINT … ENFORCED',
    since: 18,
    sql: 'alter table t add constraint c foreign key (a) references p; alter table t alter constraint c not enforced',
  },
  {
    name: 'SET EXPRESSION',
    since: 17,
    sql: 'alter table t add column c int generated always as (a + 1) stored; alter table t alter column c set expression as (a + 2)',
  },
  { name: 'SET ACCESS METHOD', since: 15, sql: 'alter table t set access method heap' },
  { name: 'STORAGE in a column definition', since: 16, sql: 'create table u (b text storage external)' },
  { name: 'security_invoker', since: 15, sql: 'create view v with (security_invoker = true) as select id from t' },
  { name: 'COPY … ON_ERROR', since: 17, sql: `copy t (id) from program 'true' with (on_error ignore)` },
  { name: 'COPY … DEFAULT', since: 16, sql: `copy t (id) from program 'true' with (default 'D')` },
  { name: 'transaction_timeout', since: 17, sql: `set transaction_timeout = '1min'` },
  { name: 'a subquery in FROM without a name', since: 16, sql: 'select id from (select id from t)' },
  {
    name: 'JSON_TABLE',
    since: 17,
    sql: `select x from json_table('[1]', '$[*]' columns (x int path '$')) as y`,
  },
  { name: 'JSON_EXISTS, JSON_QUERY and JSON_VALUE', since: 17, sql: `select json_value('{"a": 1}', '$.a')` },
  { name: 'IS JSON', since: 16, sql: 'select id from t where j is json' },
  { name: 'JSON_OBJECT with keys and values', since: 16, sql: `select json_object('a': 1)` },
  { name: 'JSON_ARRAY', since: 16, sql: 'select json_array(1, 2)' },
  { name: 'JSON_OBJECTAGG', since: 16, sql: 'select json_objectagg(b: a) from t' },
  { name: 'JSON_ARRAYAGG', since: 16, sql: 'select json_arrayagg(a) from t' },
  { name: 'any_value()', since: 16, sql: 'select any_value(a) from t' },
  { name: 'array_sample()', since: 16, sql: 'select array_sample(array[1, 2], 1)' },
  { name: 'array_shuffle()', since: 16, sql: 'select array_shuffle(array[1, 2])' },
  { name: 'array_reverse()', since: 18, sql: 'select array_reverse(array[1, 2])' },
  { name: 'array_sort()', since: 18, sql: 'select array_sort(array[2, 1])' },
  { name: 'casefold()', since: 18, sql: `select casefold('A')` },
  { name: 'uuidv4()', since: 18, sql: 'select uuidv4()' },
  { name: 'uuidv7()', since: 18, sql: 'alter table t add column u uuid default uuidv7()' },
]

describe.each(uses)('$name: $sql', ({ name, since, sql }) => {
  test('is recognised', () => {
    const features = postgres.parse(sql).statements.flatMap((statement) => statement.features ?? [])
    expect(features.map((feature) => `${feature.name} ${feature.since}`)).toContain(`${name} ${since}`)
  })

  test('runs on servers from its version on, and on no older one', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run(given)
    const running = connection.run(sql)
    if (serverMajor() >= since) await expect(running).resolves.toBeUndefined()
    else await expect(running).rejects.toMatchObject({ sqlState: expect.stringMatching(/^(22|42)/) })
  })
})

test.each([
  'create table u (a int not null, b int constraint filled not null, c int check (c > 0), d int generated always as (a + 1) stored)',
  'create unique index on t (a)',
  'alter table t add constraint c check (a > 0) not valid',
  'alter table t alter constraint c deferrable',
  'insert into t (id) values (1) returning id',
  'select id from (select id from t) as s',
  'select json_agg(a), json_object(array[b]) from t',
  'set lock_timeout = 1',
])('%s has nothing new', (sql) => {
  expect(postgres.parse(sql).statements.flatMap((statement) => statement.features ?? [])).toEqual([])
})
