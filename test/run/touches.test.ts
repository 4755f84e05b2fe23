import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { interfere, touchesOf } from '../../src/run/touches.ts'
import type { Touches } from '../../src/run/touches.ts'
import { cases } from '../dialects/effect-cases.ts'
import { history } from '../lint/history.ts'

beforeAll(() => postgres.load())

function touches(sql: string): Touches {
  const [migration] = history(sql)
  if (migration === undefined) throw new Error(`${sql} is no migration`)
  return touchesOf(migration)
}

describe('a migration that waits holds up', () => {
  test.each([
    ['alter table books drop column mail', 'create index on books (title)'],
    ['alter table books drop column mail', 'update public."books" set title = upper(title)'],
    ['alter table books drop column mail', 'create view titles as select title from books'],
    ['alter table books drop column mail', 'create table loans (id int, book int references books)'],
    ['alter table books drop column mail', 'alter table loans add foreign key (book) references books not valid'],
    ['alter table books drop column mail', 'create table more () inherits (books)'],
    ['alter table books drop column mail', 'select count(*) from books'],
    ['alter table books drop column mail', 'drop table books'],
    ['alter table books rename to works', 'create table works (id int)'],
    ["alter type mood add value 'fine'", 'alter table books add column mood mood'],
    ['drop function dice()', 'alter table books alter column price set default dice()'],
    ['drop function touch()', 'create trigger t before insert on books for each row execute function touch()'],
    ['drop index books_title_idx', 'create index books_title_idx on works (title)'],
    ['drop sequence numbers', 'alter sequence numbers restart'],
    ["do $$ begin execute 'drop table books'; end $$", 'create table authors (id int)'],
    ['alter table books drop column mail', "do $$ begin execute 'drop table authors'; end $$"],
  ])('%s: %s', (waiting, later) => {
    expect([interfere(touches(waiting), touches(later)), interfere(touches(later), touches(waiting))]).toEqual([
      true,
      true,
    ])
  })
})

test.each([
  ['alter table books drop column mail', 'create table authors (id int primary key)'],
  ['alter table books drop column mail', 'alter table authors add column name text'],
  ['create index on books (title)', 'create index on authors (name)'],
  ['select count(*) from books', 'create view titles as select title from books'],
  ["set lock_timeout = '1s'", 'alter table authors add column name text'],
])('%s does not hold up %s', (waiting, later) => {
  expect(interfere(touches(waiting), touches(later))).toBe(false)
})

test.each(['drop table books cascade', 'drop type mood cascade', 'truncate books cascade'])(
  '%s holds up whatever comes later: what goes with it is not named',
  (waiting) => {
    expect(interfere(touches(waiting), touches('alter table authors add column name text'))).toBe(true)
  },
)

test('no statement that changes something touches nothing', () => {
  const silent = cases.filter(({ sql }) => {
    const touched = touches(sql)
    return touched !== 'unknown' && touched.changes.size + touched.uses.size === 0
  })
  expect(silent.map(({ sql }) => sql)).toEqual([])
})
