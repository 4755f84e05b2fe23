import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ImportRequest } from '../../src/app/answers/import.ts'
import type { Answer } from '../../src/app/answer.ts'
import { createToolkit, type Toolkit } from '../../src/app/toolkit.ts'
import { silentLog } from '../../src/core/log.ts'
import { journals } from '../../src/journals/registry.gen.ts'
import type { Connection } from '../../src/model/database.ts'
import { directory } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import { journalRows, refusalOf } from '../support/run.ts'
import { schema, type ToolCase, tools } from './tools.ts'

interface Project {
  readonly cwd: string
  readonly connection: Connection
  readonly toolkit: Toolkit
  readonly take: (more?: Partial<ImportRequest>) => Promise<Answer>
}

const style = { color: false, width: 80 }

/** A project of a tool, and a database as the tool would leave it. */
async function project({ tool, files, journal }: Omit<ToolCase, 'imported'>, made = schema): Promise<Project> {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run(made)
  await connection.run(journal)
  const cwd = await directory(files)
  await symlink(join(import.meta.dirname, '../../node_modules'), join(cwd, 'node_modules'), 'dir')
  const dir = tool === 'dbmate' ? 'migrations' : 'db/ours'
  const env = { USER: 'importer' }
  const toolkit = await createToolkit({ cwd, env, config: false, dir, url: database.url, log: silentLog })
  const own = tool === 'node-pg-migrate' ? { files: 'db' } : {}
  const take: Project['take'] = (more = {}) =>
    toolkit.import({ write: tool !== 'dbmate', dryRun: false, onEvent: () => undefined, ...own, ...more })
  return { cwd, connection, toolkit, take }
}

function importedIn({ json }: Answer): readonly string[] {
  const imported: unknown = Reflect.get(Object(json), 'imported')
  if (!Array.isArray(imported)) throw new Error('nothing is said of what was imported')
  return imported.map((one: unknown) => {
    const field = (name: string): unknown => Reflect.get(Object(one), name)
    const at = field('appliedAt')
    return [field('id'), field('name'), ...(at instanceof Date ? [at.toISOString()] : [])].join(' ')
  })
}

/** Everything in the database but our own journal. */
async function theirs(connection: Connection): Promise<unknown> {
  const { rows } = await connection.query<{ name: string; rows: unknown }>(
    `select format('%I.%I', schemaname, tablename) as name,
            query_to_xml(format('select * from %I.%I', schemaname, tablename), true, false, '')::text as rows
       from pg_tables where schemaname !~ '^(pg_|information_schema|migrate$)' order by 1`,
  )
  return rows
}

test('every tool whose journal is known has a database here', () => {
  const tried = new Set(tools.map(({ tool }) => tool))
  expect(
    journals
      .filter(({ layout }) => layout !== undefined)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual([...tried].toSorted())
})

describe.each(tools.map((one, index) => ({ ...one, title: `${one.tool} (${index})` })))('$title', (one) => {
  test('what it applied is taken over, what is pending is applied by us, its tables are left alone', async () => {
    const { connection, toolkit, take } = await project(one)
    const before = await theirs(connection)
    const answer = await take()
    expect(importedIn(answer)).toEqual(one.imported)
    expect(await theirs(connection)).toEqual(before)
    const ids = one.imported.map((line) => line.split(' ')[0])
    expect(await journalRows(connection)).toEqual({
      migrations: ids,
      steps: ids.map((id) => `${id} up imported`),
      runs: ['import importer done'],
    })
    const status = await toolkit.status({ exitCode: false })
    expect(status.text(style)).toContain(`${ids.length} applied (${ids.length} imported), 1 pending.`)
    const up = await toolkit.up({ safe: false, dryRun: false, onEvent: () => undefined })
    expect(up.text(style)).toContain('1 migration applied.')
    const { rows } = await connection.query(`select isbn from books`)
    expect(rows).toEqual([])
  })

  test('a file that is not what was applied, and what failed or is under way, are refused', async () => {
    const { connection, take } = await project(one)
    const wrong = [one.otherHash, one.broken].filter((sql) => sql !== undefined)
    expect(wrong).not.toEqual([])
    for (const sql of wrong) {
      await connection.run(`begin; ${sql}; commit`)
      expect(await refusalOf(take())).toMatchObject({ code: 'import-refused' })
    }
    const { rows } = await connection.query(`select to_regnamespace('migrate') as journal`)
    expect(rows).toEqual([{ journal: null }])
  })
})

const flyway = tools.find(({ tool }) => tool === 'flyway') ?? tools[0]
const dbmate = tools[0]
if (flyway === undefined || dbmate === undefined) throw new Error('there are no tools')

test('written once and committed; every other database is imported from the files that are there', async () => {
  const { cwd, take } = await project(flyway)
  const dry = await take({ dryRun: true })
  expect(dry.text(style)).toMatchInlineSnapshot(`
    "The journal of flyway, public.flyway_schema_history, with the files in
    db/migration.
    Checked: the CRC32 of each script.
    would write  db/ours/0001_create_books.sql  from
    db/migration/V1__create_books.sql
    would write  db/ours/0002_index.sql  from db/migration/V1_1__index.sql
    would write  db/ours/0003_isbn.sql  from db/migration/V2__isbn.sql
    would import 0001 create_books
    would import 0002 index
    2 migrations would be written down as applied; none would run.
    1 migration not applied: see migrate status.
    "
  `)
  const unwritten = await refusalOf(take({ write: false }))
  expect(unwritten).toMatchObject({ code: 'import-refused' })
  expect(unwritten.details).toMatchInlineSnapshot(`
    "db/ours/0001_create_books.sql  from db/migration/V1__create_books.sql
    db/ours/0002_index.sql  from db/migration/V1_1__index.sql
    db/ours/0003_isbn.sql  from db/migration/V2__isbn.sql"
  `)
  expect((await take()).text(style)).toMatchInlineSnapshot(`
    "The journal of flyway, public.flyway_schema_history, with the files in
    db/migration.
    Checked: the CRC32 of each script.
    written     db/ours/0001_create_books.sql  from
    db/migration/V1__create_books.sql
    written     db/ours/0002_index.sql  from db/migration/V1_1__index.sql
    written     db/ours/0003_isbn.sql  from db/migration/V2__isbn.sql
    imported    0001 create_books
    imported    0002 index
    2 migrations written down as applied; none was run. The tables of flyway are as
    they were.
    1 migration not applied: see migrate status.
    From now on let only one of the two run. Compare the database with: migrate
    drift
    It tells the tables of flyway too, which no history of ours makes, until they
    are dropped or named in drift.ignore.
    "
  `)
  expect(await readFile(join(cwd, 'db/ours/0001_create_books.sql'), 'utf8')).toMatchInlineSnapshot(`
    "-- migrate:up
    create table books (id int primary key, title text);

    -- migrate:down none because Flyway had no downgrade for it
    "
  `)
  const second = await createDatabase()
  const connection = await second.connect()
  await connection.run(`${schema}; ${flyway.journal}`)
  const other = await createToolkit({ cwd, env: {}, config: false, dir: 'db/ours', url: second.url, log: silentLog })
  const request = { write: false, dryRun: false, onEvent: () => undefined }
  await writeFile(
    join(cwd, 'db/ours/0001_create_books.sql'),
    '-- migrate:up\nselect 1;\n-- migrate:down none because it is\n',
  )
  expect(await refusalOf(other.import(request))).toMatchObject({
    code: 'file-exists',
    details: 'db/ours/0001_create_books.sql: not what db/migration/V1__create_books.sql says',
  })
  await writeFile(
    join(cwd, 'db/ours/0001_create_books.sql'),
    '-- migrate:up\ncreate table books (id int primary key, title text);\n-- migrate:down\ndrop table books;\n',
  )
  expect(importedIn(await other.import(request))).toEqual(flyway.imported)
})

test('which tool it is: found out where there is one journal, asked for where there are several or none', async () => {
  const { connection, take } = await project(flyway)
  expect(await refusalOf(take({ from: 'flywey' }))).toMatchObject({ code: 'command-invalid' })
  expect(await refusalOf(take({ from: 'goose' }))).toMatchObject({
    message: 'There is no journal of goose in the database. Nothing was changed.',
  })
  await connection.run(`create schema other; create table other.schema_migrations (version text)`)
  expect(await refusalOf(take())).toMatchObject({
    message:
      'There are several journals of other tools in the database: dbmate in other.schema_migrations and flyway in public.flyway_schema_history.',
  })
  expect(importedIn(await take({ from: 'flyway' }))).toEqual(flyway.imported)
  expect(await refusalOf(take({ from: 'flyway' }))).toMatchObject({ code: 'adoption-refused' })
})

test('a baseline of Flyway stands for every version up to it', async () => {
  const { take } = await project({
    ...flyway,
    journal: flyway.journal.replace(
      /\(1, '1'.*\n.*\n.*\n.*/,
      `(1, '1.1', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', null, 'x', '2024-01-02', 0, true)`,
    ),
  })
  expect(importedIn(await take())).toEqual([
    '0001 create_books 2024-01-02T00:00:00.000Z',
    '0002 index 2024-01-02T00:00:00.000Z',
  ])
})

test.each([
  [
    'rails',
    `create table schema_migrations (version varchar primary key); create table ar_internal_metadata (key varchar primary key, value varchar); insert into schema_migrations values ('1'), ('2')`,
    'public.schema_migrations is the journal of rails, with 2 versions: 1 and 2. Its migrations are Ruby, and it keeps no hashes, so nobody can tell whether they are what ran. Nothing was taken over or changed.',
    '--exclude-table=public.ar_internal_metadata --exclude-table=public.schema_migrations',
  ],
  [
    'alembic',
    `create table alembic_version (version_num varchar(32) primary key); insert into alembic_version values ('ae1027a6acf')`,
    'public.alembic_version is the journal of alembic, with 1 version: ae1027a6acf. That is where it stands: its migrations are Python, and it keeps neither hashes nor what ran before, so nobody can tell whether they are what ran. Nothing was taken over or changed.',
    '--exclude-table=public.alembic_version',
  ],
  [
    'rails',
    `create table schema_migrations (version varchar primary key); create table ar_internal_metadata (key varchar primary key, value varchar); insert into schema_migrations select generate_series(11, 20)`,
    expect.stringContaining('with 10 versions, the last of them 20. '),
    'migrate baseline --dry-run',
  ],
])('%s: what is there is said, and how to go on', async (_, journal, message, details) => {
  const { take } = await project({ ...dbmate, journal })
  const refusal = await refusalOf(take())
  expect(refusal).toMatchObject({ code: 'import-refused', message, details: expect.stringContaining(details) })
})

test('what cannot be written as a file of ours is named, and nothing is written', async () => {
  const { take } = await project({
    ...flyway,
    files: { ...flyway.files, 'db/migration/V2__isbn.sql': 'alter table ${schema}.books add column isbn text;\n' },
  })
  expect(await refusalOf(take())).toMatchObject({
    code: 'import-refused',
    details: 'db/migration/V2__isbn.sql: It holds a placeholder that its tool replaces.',
  })
})
