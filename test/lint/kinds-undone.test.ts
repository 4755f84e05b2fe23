import { beforeAll, describe, expect, test } from 'vitest'
import { sourceFile } from '../../src/app/source-files.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { native } from '../../src/layouts/native.ts'
import { lint } from '../../src/lint/lint.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import { downDoesNotUndo } from '../../src/rules/downs/down-does-not-undo.ts'
import { kinds } from './kinds.ts'
import type { KindCase } from './kinds.ts'

beforeAll(() => postgres.load())

/** Messages about a migration whose history is `given`. */
function findings(given: string, up: string, down: string): readonly string[] {
  const sources = [
    sourceFile('migrations/20260101000000_given.sql', Buffer.from(`-- migrate:up\n${given}\n`)),
    sourceFile(
      'migrations/20260101000001_judged.sql',
      Buffer.from(`-- migrate:up\n${up}\n\n-- migrate:down\n${down}\n`),
    ),
  ]
  const { migrations } = native.read(sources, { knownRules: [downDoesNotUndo.id], knownGates: [] })
  const history = migrations.map((migration) => parseMigration(migration, postgres))
  const report = lint({ history, rules: [downDoesNotUndo], dialect: postgres, target: 18 })
  return report.findings.filter(({ rule }) => rule === downDoesNotUndo.id).map(({ message }) => message)
}

const books = 'create table books (id int, title text, isbn text); create index by_isbn on books (isbn);'

/** Up and down, and whether the down leaves something. */
const unnamed: readonly (readonly [string, string, boolean])[] = [
  ['create index on books (title);', 'drop index books_title_idx;', false],
  ['create index on books (title);', 'drop index by_isbn;', true],
  ['create index on books (title);', 'select 1;', true],
  ['create statistics on title, isbn from books;', 'drop statistics books_title_isbn_stat;', false],
  ['create statistics on title, isbn from books;', 'drop table books;', false],
  ['create statistics on title, isbn from books;', 'select 1;', true],
  ['drop statistics books_id_isbn_stat;', 'create statistics on id, isbn from books;', false],
  ['drop statistics books_id_isbn_stat;', 'create statistics on title, isbn from books;', true],
  ['drop statistics books_id_isbn_stat;', 'create statistics books_id_isbn_stat on id, isbn from books;', false],
  ['drop statistics books_id_isbn_stat;', 'select 1;', true],
  ['drop statistics never_seen;', 'create statistics on id, isbn from books;', false],
]

describe('a name that the server chooses', () => {
  test.each(unnamed)('%s and %s', (up, down, isLeft) => {
    const given = `${books} create statistics on id, isbn from books;`
    const left = findings(given, up, down).filter((message) => message.startsWith('The upgrade'))
    expect(left).toHaveLength(isLeft ? 1 : 0)
  })
})

const cases = Object.entries(kinds).flatMap(([type, one]): readonly (readonly [string, KindCase])[] =>
  typeof one === 'string' ? [] : [[type.replace('OBJECT_', ''), one]],
)
const named = (sql: string): string => sql.replaceAll('$a', 'first').replaceAll('$b', 'second')

describe('a downgrade', () => {
  test.each(cases)('%s: that drops what the upgrade made is no finding, and one that leaves it is', (_, one) => {
    const given = `create schema other; ${one.given ?? ''}`
    const up = [one.create, one.rename, one.move]
      .flatMap((sql) => (sql === undefined ? [] : [`${named(sql)};`]))
      .join('\n')
    expect(findings(given, up, `${named(one.drop)};`)).toEqual([])
    expect(findings(given, `${named(one.create)};`, 'select 1;')).not.toEqual([])
  })

  test.each(cases)('%s: that makes what the upgrade dropped is no finding, and one that does not is', (_, one) => {
    const given = [`create schema other; ${one.given ?? ''} ${one.create}`, one.rename, one.move].map((sql) =>
      sql === undefined ? '' : `${named(sql)};`,
    )
    const drop = `${named(one.drop)};`
    const again = [one.create, one.rename, one.move]
      .flatMap((sql) => (sql === undefined ? [] : [`${named(sql)};`]))
      .join('\n')
    expect(findings(given.join('\n'), drop, again)).toEqual([])
    expect(findings(given.join('\n'), drop, 'select 1;')).not.toEqual([])
  })
})
