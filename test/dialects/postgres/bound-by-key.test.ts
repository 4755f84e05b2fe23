import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../../src/dialects/postgres/postgres.ts'

beforeAll(() => postgres.load())

const range = (table: string, key = 'id'): string =>
  `( ${table} . ${key} > $1 or $1 is null ) and ${table} . ${key} <= $2`

describe('a statement is limited to a range of keys', () => {
  test.each([
    ['UPDATE', 'update t set a = 1', `update t set a = 1 where ${range('t')}`],
    [
      'an alias',
      'update app.t as x set a = 1 where a is null or b',
      `update app . t as x set a = 1 where ( a is null or b ) and ${range('x')}`,
    ],
    [
      'DELETE',
      'delete from t using u where u.x = t.y and z',
      `delete from t using u where u . x = t . y and z and ${range('t')}`,
    ],
    [
      'INSERT … SELECT',
      'insert into n (a) select u.b from t left join u on u.t = t.id where t.b in (1, 2) on conflict do nothing',
      `insert into n ( a ) select u . b from t left join u on u . t = t . id where t . b in ( 1 , 2 ) and ${range('t')} on conflict do nothing`,
    ],
    ['é and emoji in literals', "update t set a = 'é😀'", `update t set a = 'é😀' where ${range('t')}`],
  ])('%s', async (_, sql, expected) => {
    expect(postgres.meaning(await postgres.boundByKey(sql, { table: 't', key: 'id' }))).toBe(expected)
  })

  test('names are read as SQL reads them', async () => {
    const bounded = await postgres.boundByKey('update app."T" set a = 1', { table: 'app."T"', key: '"Id"' })
    expect(postgres.meaning(bounded)).toBe(`update app . "T" set a = 1 where ${range('"T"', '"Id"')}`)
  })
})

describe('what cannot be cut is refused', () => {
  test.each([
    ['another kind', 'select 1', 'It is not an UPDATE, a DELETE or an INSERT … SELECT.'],
    ['VALUES', 'insert into t values (1)', 'It is not an UPDATE, a DELETE or an INSERT … SELECT.'],
    ['nothing', '-- x', 'It has 0 statements.'],
    ['two statements', 'update t set a = 1; update t set b = 1', 'It has 2 statements.'],
    ['a syntax error', 'update t set', 'The grammar refuses it: syntax error at end of input.'],
    ['another table', 'update u set a = 1', 'It changes u, not t.'],
    ['another schema', 'delete from app.t', 'It changes t, not public.t.', 'public.t'],
    [
      'no such FROM',
      'insert into n select a from u',
      'Its FROM does not name t, or names it where an outer join fills in NULLs.',
    ],
    [
      'the empty side of an outer join',
      'insert into n select a from u left join t using (id)',
      'Its FROM does not name t, or names it where an outer join fills in NULLs.',
    ],
    [
      'a query called like the table',
      'insert into n with t as (select 1) select * from t',
      'Its FROM does not name t, or names it where an outer join fills in NULLs.',
    ],
    ['parameters', 'update t set a = $1', 'It has parameters of its own.'],
    [
      'changes in WITH',
      'with d as (delete from x returning *) update t set a = 1',
      'A query in its WITH changes data, and would do so for each batch.',
    ],
    ['DISTINCT', 'insert into n select distinct a from t', 'It has DISTINCT, which over batches gives another result.'],
    [
      'GROUP BY',
      'insert into n select a from t group by a',
      'It has GROUP BY, which over batches gives another result.',
    ],
    ['HAVING', 'insert into n select 1 from t having true', 'It has HAVING, which over batches gives another result.'],
    [
      'LIMIT',
      'insert into n select a from t limit 1',
      'It has LIMIT or OFFSET, which over batches gives another result.',
    ],
    [
      'LIMIT in a subquery',
      'delete from t where id in (select id from t where done limit 1000)',
      'It has LIMIT or OFFSET in a subquery, which may give each batch other rows.',
    ],
    [
      'OFFSET in a value',
      'update t set a = (select x from u where u.t = t.id order by x offset 1)',
      'It has LIMIT or OFFSET in a subquery, which may give each batch other rows.',
    ],
    [
      'FETCH FIRST in a WITH',
      'with few as (select id from t order by id fetch first 10 rows only) update t set a = 1 from few where few.id = t.id',
      'It has LIMIT or OFFSET in a subquery, which may give each batch other rows.',
    ],
    [
      'LIMIT in FROM of INSERT … SELECT',
      'insert into n select t.a from t join (select id from u limit 5) few on few.id = t.id',
      'It has LIMIT or OFFSET in a subquery, which may give each batch other rows.',
    ],
    [
      'UNION',
      'insert into n select a from t union select 1',
      'It has UNION, INTERSECT or EXCEPT, which over batches gives another result.',
    ],
    [
      'an aggregate',
      'insert into n select 1 + max(a) from t',
      'It has the aggregate max(), which over batches gives another result.',
    ],
    [
      'a window',
      'insert into n select row_number() over () from t',
      'It has a window function, which over batches gives another result.',
    ],
    ['a table that is none', 'update t set a = 1', '"t; drop table x" is not the name of a table.', 't; drop table x'],
  ])('%s', async (_, sql, why, table = 't') => {
    await expect(postgres.boundByKey(sql, { table, key: 'id' })).rejects.toMatchObject({
      code: 'backfill-invalid',
      message: `The backfill cannot be cut into batches. ${why}`,
    })
  })
})
