import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../../src/dialects/postgres/postgres.ts'
import { stepsOf } from '../../../src/model/statement.ts'

beforeAll(() => postgres.load())

/** What a text runs: the kinds of facts, with the piece of the text that they point at; `?` before what may run. */
function steps(sql: string): readonly string[] {
  const { statements, problems } = postgres.parse(sql)
  expect(problems).toEqual([])
  return statements
    .flatMap(stepsOf)
    .flatMap(({ facts, mayRun }) =>
      facts.map(({ kind, span }) => `${mayRun === true ? '? ' : ''}${kind} «${sql.slice(span.start, span.end)}»`),
    )
}

const inBlock = (body: string): readonly string[] => steps(`do $$ ${body} $$;`)

describe('what a DO block runs', () => {
  test.each([
    ['statements', 'begin drop table a; drop table b; end', ['drop-table «drop table a»', 'drop-table «drop table b»']],
    ['behind a comment', 'begin /* drop table a; */ -- x\n drop table b; end', ['drop-table «drop table b»']],
    ['behind é and 🙂', "begin raise notice 'é 🙂'; drop table b; end;", ['drop-table «drop table b»']],
    [
      'in a block',
      'begin begin drop table a; end; drop table b; end',
      ['drop-table «drop table a»', 'drop-table «drop table b»'],
    ],
    [
      'under a label',
      '<<o>> declare n int; begin <<i>> loop null; end loop i; drop table b; end o',
      ['drop-table «drop table b»'],
    ],
    [
      'in branches',
      'begin if a then drop table a; elsif b then drop table b; else drop table c; end if; drop table d; end',
      [
        '? drop-table «drop table a»',
        '? drop-table «drop table b»',
        '? drop-table «drop table c»',
        'drop-table «drop table d»',
      ],
    ],
    [
      'in cases',
      'begin case x when 1, 2 then drop table a; else null; end case; case when x then drop table b; end case; end',
      ['? drop-table «drop table a»', '? drop-table «drop table b»'],
    ],
    [
      'in loops',
      'begin for i in 1..3 loop drop table a; end loop; while a loop drop table b; end loop; foreach x in array xs loop drop table c; end loop; end',
      ['? drop-table «drop table a»', '? drop-table «drop table b»', '? drop-table «drop table c»'],
    ],
    [
      'for rows of a query',
      'declare r record; begin for r in select id from a loop delete from b where id = r.id; end loop; end',
      ['select «select id from a»', '? delete «delete from b where id = r.id»'],
    ],
    [
      'under a handler',
      'begin begin drop table a; exception when undefined_table or others then drop table b; when no_data then null; end; drop table c; end',
      ['? drop-table «drop table a»', '? drop-table «drop table b»', 'drop-table «drop table c»'],
    ],
    ['behind a way out', 'begin if x then return; end if; drop table a; end', ['? drop-table «drop table a»']],
    ['EXECUTE', "begin execute 'drop table a'; end", ['drop-table «drop table a»']],
    [
      'EXECUTE with values',
      "begin execute 'delete from a where id = $1' into n using 3; end",
      ['delete «delete from a where id = $1»'],
    ],
    [
      'EXECUTE with escapes',
      "begin execute 'comment on table a is ''x'''; end",
      ["comment «'comment on table a is ''x'''»"],
    ],
    [
      'EXECUTE of several',
      'begin execute $q$drop table a; drop table b$q$; end',
      ['drop-table «drop table a»', 'drop-table «drop table b»'],
    ],
    ['EXECUTE of what is put together', "begin execute 'drop table ' || t; end", ["dynamic-sql «'drop table ' || t»"]],
    ['EXECUTE of a variable', 'begin for r in execute q loop null; end loop; end', ['dynamic-sql «q»']],
    [
      'PERFORM',
      "begin perform set_config('a.b', 'c', false); end",
      ["select «perform set_config('a.b', 'c', false)»", "set-setting «perform set_config('a.b', 'c', false)»"],
    ],
    [
      'INTO',
      'begin select a, b into strict r.x, n from t; insert into t values (1) returning id into n; end',
      ['select «select a, b into strict r.x, n from t»', 'insert «insert into t values (1) returning id»'],
    ],
    [
      'calls of a value',
      'declare n int := f(); begin n := g(); t.a[1] = h(); if i() then null; end if; end',
      ['select «f()»', 'select «g()»', 'select «h()»', 'select «i()»'],
    ],
    ['values without calls', 'declare n int default 3; begin n := n + 1; n := count(*) from t; end', []],
    [
      'a body of its own',
      'begin create function f() returns int language sql begin atomic select case when true then 1 end; end; drop table b; end',
      [
        'create-function «create function f() returns int language sql begin atomic select case when true then 1 end; end»',
        'drop-table «drop table b»',
      ],
    ],
    ['COMMIT', 'begin drop table a; commit; end', ['drop-table «drop table a»', 'dynamic-sql «commit»']],
    ['what the grammar refuses', 'begin drop tabel a; end', ['dynamic-sql «drop tabel a»']],
    ['SET', "begin set local lock_timeout = '2s'; end", ["set-setting «set local lock_timeout = '2s'»"]],
  ])('%s', (_, body, expected) => expect(inBlock(body)).toEqual(expected))

  test('in a body in quotes', () => {
    expect(steps("do 'begin drop table a; end'")).toEqual(['drop-table «drop table a»'])
    const escaped = "'begin execute ''drop table a''; end'"
    expect(steps(`do ${escaped}`)).toEqual([`drop-table «${escaped}»`])
    expect(steps("do E'begin drop table a; end'")).toEqual(["drop-table «E'begin drop table a; end'»"])
  })

  test('is not known where the block is in another language, or cannot be followed', () => {
    for (const sql of ['do language plperl $$ print 1; $$', 'do $$ begin if x then end $$', 'do $$ nonsense $$'])
      expect(steps(sql)).toEqual([`dynamic-sql «${sql}»`])
  })
})
