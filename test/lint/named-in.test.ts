import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { exampleHistory } from '../../scripts/measure/example-migrations.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { tableFacts } from '../../src/lint/history.ts'
import { NamedIn } from '../../src/lint/named-in.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import { file } from '../fuzz/ddl.ts'
import { history, migration } from './history.ts'

beforeAll(() => postgres.load())

/** Names of tables that the upgrade does something to, and that its text is not said to name. */
function missed(sql: string): readonly string[] {
  const one = migration(sql)
  const named = new NamedIn([one])
  return tableFacts(one).flatMap(({ table }) => (named.between(0, 1, [table.name]).length === 1 ? [] : table.name))
}

test('whatever an example does to a table, its text names the table', () => {
  const texts = rules.flatMap(({ examples }) =>
    examples.flatMap((example) =>
      (['bad', 'good'] as const).flatMap((which) => {
        const { given, judged } = exampleHistory(example, which)
        return [...given, ...judged].map(({ up }) => up.sql)
      }),
    ),
  )
  expect(texts.flatMap((sql) => tableFacts(migration(sql))).length).toBeGreaterThan(1000)
  expect(texts.flatMap(missed)).toEqual([])
})

test('nor is a table of random statements missed', () => {
  fc.assert(fc.property(file, (sql) => missed(sql).length === 0))
})

describe('however a name is written', () => {
  const cut = 'a'.repeat(70)
  test.each([
    ['in capitals', 'ALTER TABLE Books ADD COLUMN isbn text'],
    ['in quotes', 'alter table "books" add column isbn text'],
    ['in quotes that keep its capitals', 'alter table "Books" add column isbn text'],
    ['with a space', 'alter table "old books" add column isbn text'],
    ['with a quote', 'alter table "old""books" add column isbn text'],
    ['with a dollar sign', 'alter table books$old add column isbn text'],
    ['with letters of other alphabets', 'alter table Bücher add column isbn text'],
    ['by the number of a character', 'alter table u&"b\\006foks" add column isbn text'],
    ['by the number of a character behind another sign', `alter table U&"b!006foks" uescape '!' add column isbn text`],
    ['with a schema', 'alter table shop.books add column isbn text'],
    ['beside comments', 'alter table/**/books/**/add column isbn text'],
    ['at the quotes of a block', 'do $$begin alter table books add column isbn text; end$$'],
    ['in a string that is executed', `do $$begin execute 'alter table books add column isbn text'; end$$`],
    ['so long that it is cut off', `alter table ${cut} add column isbn text`],
  ])('%s', (_, sql) => {
    expect(tableFacts(migration(sql)).length).toBeGreaterThan(0)
    expect(missed(sql)).toEqual([])
  })
})

test('only those that name all are given, from and up to a place', () => {
  const named = new NamedIn(
    history(
      'alter table books add column isbn text',
      'alter table authors add column isbn text',
      'create index on books (isbn)',
      'create trigger t before insert on readers for each row execute function f()',
      'create index on books (isbn)',
    ),
  )
  expect([
    named.between(0, 5, ['books']),
    named.between(0, 5, ['books', 'isbn']),
    named.between(1, 4, ['isbn']),
    named.between(0, 5, ['readers', 'isbn']),
    named.between(0, 5, ['shelves']),
    named.between(3, 3, ['books']),
    named.between(1, 3, ['Books']),
  ]).toEqual([[0, 2, 4], [0, 2, 4], [1, 2], [], [], [], [1, 2]])
})
