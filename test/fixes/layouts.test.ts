import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import type { FixInput, NewText } from '../../src/fixes/fix.ts'
import { planFixes } from '../../src/fixes/plan-fixes.ts'
import { layouts } from '../../src/layouts/registry.gen.ts'
import type { LayoutOptions } from '../../src/layouts/layout.ts'
import { lint } from '../../src/lint/lint.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import type { ParsedMigration, SourceFile } from '../../src/model/migration.ts'
import { rules } from '../../src/rules/registry.gen.ts'

beforeAll(() => postgres.load())

interface Cut {
  readonly layout: string
  /** What lies there; the last migration is the one that is asked about. */
  readonly files: Readonly<Record<string, string>>
  /** The rule whose finding is mended. */
  readonly rule: string
  readonly written: Readonly<Record<string, string>>
}

const table = 'create table books (id bigint primary key, title text);\n'
const indexed = `alter table books add column isbn text;
create index concurrently books_isbn_idx on books (isbn);
`
const column = 'alter table books add column isbn text;\n'
const index = 'create index concurrently books_isbn_idx on books (isbn);\n'
const back = 'drop index concurrently books_isbn_idx;\nalter table books drop column isbn;\n'
const dropIndex = 'drop index concurrently books_isbn_idx;\n'
const dropColumn = 'alter table books drop column isbn;\n'
const rule = 'concurrently-in-transaction'

const cuts: readonly Cut[] = [
  {
    layout: 'supabase',
    files: { '20261101090000_books.sql': table, '20261101093059_isbn.sql': indexed },
    rule,
    written: { '20261101093059_isbn.sql': column, '20261101093100_isbn_2.sql': index },
  },
  {
    layout: 'prisma',
    files: {
      'migration_lock.toml': 'provider = "postgresql"\n',
      '20261101090000_books/migration.sql': table,
      '20261101093000_isbn/migration.sql': indexed,
    },
    rule,
    written: { '20261101093000_isbn/migration.sql': column, '20261101093001_isbn_2/migration.sql': index },
  },
  {
    layout: 'diesel',
    files: {
      '2026-11-01-090000_books/up.sql': table,
      '2026-11-01-090000_books/down.sql': 'drop table books;\n',
      '2026-11-01-093000_isbn/up.sql': indexed,
      '2026-11-01-093000_isbn/down.sql': back,
    },
    rule,
    written: {
      '2026-11-01-093000_isbn/up.sql': column,
      '2026-11-01-093000_isbn/down.sql': dropColumn,
      '2026-11-01-093001_isbn_2/up.sql': index,
      '2026-11-01-093001_isbn_2/down.sql': dropIndex,
      '2026-11-01-093001_isbn_2/metadata.toml': 'run_in_transaction = false\n',
    },
  },
  {
    layout: 'flyway',
    files: { 'V1__books.sql': table, 'V2__add_isbn.sql': indexed, 'U2__add_isbn.sql': back },
    rule,
    written: {
      'V2__add_isbn.sql': column,
      'U2__add_isbn.sql': dropColumn,
      'V2.1__add_isbn_2.sql': index,
      'V2.1__add_isbn_2.sql.conf': 'executeInTransaction=false\n',
      'U2.1__add_isbn_2.sql': dropIndex,
      'U2.1__add_isbn_2.sql.conf': 'executeInTransaction=false\n',
    },
  },
  {
    layout: 'atlas',
    files: { 'atlas.sum': 'h1:\n', '20261101090000_books.sql': table, '20261101093000_isbn.sql': indexed },
    rule,
    written: {
      '20261101093000_isbn.sql': column,
      '20261101093001_isbn_2.sql': `-- atlas:txmode none\n\n${index}`,
    },
  },
  {
    layout: 'node-pg-migrate',
    files: {
      '1700000000000_books.sql': table,
      '1700000001000_thick.sql': `-- Up Migration
alter table books add constraint named check (title <> '') not valid;
alter table books validate constraint named;

-- Down Migration
alter table books drop constraint named;
`,
    },
    rule: 'add-check-validated',
    written: {
      '1700000001000_thick.sql': `-- Up Migration
alter table books add constraint named check (title <> '') not valid;

-- Down Migration
alter table books drop constraint named;
`,
      '1700000001001_thick_2.sql': `-- Up Migration
alter table books validate constraint named;

-- Down Migration
-- Nothing is to be taken back here.
select 1;
`,
    },
  },
  {
    layout: 'liquibase',
    files: {
      'db.changelog-master.yaml': 'databaseChangeLog:\n  - include:\n      file: books.sql\n',
      'books.sql': `--liquibase formatted sql

--changeset anna:1
${table}--rollback drop table books;

--changeset "anna b":isbn context:prod runInTransaction:true
--comment For the search team
${column}-- By its number.
${index}--rollback drop index concurrently books_isbn_idx;
--rollback alter table books
--rollback   drop column isbn;

--changeset anna:isbn_2
select 1;
--rollback empty
`,
    },
    rule,
    written: {
      'books.sql': `--liquibase formatted sql

--changeset anna:1
${table}--rollback drop table books;

--changeset "anna b":isbn context:prod runInTransaction:true
--comment For the search team
${column}--rollback alter table books
--rollback   drop column isbn;

--changeset "anna b":isbn_2 context:prod runInTransaction:false
-- By its number.
${index}--rollback drop index concurrently books_isbn_idx;

--changeset anna:isbn_2
select 1;
--rollback empty
`,
    },
  },
  {
    layout: 'sqitch',
    files: {
      'sqitch.plan': `%syntax-version=1.0.0
%project=shop

books 2026-11-01T09:00:00Z Anna <anna@example.org> # Adds books.
isbn [books] 2026-11-01T09:30:00Z Anna <anna@example.org> # Adds numbers.
@v1 2026-11-01T10:00:00Z Anna <anna@example.org> # First.
`,
      'deploy/books.sql': `-- Deploy shop:books to pg\n\nBEGIN;\n\n${table}\nCOMMIT;\n`,
      'revert/books.sql': '-- Revert shop:books from pg\n\nBEGIN;\n\ndrop table books;\n\nCOMMIT;\n',
      'deploy/isbn.sql': `-- Deploy shop:isbn to pg
-- requires: books

BEGIN;

${indexed}
COMMIT;
`,
      'revert/isbn.sql': `-- Revert shop:isbn from pg\n\nBEGIN;\n\n${back}\nCOMMIT;\n`,
      'verify/isbn.sql': '-- Verify shop:isbn on pg\n\nBEGIN;\n\nselect isbn from books where false;\n\nROLLBACK;\n',
    },
    rule,
    written: {
      'sqitch.plan': `%syntax-version=1.0.0
%project=shop

books 2026-11-01T09:00:00Z Anna <anna@example.org> # Adds books.
isbn [books] 2026-11-01T09:30:00Z Anna <anna@example.org> # Adds numbers.
isbn_2 [isbn] 2026-11-01T09:30:00Z Anna <anna@example.org> # Adds numbers.
@v1 2026-11-01T10:00:00Z Anna <anna@example.org> # First.
`,
      'deploy/isbn.sql': `-- Deploy shop:isbn to pg\n-- requires: books\n\nBEGIN;\n\n${column}\nCOMMIT;\n`,
      'revert/isbn.sql': `-- Revert shop:isbn from pg\n\nBEGIN;\n\n${dropColumn}\nCOMMIT;\n`,
      'verify/isbn.sql': '-- Verify shop:isbn on pg\n\n-- isbn_2 verifies what this is a part of.\n\nselect 1;\n',
      'deploy/isbn_2.sql': `-- Deploy shop:isbn_2 to pg\n\n${index}`,
      'revert/isbn_2.sql': `-- Revert shop:isbn_2 from pg\n\n${dropIndex}`,
      'verify/isbn_2.sql':
        '-- Verify shop:isbn_2 on pg\n\nBEGIN;\n\nselect isbn from books where false;\n\nROLLBACK;\n',
    },
  },
]

test.each(cuts)('$layout: a migration is cut into files that its tool reads', async (cut) => {
  const { plan, found } = await fixed(cut)
  expect(found).toBeGreaterThan(0)
  expect(plan.left.map(({ reason }) => reason)).toEqual([])
  expect(Object.fromEntries([...plan.files].map(([path, { text }]) => [path, text]))).toEqual(cut.written)
  expect(plan.report.findings.map((finding) => finding.rule)).not.toContain(cut.rule)
})

test.each([
  {
    why: 'a version that lies between',
    layout: 'flyway',
    files: { 'V1__books.sql': table, 'V2__add_isbn.sql': indexed, 'V2.1.4__other.sql': 'select 1;\n' },
    reason: 'no id is free behind 2',
  },
  {
    why: 'a repeatable script',
    layout: 'flyway',
    files: { 'V1__books.sql': table, 'R__isbn.sql': indexed },
    reason: 'only versioned scripts have a place behind them',
  },
  {
    why: 'a folder that has the number',
    layout: 'prisma',
    files: {
      'migration_lock.toml': '',
      '20261101090000_books/migration.sql': table,
      '20261101093000_isbn/migration.sql': indexed,
      '20261101093001_taken/migration.sql': 'select 1;\n',
    },
    reason: 'no id is free behind 20261101093000_isbn',
  },
  {
    why: 'no mark for it',
    layout: 'node-pg-migrate',
    files: { '1_books.sql': table, '2_isbn.sql': indexed },
    reason: 'an SQL file of node-pg-migrate has no mark that says that it runs outside a transaction',
  },
  {
    why: 'a delimiter of its own',
    layout: 'atlas',
    files: { '1_books.sql': table, '2_isbn.sql': `-- atlas:delimiter ;\n\n${indexed}` },
    reason: 'its directives are about all of the file',
  },
  {
    why: 'a precondition',
    layout: 'liquibase',
    files: {
      'books.sql': `--liquibase formatted sql\n--changeset anna:1\n${table}--changeset anna:2\n--preconditions onFail:MARK_RAN\n${indexed}`,
    },
    reason: 'its preconditions are asked for all of it',
  },
  {
    why: 'that it runs whenever it changed',
    layout: 'liquibase',
    files: {
      'books.sql': `--liquibase formatted sql\n--changeset anna:1\n${table}--changeset anna:2 runOnChange:true\n${indexed}`,
    },
    reason: 'it runs more than once',
  },
  {
    why: 'a rework',
    layout: 'sqitch',
    files: {
      'sqitch.plan':
        '%project=shop\nbooks 2026-11-01T09:00:00Z A <a@b>\nisbn 2026-11-01T09:00:00Z A <a@b>\n@v1 2026-11-01T09:00:00Z A <a@b>\nisbn [isbn@v1] 2026-11-01T09:00:00Z A <a@b>\n',
      'deploy/books.sql': table,
      'deploy/isbn@v1.sql': 'select 1;\n',
      'deploy/isbn.sql': `BEGIN;\n${indexed}COMMIT;\n`,
    },
    reason: 'the plan reworks it',
  },
  {
    why: 'psql',
    layout: 'sqitch',
    files: {
      'sqitch.plan': '%project=shop\nbooks 2026-11-01T09:00:00Z A <a@b>\nisbn 2026-11-01T09:00:00Z A <a@b>\n',
      'deploy/books.sql': table,
      'deploy/isbn.sql': `\\set ON_ERROR_STOP 1\nBEGIN;\n${indexed}COMMIT;\n`,
    },
    reason: 'psql has more than statements to run in its scripts',
  },
  {
    why: 'that there is one current migration',
    layout: 'graphile-migrate',
    files: { 'committed/000001.sql': `--! Previous: -\n--! Hash: sha1:0\n\n${table}`, 'current.sql': indexed },
    reason:
      'graphile-migrate has one current migration at a time: commit what stands above the statement with graphile-migrate commit, and write the rest in current.sql then',
  },
  {
    why: 'the hash of a committed file',
    layout: 'graphile-migrate',
    files: {
      'committed/000001.sql': `--! Previous: -\n--! Hash: sha1:0\n\n${table}`,
      'committed/000002.sql': `--! Previous: sha1:0\n--! Hash: sha1:1\n\n${indexed}`,
    },
    reason: 'it is committed, and the files hold its hash: graphile-migrate uncommit takes the last one back',
  },
  {
    why: 'the journal',
    layout: 'drizzle',
    files: {
      'meta/_journal.json': '{"entries":[{"idx":0,"tag":"0000_books"},{"idx":1,"tag":"0001_isbn"}]}',
      '0000_books.sql': table,
      '0001_isbn.sql': indexed,
    },
    reason:
      'the journal and the snapshots of Drizzle stand for all its files: drizzle-kit generate --custom makes an empty migration to move the statement to',
  },
  {
    why: 'that SQL files are not what Rails runs',
    layout: 'rails',
    files: { '1_books.sql': table, '2_isbn.sql': indexed },
    reason: 'Rails runs no SQL file by itself: write a migration in Ruby for the statement',
  },
])('$layout: $why leaves a migration whole', async ({ layout, files, reason }) => {
  const { plan } = await fixed({ layout, files, rule, written: {} })
  expect([...plan.files]).toEqual([])
  expect(plan.left.map((left) => left.reason)).toEqual([reason])
})

async function fixed({ layout, files, rule: id }: Cut): Promise<{
  readonly plan: Awaited<ReturnType<typeof planFixes>>
  readonly found: number
}> {
  const layoutOfIt = layouts.find((one) => one.id === layout)
  const asked = rules.filter((one) => one.id === id)
  if (layoutOfIt === undefined || asked.length === 0) throw new Error(`There is no ${layout} or no ${id}.`)
  const read = (changed: ReadonlyMap<string, NewText>): readonly ParsedMigration[] => {
    const texts = new Map([...Object.entries(files), ...[...changed].map(([path, { text }]) => [path, text] as const)])
    const sources = [...texts]
      .map(([path, text]) => sourceOf(path, text))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    const { migrations, problems } = layoutOfIt.read(sources, options)
    expect(problems).toEqual([])
    return migrations.map((migration) => parseMigration(migration, postgres))
  }
  const judge: FixInput['judge'] = (history, report) =>
    lint({ history, report, rules: asked, dialect: postgres, target: 18 })
  const migrations = read(new Map())
  const report = new Set(migrations.map((migration) => migration.id))
  const { findings } = judge(migrations, report)
  const plan = await planFixes({
    state: { files: new Map(), migrations, findings },
    asked: report,
    writer: layoutOfIt.writer,
    mustKeep: (migration) => layoutOfIt.sealed?.(migration),
    namesBeside: (path) => namesBeside(path, Object.keys(files)),
    textOf: (path) => files[path],
    read: (changed) => Promise.resolve(read(changed)),
    judge,
  })
  return { plan, found: findings.length }
}

const options: LayoutOptions = { knownRules: rules.map(({ id }) => id), knownGates: [] }

function sourceOf(path: string, text: string): SourceFile {
  return { path, text, sha256: createHash('sha256').update(text).digest('hex') }
}

/** Files and folders that lie where `path` lies. */
function namesBeside(path: string, all: readonly string[]): readonly string[] {
  const folder = path.split('/').slice(0, -1)
  const inside = all.map((one) => one.split('/')).filter((parts) => folder.every((name, at) => parts[at] === name))
  return [...new Set(inside.flatMap((parts) => parts[folder.length] ?? []))]
}
