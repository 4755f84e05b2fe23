import { expect, test } from 'vitest'
import { plain } from '../../src/layouts/plain.ts'
import { layouts } from '../../src/layouts/registry.gen.ts'
import type { SourceFile } from '../../src/model/migration.ts'
import { lintTree, project, readTree } from './tree.ts'

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

test('a folder with folders: rows of COPY, commands of psql, placeholders and templates are passed over', async () => {
  const cwd = await project('plain')
  expect(await readTree(cwd, ['sql'])).toMatchInlineSnapshot(`
    "plain
    sql/001_tables/lamps "lamps"
      up sql/001_tables/lamps.sql (transaction)
        1:1 CREATE TABLE lamps (id bigint PRIMARY KEY, watt int)
      down none is expected
    shades "shades"
      up sql/001_tables/shades.sql (transaction)
        1:1 CREATE TABLE shades (id bigint PRIMARY KEY)
      down none is expected
    sql/002_data/lamps "lamps"
      up sql/002_data/lamps.sql (transaction)
        1:1 COPY lamps (id, watt) FROM stdin
        5:1 ALTER TABLE lamps ALTER COLUMN watt SET NOT NULL
      down none is expected
    003_psql "003_psql"
      up sql/003_psql.sql (transaction)
        2:1 \\i other.sql
        3:1 BEGIN
        4:1 DROP TABLE :"schema".shades
        5:1 COMMIT
      down none is expected
    004_templates "004_templates"
      up sql/004_templates.sql (transaction)
        2:1 CREATE INDEX ON \${SCHEMA}.lamps (watt)
        4:1 INSERT INTO notes VALUES ('{{ kept }}', '\${KEPT}')
        5:1 ALTER TABLE {{ schema }}.lamps DROP COLUMN watt
        7:1 DROP TABLE lamps
        6:19 PROBLEM syntax error at or near "ADDD"
      down none is expected"
  `)
  expect(await lintTree(cwd, ['sql'])).toMatchInlineSnapshot(`
    [
      "sql/002_data/lamps.sql:5:19 error set-not-null-without-check #2 Every row of lamps is read for a NULL in watt while all reads and writes of the table wait; no validated check on lamps.watt makes that unnecessary.",
      "sql/003_psql.sql:2:1 warning sql-not-understood #1 It is not known which tables this locks or changes. psql reads another file here.",
      "sql/003_psql.sql:4:1 error drop-table #3 The rows of schema.shades are lost, and every query of the running version that uses it fails.",
      "sql/004_templates.sql:2:1 error create-index-without-concurrently #1 Every INSERT, UPDATE and DELETE on "\${SCHEMA}".lamps waits until this index is built; building it reads the whole table.",
      "sql/004_templates.sql:5:32 error drop-column #3 The values of "{{ schema }}".lamps.watt are lost, and every query of the running version that names it fails.",
      "sql/004_templates.sql:6:19 error syntax-error #4 Syntax error at or near "ADDD".",
      "sql/004_templates.sql:7:1 error drop-table #5 The rows of lamps are lost, and every query of the running version that uses it fails.",
    ]
  `)
})
