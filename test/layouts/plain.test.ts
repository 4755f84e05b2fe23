import { expect, test } from 'vitest'
import { plain } from '../../src/layouts/plain.ts'
import { layouts } from '../../src/layouts/registry.gen.ts'
import type { SourceFile } from '../../src/model/migration.ts'

const options = { knownRules: ['drop-column'], knownGates: [] }

function file(path: string, text = 'select 1;'): SourceFile {
  return { path, text, sha256: 'of no matter' }
}

test('all of a file is the upgrade', () => {
  const source = file('sql/add users.sql', 'create table users (id int);\n')
  expect(plain.read([source], options)).toEqual({
    problems: [],
    migrations: [
      {
        id: 'add users',
        name: 'add users',
        source,
        up: { span: { start: 0, end: 29 }, sql: 'create table users (id int);\n', transaction: true },
        down: { kind: 'missing', expected: false },
        gates: [],
        requires: [],
        allows: [],
        downLoses: [],
      },
    ],
  })
})

test('files keep the order given, and are told apart by their paths where their names are the same', () => {
  const { migrations } = plain.read(
    [file('b/up.sql'), file('a/up.sql'), file('z.sql'), file('-'), file('.sql')],
    options,
  )
  expect(migrations.map(({ id }) => id)).toEqual(['b/up', 'a/up', 'z', '-', '.sql'])
})

test('whether a transaction is open is for the runner to say', () => {
  const { migrations } = plain.read([file('a.sql')], { ...options, inTransaction: false })
  expect(migrations.map(({ up }) => up.transaction)).toEqual([false])
})

test('allow and allow-file work', () => {
  const text =
    '-- migrate:allow-file drop-column because old\n-- migrate:allow drop-column because unused\nalter table a drop column b;'
  const { migrations, problems } = plain.read([file('a.sql', text)], options)
  expect(problems).toEqual([])
  expect(migrations.map(({ allows }) => allows)).toEqual([
    [
      { rule: 'drop-column', reason: 'old', span: { start: 0, end: 45 } },
      { rule: 'drop-column', reason: 'unused', span: { start: 46, end: 89 }, appliesFrom: 89 },
    ],
  ])
})

test('other directives are mistakes, with their place', () => {
  const text = 'select 1;\n  -- migrate:down\n-- migrate:alow x\n-- migrate:allow drop-colum because x\n'
  const { problems } = plain.read([file('a.sql', text)], options)
  expect(problems.map(({ code, message, hint, at }) => `${at.line}:${at.column} ${code} ${message} · ${hint}`)).toEqual(
    [
      '2:3 directive-invalid down means nothing in a plain file: all of it is the upgrade. · ' +
        'Read the files with --layout native, or leave the directive out.',
      '3:12 directive-unknown There is no directive "-- migrate:alow". · Did you mean "allow"?',
      '4:18 rule-unknown There is no rule "drop-colum". · Did you mean "drop-column"?',
    ],
  )
})

test('plain files are what is left when no other layout fits', () => {
  const byRank = layouts.toSorted((a, b) => a.rank - b.rank)
  expect(byRank.at(-1)?.id).toBe('plain')
  expect(plain.detect([file('a.sql')], ['a.sql'])).toBe('possible')
})
