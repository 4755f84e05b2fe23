import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { createToolkit, ToolkitError } from '../../src/index.ts'
import { native } from '../../src/layouts/native.ts'
import { parseMigration } from '../../src/lint/parse.ts'
import type { Connection } from '../../src/model/database.ts'
import type { ParsedMigration, Section } from '../../src/model/migration.ts'
import type { ParsedSql } from '../../src/model/statement.ts'
import { fingerprint } from '../../src/verify/fingerprint.ts'
import { sourceFile } from '../../src/app/source-files.ts'
import { directory } from '../support/cli.ts'
import { ownObjects } from '../support/differences.ts'
import { createDatabase } from '../support/postgres.ts'

const books = 'create table books (id bigint primary key, title text, isbn text);\n'
const nativeBooks = `-- migrate:up\n${books}\n-- migrate:down\ndrop table books;\n`

/** A mistake of each kind that a machine mends, with a downgrade that can be divided. */
const isbn = `-- Asked for by the search team.
-- migrate:change search
-- migrate:phase expand

-- migrate:up
alter table books add column language text;

-- The index of the search.
create index books_title_idx on books (title); -- by title
alter table books add constraint books_isbn_check check (length(isbn) > 9) not valid;
alter table books validate constraint books_isbn_check;

-- migrate:down
alter table books drop constraint books_isbn_check;
drop index books_title_idx;
-- migrate:down-loses books.language
alter table books drop column language;
`

const gooseBooks = `-- +goose Up\n${books}\n-- +goose Down\ndrop table books;\n`
const trees = {
  native: { 'db/20261101093000_books.sql': nativeBooks, 'db/20261102093059_isbn.sql': isbn },
  dbmate: {
    'db/20261101093000_books.sql': nativeBooks,
    'db/20261102093000_title.sql': `-- migrate:up
alter table books add column pages bigint;
create index concurrently books_title_idx on books (title);

-- migrate:down
drop index books_title_idx;
alter table books drop column pages;
`,
  },
  goose: {
    'db/00001_books.sql': gooseBooks,
    'db/00002_language.sql': `-- Languages.
-- +goose Up
set local lock_timeout = '2s';
alter table books add column language text;
update books set language = 'en';
create index books_title_idx on books (title);

-- +goose Down
drop index books_title_idx;
alter table books drop column language;
`,
  },
  'golang-migrate': {
    'db/1_books.up.sql': books,
    'db/1_books.down.sql': 'drop table books;\n',
    'db/2_title.up.sql':
      'alter table books add column pages bigint;\ncreate index concurrently books_title_idx on books (title);\n',
    'db/2_title.down.sql': 'drop index books_title_idx;\nalter table books drop column pages;\n',
  },
  sqlx: {
    'db/1_books.sql': books,
    'db/2_title.sql': 'alter table books add column pages bigint;\ncreate index books_title_idx on books (title);\n',
  },
  plain: {
    'db/1.sql': `${books}create index books_isbn_idx on books (isbn);\n`,
    'db/2.sql':
      "alter table books add column language text;\r\nupdate books set language = 'en' where language is null;\r\nalter table books_isbn_idx rename to isbns;\r\n",
  },
} as const

type Fix = Parameters<Awaited<ReturnType<typeof createToolkit>>['fix']>[0]

interface Fixed {
  readonly exit: string
  readonly text: string
}

async function fix(
  cwd: string,
  layout: string,
  request: Partial<Fix> = {},
): Promise<Fixed | { readonly code: string; readonly message: string }> {
  const toolkit = await createToolkit({ cwd, env: {}, config: false, layout, log: silentLog })
  const names = (await readdir(join(cwd, 'db'))).filter((name) => name.endsWith('.sql')).toSorted()
  try {
    const paths = names.map((name) => `db/${name}`)
    const answer = await toolkit.fix({ paths, dryRun: false, ...request })
    return { exit: answer.exit, text: answer.text({ color: false, width: 80 }) }
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    return { code: error.code, message: error.message }
  }
}

async function texts(cwd: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(join(cwd, 'db'))).toSorted()
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(cwd, 'db', name), 'utf8')] as const)),
  )
}

beforeAll(() => postgres.load())

describe.each(Object.entries(trees))('%s', (layout, files) => {
  test('a dry run shows the difference and writes nothing; a run writes it; a second one has nothing to do', async () => {
    const cwd = await directory(files)
    const before = await texts(cwd)
    const dry = await fix(cwd, layout, { dryRun: true })
    expect(dry).toMatchObject({ exit: 'no' })
    expect('text' in dry ? dry.text : dry).toMatchSnapshot('difference')
    expect(await texts(cwd)).toEqual(before)
    const done = await fix(cwd, layout)
    expect(
      'text' in done ? done.text.split('\n').filter((line) => /^(?:created|changed|Fixed)/.test(line)) : done,
    ).toMatchSnapshot('files')
    const after = await texts(cwd)
    expect(after).not.toEqual(before)
    const again = await fix(cwd, layout)
    expect('text' in again ? again.text : again).toMatch(/^(?:.* is left: .*\n)*Fixed 0 of \d+ findings?/)
    expect(await texts(cwd)).toEqual(after)
  })
})

describe('on a server', () => {
  test('the parts end in the schema of the whole, and their downgrades lead back', async () => {
    const cwd = await directory(trees.native)
    const whole = await schemaAfter(migrationsIn(await texts(cwd)))
    await fix(cwd, 'native')
    const parts = migrationsIn(await texts(cwd))
    expect(parts.map(({ id }) => id)).toEqual([
      '20261101093000',
      '20261102093059',
      '20261102093100',
      '20261102093101',
      '20261102093102',
    ])
    expect(await schemaAfter(parts)).toBe(whole)
    const database = await createDatabase()
    const connection = await database.connect()
    for (const one of parts.slice(0, 1)) await run(connection, one.up, one.upSql)
    const start = await schemaOf(connection)
    for (const one of parts.slice(1)) await run(connection, one.up, one.upSql)
    for (const one of parts.slice(1).toReversed()) {
      if (one.down.kind === 'sql') await run(connection, one.down.section, one.downSql)
    }
    expect(await schemaOf(connection)).toBe(start)
  })

  test('what the journal knows as applied is left alone', async () => {
    const cwd = await directory(trees.native)
    const { url } = await createDatabase()
    const toolkit = await createToolkit({ cwd, env: {}, config: false, dir: 'db', url, log: silentLog })
    const up = { safe: false, dryRun: false, onEvent: () => undefined }
    const before = await texts(cwd)
    // Without a journal another tool may have run the files.
    expect(await fix(cwd, 'native', { paths: ['db'], url })).toMatchObject({ code: 'fix-refused' })
    await toolkit.up({ ...up, to: '20261101093000' })
    expect(await fix(cwd, 'native', { paths: ['db'], url, dryRun: true })).toMatchObject({
      text: expect.stringMatching(
        /1 migration is applied there and left alone\.\nWould fix 2 of 2 findings in 4 files\.\n$/,
      ),
    })
    await toolkit.up(up)
    expect(await fix(cwd, 'native', { url })).toEqual({
      exit: 'ok',
      text: '2 migrations are applied there and left alone.\nFixed 0 of 0 findings.\n',
    })
    expect(await texts(cwd)).toEqual(before)
  })
})

function migrationsIn(files: Readonly<Record<string, string>>): readonly ParsedMigration[] {
  const sources = Object.entries(files).map(([path, text]) => sourceFile(path, Buffer.from(text)))
  const { migrations } = native.read(sources, { knownRules: [], knownGates: [] })
  return migrations.map((migration) => parseMigration(migration, postgres))
}

async function schemaAfter(migrations: readonly ParsedMigration[]): Promise<string> {
  const database = await createDatabase()
  const connection = await database.connect()
  for (const { up, upSql } of migrations) await run(connection, up, upSql)
  return await schemaOf(connection)
}

async function run(connection: Connection, { sql, transaction }: Section, { statements }: ParsedSql): Promise<void> {
  if (transaction) await connection.run(`begin;${sql};commit;`)
  else for (const statement of statements) await connection.query(statement.sql)
}

describe('what may be applied already', () => {
  test('without git and without names nothing is touched, and it is said how to go on', async () => {
    const cwd = await directory(trees.native)
    const before = await texts(cwd)
    expect(await fix(cwd, 'native', { paths: ['db'] })).toEqual({
      code: 'fix-refused',
      message:
        'Which migrations are applied already cannot be told, so none was changed: This is not inside a git repository.',
    })
    expect(await texts(cwd)).toEqual(before)
  })

  test('what is not new on the branch is left, unless it is named by itself', async () => {
    const cwd = await directory({ 'db/1.sql': books, 'db/2.sql': trees.plain['db/2.sql'] })
    git(cwd, 'init', '-q', '-b', 'main')
    git(cwd, 'add', '-A')
    git(cwd, 'commit', '-q', '-m', 'x')
    git(cwd, 'checkout', '-q', '-b', 'work')
    await writeFile(join(cwd, 'db/3.sql'), "alter table books add column a text;\nupdate books set a = 'x';\n")
    const answer = await fix(cwd, 'plain', { paths: ['db'] })
    expect('text' in answer ? answer.text : answer).toMatch(
      /created db\/3_2\.sql\n(?:.*\n)*db\/2\.sql:2:1 data-change-with-schema-change is left: it is not new on this branch/,
    )
    expect((await texts(cwd))['2.sql']).toBe(trees.plain['db/2.sql'])
    const named = await fix(cwd, 'plain', { paths: ['db/1.sql', 'db/2.sql'] })
    expect('text' in named ? named.text : named).toContain('changed db/2.sql')
  })
})

describe('what is left, and why', () => {
  const left = async (layout: string, files: Readonly<Record<string, string>>): Promise<string> => {
    const cwd = await directory(files)
    const before = await texts(cwd)
    const answer = await fix(cwd, layout, { dryRun: true })
    expect(await texts(cwd)).toEqual(before)
    return 'text' in answer ? answer.text : answer.message
  }

  test.each([
    [
      'another migration has the id behind it',
      'goose',
      {
        'db/00001_books.sql': gooseBooks,
        'db/00002_i.sql':
          '-- +goose Up\nalter table books add column a text;\ncreate index i on books (title);\n\n-- +goose Down\ndrop index i;\nalter table books drop column a;\n',
        'db/00003_x.sql': '-- +goose Up\nselect 1;\n\n-- +goose Down\nselect 1;\n',
      },
      'no id is free behind 00002',
    ],
    [
      'a downgrade that cannot be divided',
      'goose',
      {
        'db/00001_books.sql': gooseBooks,
        'db/00002_i.sql':
          '-- +goose Up\nalter table books add column a text;\ncreate index i on books (title);\n\n-- +goose Down\nalter table books drop column a;\ndrop index i;\n',
      },
      'which part of its downgrade belongs to which part is not certain',
    ],
    [
      'a downgrade of what nobody knows',
      'goose',
      {
        'db/00001_i.sql':
          '-- +goose Up\nalter table unknown add column a text;\ncreate index i on unknown (a);\nalter table unknown add column b text;\n\n-- +goose Down\nalter table unknown drop column b;\ndrop index i;\nalter table unknown drop column a;\n',
      },
      'which part of its downgrade belongs to which part is not certain',
    ],
    [
      'bare SQL has no mark',
      'plain',
      { 'db/1.sql': books, 'db/2.sql': 'create index i on books (title);\n' },
      'a file of bare SQL has no mark that says that it runs outside a transaction',
    ],
    [
      'a file with a transaction of its own',
      'plain',
      { 'db/1.sql': books, 'db/2.sql': "begin;\nalter table books add a text;\nupdate books set a = '';\ncommit;\n" },
      'it begins or ends transactions itself',
    ],
    [
      'a part would meet what was new before',
      'goose',
      {
        'db/00001_books.sql': gooseBooks,
        'db/00002_i.sql':
          '-- +goose Up\ncreate table loans (id bigint primary key, book bigint);\ncreate index i on books (title);\ncreate index j on loans (book);\n\n-- +goose Down\ndrop index j;\ndrop index i;\ndrop table loans;\n',
      },
      'create-index-without-concurrently would still be reported',
    ],
    [
      'a migration behind a gate',
      'native',
      {
        'db/1_books.sql': nativeBooks,
        'db/2_i.sql':
          '-- migrate:gate approval\n-- migrate:up\nalter table books add column a text;\ncreate index i on books (title);\n-- migrate:down none because it is a test\n',
      },
      'it waits for a gate, and which of the parts has to wait is not known',
    ],
  ])('%s', async (_, layout, files, reason) => {
    expect(await left(layout, files)).toContain(reason)
  })
})

test('--staged and standard input have nothing on disk', async () => {
  const cwd = await directory(trees.plain)
  expect(await fix(cwd, 'plain', { staged: true })).toMatchObject({ code: 'command-invalid' })
  expect(await fix(cwd, 'plain', { paths: ['-'] })).toMatchObject({ code: 'command-invalid' })
})

test('programs get the same: what was fixed, what is left, and each difference', async () => {
  const cwd = await directory(trees.plain)
  const toolkit = await createToolkit({ cwd, env: {}, config: false, layout: 'plain', log: silentLog })
  const { json } = await toolkit.fix({ paths: ['db/1.sql', 'db/2.sql'], dryRun: true })
  expect(json).toMatchObject({
    version: 1,
    dryRun: true,
    fixed: [
      { rule: 'data-change-with-schema-change', path: 'db/2.sql', line: 2, column: 1 },
      { rule: 'rename-index-via-alter-table', path: 'db/2_3.sql', line: 1, column: 1 },
    ],
    left: [],
    files: [
      { path: 'db/2.sql', action: 'changed' },
      { path: 'db/2_2.sql', action: 'created', diff: expect.stringContaining('+++ b/db/2_2.sql') },
      { path: 'db/2_3.sql', action: 'created' },
    ],
    notes: [],
  })
})

test('a proof of a changed file is said to be stale', async () => {
  const cwd = await directory(trees.native)
  await mkdir(join(cwd, 'db/proofs'))
  const toolkit = await createToolkit({ cwd, env: {}, config: false, dir: 'db', log: silentLog })
  await toolkit.verify({
    migrations: ['20261102093059'],
    all: false,
    write: true,
    shadow: 'pglite',
    onProgress: () => undefined,
  })
  const answer = await toolkit.fix({ paths: Object.keys(trees.native), dryRun: true })
  expect(answer.text({ color: false, width: 80 })).toContain('migrate verify 20261102093059')
})

function git(cwd: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.com', '-c', 'commit.gpgsign=false']
  execFileSync('git', [...identity, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function schemaOf(connection: Connection): Promise<string> {
  return JSON.stringify(ownObjects(await fingerprint(connection)))
}
