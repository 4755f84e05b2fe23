import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../../src/dialects/postgres/postgres.ts'

beforeAll(() => postgres.load())

/** Statements and problems of a text, as the text that their spans cut out. */
function read(sql: string): { readonly statements: readonly string[]; readonly problems: readonly string[] } {
  const { statements, problems } = postgres.parse(sql)
  return {
    statements: statements.map(({ span }) => sql.slice(span.start, span.end)),
    problems: problems.map(({ span, statement, message }) =>
      [message, sql.slice(span.start, span.end), sql.slice(statement.start, statement.end)].join(' | '),
    ),
  }
}

describe('statements are cut out exactly', () => {
  test.each([
    ['nothing', '', []],
    ['blanks', ' \n\t', []],
    ['comments only', '-- a\n/* b /* c */ */', []],
    ['no semicolon', 'select 1', ['select 1']],
    ['comments around', '/* a */ -- b\n select 1 /* c */ ; -- d\n', ['select 1']],
    ['comments inside', 'select /* ; */ 1 -- ;\n + 2; select 3', ['select /* ; */ 1 -- ;\n + 2', 'select 3']],
    ['empty statements', ';; select 1;;; select 2;', ['select 1', 'select 2']],
    [
      'é and emoji',
      "select 'é😀'; -- 😀é\n select 2 as é😀; select 3",
      ["select 'é😀'", 'select 2 as é😀', 'select 3'],
    ],
    ['CRLF', 'select 1;\r\nselect\r\n2;\r\n', ['select 1', 'select\r\n2']],
    ['a byte order mark', '\ufeffselect 1', ['select 1']],
    [
      'semicolons in quotes',
      `select ';', ";" from "a;b"; do $x$ ; $x$`,
      [`select ';', ";" from "a;b"`, 'do $x$ ; $x$'],
    ],
  ])('%s', (_, sql, expected) => {
    expect(read(sql)).toEqual({ statements: expected, problems: [] })
  })

  test('a statement holds its own text, and spans count from where the text starts in the file', () => {
    const { statements } = postgres.parse("select 'é'; drop table a", 100)
    expect(statements.map(({ span, sql, facts }) => [span, sql, facts.map((fact) => fact.span)])).toEqual([
      [{ start: 100, end: 110 }, "select 'é'", [{ start: 100, end: 110 }]],
      [{ start: 112, end: 124 }, 'drop table a', [{ start: 112, end: 124 }]],
    ])
  })
})

describe('what the grammar refuses does not hide the rest', () => {
  test.each([
    [
      'a misspelt word',
      'select 1; selec 2; select 3',
      ['select 1', 'select 3'],
      ['syntax error at or near "selec" | selec | selec 2'],
    ],
    [
      'behind é and emoji',
      "select 'é😀'; select '😀é' froom x z; select 3",
      ["select 'é😀'", 'select 3'],
      ['syntax error at or near "x" | x | select \'😀é\' froom x z'],
    ],
    [
      'the end of the statement',
      'create table a (; select 2',
      ['select 2'],
      ['syntax error at end of input | ( | create table a ('],
    ],
    [
      'a parenthesis that is not closed',
      'create table a (b int; select 2; select 3',
      ['select 2', 'select 3'],
      ['syntax error at end of input | t | create table a (b int'],
    ],
    [
      'a quote that is not closed',
      "select 1; select 'abc; select 2",
      ['select 1'],
      ["unterminated quoted string at or near \"'abc; select 2\" | 'abc; select 2 | select 'abc; select 2"],
    ],
    [
      'beside a body in parts',
      'create function f() returns int begin atomic select case when true then 1 end; select 2; end; selec; select 3',
      ['create function f() returns int begin atomic select case when true then 1 end; select 2; end', 'select 3'],
      ['syntax error at or near "selec" | selec | selec'],
    ],
    [
      'NUL',
      'select 1; select \0 2; drop table a',
      ['select 1', 'drop table a'],
      ['a NUL character, which the server never accepts | \0 | select \0 2'],
    ],
    [
      'a command of psql, as pg_dump writes it',
      '\\restrict aB1\n\nselect 1;\n\\unrestrict aB1\n',
      ['select 1'],
      [
        'syntax error at or near "\\": \\restrict is a command of psql and not SQL, so its line has to go | \\ | \\restrict aB1\n\nselect 1',
        'syntax error at or near "\\": \\unrestrict is a command of psql and not SQL, so its line has to go | \\ | \\unrestrict aB1',
      ],
    ],
    [
      'two of them',
      'a; select 1; b',
      ['select 1'],
      ['syntax error at or near "a" | a | a', 'syntax error at or near "b" | b | b'],
    ],
  ])('%s', (_, sql, statements, problems) => {
    expect(read(sql)).toEqual({ statements, problems })
  })
})

test('an expression as deep as it likes is read', () => {
  const sql = `select ${'1 + '.repeat(2000)}1`
  expect(read(sql)).toEqual({ statements: [sql], problems: [] })
})

describe('meaning', () => {
  test.each([
    ['SELECT  1 -- x', 'select 1'],
    ['select\n\t1 /* a /* b */ */', 'select 1'],
    [`select 'A',"A",A`, `select 'A' , "A" , a`],
    ['create table É (x Int)', 'create table É ( x int )'],
    ['select $x$ a  b $x$, 1.5e3, x::int', 'select $x$ a  b $x$ , 1.5e3 , x :: int'],
    ['-- nothing', ''],
    [' ', ''],
    ["select 'open", "select 'open"],
  ])('of %j', (sql, expected) => {
    expect(postgres.meaning(sql)).toBe(expected)
  })

  test('tells different literals apart', () => {
    expect(postgres.meaning("select 'a'")).not.toBe(postgres.meaning("select 'A'"))
  })
})
