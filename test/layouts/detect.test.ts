import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findDirectory } from '../../src/app/find-directory.ts'
import { layouts } from '../../src/layouts/registry.gen.ts'
import { directory } from '../support/cli.ts'
import { refusalOf } from '../support/run.ts'
import { project, readTree } from './tree.ts'

/** The layout that files are taken for, or the words with which nothing is taken. */
async function layoutOf(files: Readonly<Record<string, string>>, path: string, named?: string): Promise<string> {
  const cwd = await directory(files)
  return readTree(cwd, [path], named).then(
    (text) => text.split('\n')[0] ?? '',
    (error: unknown) => String(error instanceof Error ? error.message : error),
  )
}

const pairs = {
  'migrations/1_a.up.sql': 'create table a (id int); create table b (id int);',
  'migrations/1_a.down.sql': 'drop table a;',
}
const folders = { 'db/m/20240101000000_a/migration.sql': 'create table a (id int);' }

describe('where several tools write files alike', () => {
  test('a mark in the project decides', async () => {
    expect([
      await layoutOf({ ...pairs, 'go.mod': 'require github.com/golang-migrate/migrate/v4 v4.17.0' }, 'migrations'),
      await layoutOf({ ...pairs, 'Cargo.toml': 'sqlx = "0.8"' }, 'migrations'),
      await layoutOf({ ...pairs, 'package.json': '{"dependencies": {"node-pg-migrate": "8"}}' }, 'migrations'),
      await layoutOf({ ...folders, 'schema.prisma': '' }, 'db/m'),
      await layoutOf({ ...folders, 'drizzle.config.ts': '' }, 'db/m'),
    ]).toEqual(['golang-migrate', 'sqlx', 'node-pg-migrate', 'prisma', 'drizzle'])
  })

  test('without one nothing is guessed', async () => {
    expect([await layoutOf(pairs, 'migrations'), await layoutOf(folders, 'db/m')]).toEqual([
      'These files may be migrations of golang-migrate, node-pg-migrate or sqlx, which run them differently. Nothing was done.',
      'These files may be migrations of prisma or drizzle, which run them differently. Nothing was done.',
    ])
  })

  test('--layout says which', async () => {
    expect([await layoutOf(pairs, 'migrations', 'sqlx'), await layoutOf(folders, 'db/m', 'drizzle')]).toEqual([
      'sqlx',
      'drizzle',
    ])
  })
})

test('numbered files of bare SQL are those of a tool only where the project has its mark', async () => {
  const bare = { 'migrations/20240101000000_a.sql': 'create table a (id int);' }
  expect([
    await layoutOf(bare, 'migrations'),
    await layoutOf({ ...bare, 'Cargo.toml': 'sqlx = "0.8"' }, 'migrations'),
    await layoutOf({ ...bare, 'atlas.hcl': '' }, 'migrations'),
    await layoutOf({ ...bare, 'supabase/config.toml': '' }, 'migrations'),
  ]).toEqual(['plain', 'sqlx', 'atlas', 'supabase'])
})

test('files of dbmate are native where nothing says that dbmate runs them, or they say what it does not know', async () => {
  const files = { 'db/migrations/1_a.sql': '-- migrate:up\ncreate table a (id int);\n' }
  const dump = { 'db/schema.sql': '-- Dbmate schema migrations\n' }
  const phase = { 'db/migrations/2_b.sql': '-- migrate:phase expand\n-- migrate:up\ncreate table b (id int);\n' }
  expect([
    await layoutOf(files, 'db/migrations'),
    await layoutOf({ ...files, ...dump }, 'db/migrations'),
    await layoutOf({ ...files, ...dump, ...phase }, 'db/migrations'),
  ]).toEqual(['native', 'dbmate', 'native'])
})

describe('programs', () => {
  const nameless = { 'migrations/20240301080000_a.js': 'exports.up = (db) => db' }

  test('what they import and what they are given says whose they are', async () => {
    const only = (name: string, text: string): Promise<string> =>
      layoutOf({ [`migrations/${name}`]: text }, 'migrations')
    expect([
      await only('a.ts', "import type { Kysely } from 'kysely'\nexport async function up(db: Kysely<unknown>) {}"),
      await only('a.mts', "import type { Knex } from 'knex'\nexport const up = async (db: Knex) => {}"),
      await only('a.cjs', 'exports.up = async function (knex) {}'),
      await only('1_a.js', 'exports.up = (pgm) => {}'),
      await only('1-A.ts', "import { QueryRunner } from 'typeorm'\nexport class A1 { async up(q: QueryRunner) {} }"),
      await only('1-A.js', 'module.exports = class A1 { async up(queryRunner) {} }'),
    ]).toEqual(['kysely', 'knex', 'knex', 'node-pg-migrate', 'typeorm', 'typeorm'])
  })

  test('where they say nothing, a mark of the project does', async () => {
    expect([
      await layoutOf({ ...nameless, 'package.json': '{"dependencies": {"knex": "3"}}' }, 'migrations'),
      await layoutOf({ ...nameless, 'package.json': '{"dependencies": {"kysely": "0.28"}}' }, 'migrations'),
    ]).toEqual(['knex', 'kysely'])
  })

  test('without one, or with several, nothing is guessed', async () => {
    const kysely = "import type { Kysely } from 'kysely'\nexport async function up(db: Kysely<unknown>) {}"
    expect([
      await layoutOf({ ...nameless, 'package.json': '{"dependencies": {"knex": "3", "kysely": "1"}}' }, 'migrations'),
      await layoutOf(
        { ...nameless, 'migrations/b.ts': kysely, 'migrations/1_c.js': 'exports.up = (pgm) => {}' },
        'migrations',
      ),
      await layoutOf(nameless, 'migrations'),
      await layoutOf(nameless, 'migrations/20240301080000_a.js'),
      await layoutOf({ 'src/index.ts': 'export const a = 1' }, 'src'),
    ]).toEqual([
      'These files may be migrations of kysely or knex, which run them differently. Nothing was done.',
      'These files may be migrations of node-pg-migrate or kysely, which run them differently. Nothing was done.',
      'No file looks like a migration of a tool whose migrations are programs. Nothing was done.',
      'No file looks like a migration of a tool whose migrations are programs. Nothing was done.',
      'No file looks like a migration of a tool whose migrations are programs. Nothing was done.',
    ])
  })

  test('programs that are no migrations do not disturb bare SQL', async () => {
    expect(
      await layoutOf({ 'sql/a.sql': 'create table a (id int);', 'sql/load.ts': 'export const load = 1' }, 'sql'),
    ).toBe('plain')
  })
})

test('a layout that the files do not have is refused', async () => {
  expect([await layoutOf(pairs, 'migrations', 'prisma'), await layoutOf(pairs, 'migrations', 'golang')]).toEqual([
    'No file here looks like one of prisma: Prisma: <timestamp>_<name>/migration.sql and migration_lock.toml.',
    'There is no layout "golang".',
  ])
})

test('a file that is named alone is read with those beside it', async () => {
  const cwd = await project('golang-migrate')
  expect(await readTree(cwd, ['migrations/000002_index_loans.up.sql'])).toBe(
    `golang-migrate
000002 "index_loans"
  up migrations/000002_index_loans.up.sql (by themselves)
    1:1 CREATE INDEX CONCURRENTLY loans_book_idx ON loans (book)
  down migrations/000002_index_loans.down.sql (by themselves)
    1:1 DROP INDEX CONCURRENTLY loans_book_idx`,
  )
})

test('what lies beside a file is only for the layout that needs it', async () => {
  const cwd = await directory({
    'atlas/1_a.sql': 'create table a (id int);',
    'atlas/atlas.sum': 'h1:AAAA=\n',
    'sql/1_a.up.sql': 'create table a (id int);',
    'sql/1_a.down.sql': 'drop table a;',
  })
  expect([
    await readTree(cwd, ['atlas/1_a.sql']),
    await readTree(cwd, ['atlas/1_a.sql'], 'plain'),
    await readTree(cwd, ['sql/1_a.up.sql'], 'sqlx'),
  ]).toMatchInlineSnapshot(`
    [
      "atlas
    1 "a"
      up atlas/1_a.sql (transaction)
        1:1 create table a (id int)
      down none is expected",
      "plain
    1_a "1_a"
      up atlas/1_a.sql (transaction)
        1:1 create table a (id int)
      down none is expected",
      "sqlx
    1 "a"
      up sql/1_a.up.sql (transaction)
        1:1 create table a (id int)
      down sql/1_a.down.sql (transaction)
        1:1 drop table a",
    ]
  `)
})

describe('the directory where none is named', () => {
  const trees = readdirSync(join(import.meta.dirname, 'trees'))
  const expected: Readonly<Record<string, string>> = {
    atlas: 'migrations',
    dbmate: 'db/migrations',
    diesel: 'migrations',
    'drizzle-folders': 'drizzle',
    'drizzle-journal': 'drizzle',
    flyway: 'src/main/resources/db/migration',
    'golang-migrate': 'migrations',
    goose: 'migrations',
    'graphile-migrate': 'migrations',
    liquibase: 'db/changelog',
    knex: 'migrations',
    'knex-ts': 'src/migrations',
    kysely: 'migrations',
    native: 'migrations',
    'node-pg-migrate': 'migrations',
    'node-pg-migrate-programs': 'migrations',
    plain: 'sql',
    prisma: 'prisma/migrations',
    rails: 'db',
    sqitch: '.',
    sqlx: 'migrations',
    'sqlx-simple': 'migrations',
    supabase: 'supabase/migrations',
    typeorm: 'src/migrations',
  }

  test.each(trees)('%s', async (tree) => {
    const cwd = await project(tree)
    expect(findDirectory(layouts, { root: cwd, cwd, missing: 'elsewhere' })).toBe(expected[tree])
  })

  test('several are told apart by whoever asks', async () => {
    const cwd = await directory({
      'prisma/migrations/migration_lock.toml': '',
      'prisma/migrations/1_a/migration.sql': 'select 1;',
      'supabase/migrations/1_a.sql': 'select 1;',
    })
    const { code, message } = await refusalOf(
      Promise.resolve().then(() => findDirectory(layouts, { root: cwd, cwd, missing: 'migrations' })),
    )
    expect({ code, message }).toEqual({
      code: 'directory-missing',
      message:
        'There is no directory "migrations", and several that hold migrations: prisma/migrations, supabase/migrations.',
    })
  })
})
