import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { replay } from '../../src/lint/replay.ts'
import { history } from './history.ts'

beforeAll(() => postgres.load())

test.each([
  'create table t (a int) partition by list (a); alter table t attach partition t default; create index on t (a);',
  'create table t (a int) partition by list (a); create table u (a int) partition by list (a); alter table t attach partition u default; alter table u attach partition t default; create index on t (a); alter table t add column b int;',
  'create table t (a int); create table u (a int) inherits (t); alter table t inherit u; alter table t add column b int;',
  'create table t (a int); create table t (a int) inherits (t); alter table t add column b int;',
])('tables that would follow themselves, which a server refuses, do not: %s', (sql) => {
  expect(replay(history(sql)).table({ name: 't' })?.columns.has('a')).toBe(true)
})
