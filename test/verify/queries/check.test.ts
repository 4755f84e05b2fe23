import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directory, migrate } from '../../support/cli.ts'
import { upDown } from '../migrations.ts'
import { captured } from './asking.ts'

const header = {
  lockstep: 'queries',
  version: 1,
  release: '1.0',
  migration: '20260101000001',
  role: 'nobody_has_this_role',
  searchPath: null,
  source: ['file'],
}
const statements = [
  'insert into books (id, title, price) values ($1, $2, $3)',
  'select * from books where id = $1',
  'select id, note from books where id = $1',
  'select name from authors',
  'select titel from books',
]
const jsonl = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

const files = {
  'migrations/20260101000001_books.sql': upDown(
    'create table books (id int primary key, title text not null, note text, price int); create table authors (name text)',
    'drop table authors; drop table books',
  ),
  'migrations/20260101000002_rename.sql': upDown(
    'alter table books add column isbn text;\nalter table books rename column note to remark',
    'alter table books rename column remark to note;\nalter table books drop column isbn',
  ),
  'migrations/20260101000003_check.sql': upDown(
    'alter table books add constraint books_price check (price >= 0)',
    'alter table books drop constraint books_price',
  ),
  'migrations/queries/1.0.jsonl': jsonl([header, ...statements.map((sql) => captured(sql))]),
}

/** What depends on the machine. */
const server = /PostgreSQL [\d.]+ \([^)]*\)/
const stable = (text: string): string => text.replace(/checked\son\s[^)]*\)/, 'checked on a server')

test('a table of states for each migration, what is broken with the step, what is not covered with the reason', async () => {
  const cwd = await directory(files)
  const { code, stdout, stderr } = await migrate(['queries', 'check', '--shadow', 'local'], { cwd })
  expect({ code, stderr, widest: Math.max(...stdout.split('\n').map((line) => line.length)) <= 80 }).toEqual({
    code: 1,
    stderr: '',
    widest: true,
  })
  expect(stable(stdout)).toMatchInlineSnapshot(`
    "20260101000002 rename
      4 of 5 captured statements of 1.0 checkable, 1 of them untouched by the
      migration.
      The scratch server has no role nobody_has_this_role: what it may do was not
      checked.
                            proven  broken  not covered
      before the upgrade         3       0            1
      after the upgrade          1       2            0
      after the downgrade        3       0            0
      broken after the upgrade: The columns of the result: id, title, note, price →
             id, title, remark, price, isbn.
             select * from books where id = $1
             by: alter table books rename column note to remark
      broken after the upgrade: 42703: column "note" does not exist
             select id, note from books where id = $1
             by: alter table books rename column note to remark
      not covered It does not work before the migration: 42703: column "titel" does
                  not exist.
             select titel from books

    20260101000003 check
      3 of 5 captured statements of 1.0 checkable, 1 of them untouched by the
      migration.
      The scratch server has no role nobody_has_this_role: what it may do was not
      checked.
                            proven  broken  not covered
      before the upgrade         2       0            2
      after the upgrade          1       0            1
      after the downgrade        2       0            0
      not covered Constraint books_price CHECK ((price >= 0)) of books is new and
                  may refuse what the statement writes into price.
             insert into books (id, title, price) values ($1, $2, $3)
      not covered It does not work before the migration: 42703: column "note" does
                  not exist.
             select id, note from books where id = $1
      not covered It does not work before the migration: 42703: column "titel" does
                  not exist.
             select titel from books

    Queries of 2 migrations checked on a server, 1
    with broken queries, 1 before any captured release.
    "
  `)
}, 60_000)

test('JSON, JUnit and Markdown say the same, and nothing is written beside the migrations', async () => {
  const cwd = await directory(files)
  const { code, stdout } = await migrate(
    [
      'queries',
      'check',
      '20260101000002',
      '--json',
      '--format',
      'junit',
      '--output',
      'q.xml',
      '--format',
      'markdown',
      '--output',
      'q.md',
    ],
    { cwd },
  )
  const { version, broken, results } = JSON.parse(stdout)
  const [xml, markdown] = await Promise.all(['q.xml', 'q.md'].map((name) => readFile(join(cwd, name), 'utf8')))
  expect({ code, version, broken, states: results[0].queries.states, sql: results[0].queries.broken }).toEqual({
    code: 1,
    version: 1,
    broken: 1,
    states: [
      { state: 'before the upgrade', proven: 3, broken: 0, notCovered: 1 },
      { state: 'after the upgrade', proven: 1, broken: 2, notCovered: 0 },
      { state: 'after the downgrade', proven: 3, broken: 0, notCovered: 0 },
    ],
    sql: [
      expect.objectContaining({ sql: 'select * from books where id = $1' }),
      {
        sql: 'select id, note from books where id = $1',
        state: 'after the upgrade',
        error: '42703: column "note" does not exist',
        step: 'alter table books rename column note to remark',
      },
    ],
  })
  expect(xml).toContain('tests="4" failures="2" errors="0" skipped="1"')
  expect(markdown?.replace(server, 'a server')).toContain('| after the upgrade | 1 | 2 | 0 |')
  await expect(readFile(join(cwd, 'migrations/proofs/20260101000002.json'))).rejects.toThrow('ENOENT')
}, 60_000)

test('a release that is not captured, or none at all, is an error of the caller', async () => {
  const [none, other] = await Promise.all([
    directory({ 'migrations/20260101000001_a.sql': upDown('create table a ()', 'drop table a') }),
    directory(files),
  ])
  const answers = await Promise.all([
    migrate(['queries', 'check'], { cwd: none }),
    migrate(['queries', 'check', '--release', '1.1'], { cwd: other }),
  ])
  expect(answers.map(({ code, stderr }) => [code, stderr.split('\n')[1]?.trim()])).toEqual([
    [2, 'No release is captured in "migrations/queries".'],
    [2, 'Release "1.1" is not captured.'],
  ])
})

test('a proof with checked queries is the same file each time', async () => {
  const proof = async (): Promise<string> => {
    const cwd = await directory(files)
    await migrate(['verify', '--all'], { cwd })
    return readFile(join(cwd, 'migrations/proofs/20260101000002.json'), 'utf8')
  }
  const first = await proof()
  expect(JSON.parse(first).queries).toMatchObject({ captured: 5, broken: [{ state: 'after the upgrade' }, {}] })
  expect(await proof()).toBe(first)
}, 120_000)
