import { expect, test } from 'vitest'
import { defineRule, lint, ToolkitError } from '../../src/index.ts'
import type { Snapshot } from '../../src/index.ts'
import { directory } from '../support/cli.ts'

const books = { path: '1.sql', text: 'create table books (id bigint primary key, title text);' }

test('texts in memory are one history, and findings have their places', async () => {
  const { findings, files, target } = await lint({
    files: [books, { path: '2.sql', text: '-- ünï 😀\n  create index on books (title);\n' }],
    layout: 'plain',
    target: 15,
    only: ['2.sql'],
  })
  const seen = findings.map(({ rule, start, end, file, migration }) => ({
    rule,
    start,
    end,
    path: file.path,
    migration,
  }))
  expect({ seen, files, target }).toEqual({
    seen: [
      {
        rule: 'create-index-without-concurrently',
        start: { line: 2, column: 3 },
        end: { line: 2, column: 32 },
        path: '2.sql',
        migration: '2',
      },
    ],
    files: 1,
    target: 15,
  })
})

test('files and directories', async () => {
  const cwd = await directory({ 'a/1.sql': books.text, 'a/2.sql': 'drop table books;' })
  const rulesOf = async (files: readonly string[]): Promise<readonly string[]> =>
    (await lint({ files, cwd, layout: 'plain' })).findings.map(({ rule }) => rule)
  expect([await rulesOf(['a']), await rulesOf(['a/2.sql'])]).toEqual([['drop-table'], ['drop-table']])
})

test('a snapshot, as a document or as a file', async () => {
  const snapshot: Snapshot = {
    version: 2,
    server: 16,
    statements: [{ sql: books.text, of: { schema: 'public', name: 'books' } }],
    tables: [{ schema: 'public', name: 'books', rows: 7, bytes: 8192, heapBytes: 8192 }],
  }
  const cwd = await directory({ 'live.json': JSON.stringify(snapshot) })
  const index = { path: '2.sql', text: 'create index on books (title);' }
  for (const given of [snapshot, 'live.json']) {
    const { findings, target, live } = await lint({ files: [index], layout: 'plain', cwd, snapshot: given })
    const finding = findings.find(({ rule }) => rule === 'create-index-without-concurrently')
    expect({ sizes: finding?.sizes, target, server: live?.server }).toEqual({
      sizes: [{ table: { schema: 'public', name: 'books' }, rows: 7, bytes: 8192 }],
      target: 16,
      server: 16,
    })
  }
  await expect(lint({ files: [index], cwd, snapshot: 'none.json' })).rejects.toMatchObject({ code: 'file-unreadable' })
})

test('rules of one’s own, and severities', async () => {
  const noText = defineRule({
    id: 'no-text',
    summary: 'A table has a column of type text.',
    severity: 'error',
    hazards: [],
    sources: [],
    looksAt: ['create-table'],
    why: 'We agreed on it.',
    examples: [],
    *check(table) {
      for (const column of table.columns)
        if (column.type.name === 'text') yield { at: table.span, message: column.name }
    },
  })
  const { findings, rules } = await lint({
    files: [books, { path: '2.sql', text: 'drop table books;' }],
    layout: 'plain',
    presets: [],
    rules: { 'no-text': 'info', 'drop-table': 'warning' },
    customRules: [noText],
  })
  expect(findings.map(({ rule, severity, message, docs }) => [rule, severity, message, docs])).toEqual([
    ['no-text', 'info', 'title', undefined],
    [
      'drop-table',
      'warning',
      'The rows of books are lost, and every query of the running version that uses it fails.',
      'docs/rules/drop-table.md',
    ],
  ])
  expect(rules.map(({ id }) => id)).toEqual(['drop-table', 'no-text'])
})

test.each([
  ['rule-unknown', { files: [books], rules: { nothing: 'off' } }],
  ['command-invalid', { files: [books], target: 9 }],
  ['layout-unknown', { files: [books], layout: 'nothing' }],
  ['directory-missing', { files: ['nowhere'] }],
] as const)('%s', async (code, options) => {
  const error = await lint(options).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ToolkitError)
  expect(error).toMatchObject({ code })
})
