import { beforeAll, expect, test } from 'vitest'
import { readSqlFile } from '../../src/capture/files/sql-file.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'

beforeAll(() => postgres.load())

/** What a file gives: the statements as they are sent, then what was not understood. */
function read(text: string): readonly string[] {
  const { texts, problems } = readSqlFile(text, 'a.sql', postgres.queries)
  return [...texts.map(({ sql }) => sql), ...problems.map(({ place, why }) => `${place} ${why}`)]
}

test.each([
  ['as the server gets it', 'select * from t where id = $1 -- one', ['select * from t where id = $1']],
  ['several', '-- a\nselect 1;\n\n/* b; */ select 2;;\n', ['select 1', 'select 2']],
  ['nothing', '-- only a comment\n', []],
  ['names', 'select :a, :b, :a from t where c::text = :c', ['select $1, $2, $1 from t where c::text = $3']],
  ['names beside numbers', 'select $2, :a', ['select $2, $3']],
  ['names of pgtyped', 'select :a! from t where b = :b!', ['select $1 from t where b = $2']],
  [
    'lists of pgtyped',
    '/* @name Some @param ids -> (...) */ select * from t where id in :ids;\n/* @param rows -> ((a, b!)...) */ insert into t (a, b) values :rows;',
    ['select * from t where id in ($1)', 'insert into t (a, b) values ($1, $2)'],
  ],
  [
    'sqlc',
    "-- name: Find :many\nselect sqlc.embed(t) from t where a = @a and b = sqlc.narg('b') and c = any (sqlc.slice(c)::int[]) and d=@a",
    ['select t.* from t where a = $1 and b = $2 and c = any ($3::int[]) and d=$1'],
  ],
  [
    'marks',
    "select * from t where a = ? and b = ? and c = '?'",
    ["select * from t where a = $1 and b = $2 and c = '?'"],
  ],
  [
    'operators that look like it',
    "select data ? 'a', data ?| b, a @> c, @ n, b @@ c, a <@ b from t",
    ["select data ? 'a', data ?| b, a @> c, @ n, b @@ c, a <@ b from t"],
  ],
  [
    'in strings and comments',
    'select \':a\', $$@b ?$$ /* :c */, ":d" from t',
    ['select \':a\', $$@b ?$$ /* :c */, ":d" from t'],
  ],
  [
    'a mark that may be either',
    "select * from t where data ? 'a' and b = ?",
    ['a.sql:1 a ? may be a parameter or an operator of jsonb'],
  ],
  [
    'a slice',
    'select 1;\nselect a[1:n] from t',
    ['select 1', 'a.sql:2 inside brackets a colon may be a parameter or the bounds of a slice'],
  ],
  ['psql', "select :'a'", ['a.sql:1 a variable of psql in quotes']],
  ['a template', 'select ${a} from t', ['a.sql:1 the grammar does not accept it']],
])('%s', (_, text, expected) => {
  expect(read(text)).toEqual(expected)
})
