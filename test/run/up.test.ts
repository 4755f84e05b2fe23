import { describe, expect, test } from 'vitest'
import type { RunEvent } from '../../src/run/events.ts'
import { up } from '../../src/run/up.ts'
import { connect } from '../../src/db/connect.ts'
import { createDatabase } from '../support/postgres.ts'
import { history, journalRows, refusalOf, upInput } from '../support/run.ts'

const books = `-- migrate:up
create table books (id bigint primary key, title text);
insert into books values (1, 'Émile 🙂');
-- migrate:down
drop table books;
`
const isbn = `-- migrate:up
alter table books add column isbn text;
-- migrate:down
alter table books drop column isbn;
`

describe('up', () => {
  test('applies what is pending, in order, with its journal; and then has nothing to do', async () => {
    const connection = await (await createDatabase()).connect()
    const migrations = await history({ '1_books.sql': books, '2_isbn.sql': isbn })
    const events: RunEvent[] = []
    const first = await up(upInput(connection, migrations, {}, events))
    expect(first.applied.map(({ id, name, phase, attempts }) => ({ id, name, phase, attempts }))).toEqual([
      { id: '1', name: 'books', phase: 'expand', attempts: 1 },
      { id: '2', name: 'isbn', phase: 'expand', attempts: 1 },
    ])
    expect(events.map(({ kind }) => kind)).toEqual([
      'migration-started',
      'statement-started',
      'statement-started',
      'migration-applied',
      'migration-started',
      'statement-started',
      'migration-applied',
    ])
    const second = await up(upInput(connection, migrations))
    expect(second).toEqual({ applied: [], held: [], pending: [], reformatted: [], dryRun: false })
    expect(await journalRows(connection)).toEqual({
      migrations: ['1', '2'],
      steps: ['1 up done', '2 up done'],
      runs: ['up tester done'],
    })
  })

  test('a failing migration leaves nothing, and says where in the file it failed', async () => {
    const connection = await (await createDatabase()).connect()
    const broken = `-- migrate:up
insert into books values (2, 'Ünïcödé 🙂');
select 'é🙂', no_such_column
  from books;
-- migrate:down
select 1;
`
    const migrations = await history({ '1_books.sql': books, '2_broken.sql': broken })
    expect(await refusalOf(up(upInput(connection, migrations)))).toMatchInlineSnapshot(`
      {
        "at": {
          "column": 14,
          "line": 3,
          "path": "2_broken.sql",
        },
        "code": "migration-failed",
        "details": "  select 'é🙂', no_such_column
          from books",
        "message": "Migration 2 (broken) failed and was rolled back: column "no_such_column" does not exist (SQLSTATE 42703)",
      }
    `)
    const { rows } = await connection.query('select id::int from books')
    expect(rows).toEqual([{ id: 1 }])
    expect(await journalRows(connection)).toEqual({
      migrations: ['1'],
      steps: ['1 up done', '2 up 1 rolled-back 42703'],
      runs: ['up tester failed migration-failed'],
    })
  })

  test('a failure at COMMIT leaves nothing either', async () => {
    const connection = await (await createDatabase()).connect()
    const deferred = `-- migrate:up
create table pages (book bigint references books deferrable initially deferred);
insert into pages values (99);
-- migrate:down
drop table pages;
`
    const migrations = await history({ '1_books.sql': books, '2_pages.sql': deferred })
    expect(await refusalOf(up(upInput(connection, migrations)))).toMatchObject({ code: 'migration-failed' })
    const { rows } = await connection.query(`select to_regclass('pages') as pages`)
    expect(rows).toEqual([{ pages: null }])
    expect((await journalRows(connection)).migrations).toEqual(['1'])
  })

  test('steps, to and phases limit what is applied', async () => {
    const connection = await (await createDatabase()).connect()
    const drop = `-- migrate:up\nalter table books drop column title;\n-- migrate:down\nalter table books add column title text;\n`
    const migrations = await history({
      '1_books.sql': books,
      '2_drop.sql': drop,
      '3_authors.sql': '-- migrate:up\ncreate table authors (id int);\n-- migrate:down\ndrop table authors;\n',
      '4_isbn.sql': isbn,
    })
    const one = await up(upInput(connection, migrations, { steps: 1 }))
    expect({ applied: one.applied.map(({ id }) => id), held: one.held, pending: one.pending }).toEqual({
      applied: ['1'],
      held: [],
      pending: ['2', '3', '4'],
    })
    // The contract is left out on purpose, so it is not late afterwards; what touches its table waits for it.
    const expand = await up(upInput(connection, migrations, { phases: ['expand'] }))
    expect({ applied: expand.applied.map(({ id }) => id), held: expand.held }).toEqual({
      applied: ['3'],
      held: [
        { migration: '2', reason: 'phase', phase: 'contract' },
        { migration: '4', reason: 'dependency', on: '2', because: 'tables' },
      ],
    })
    const to = await up(upInput(connection, migrations, { to: '2' }))
    expect({ applied: to.applied.map(({ id }) => id), pending: to.pending }).toEqual({ applied: ['2'], pending: ['4'] })
    expect((await up(upInput(connection, migrations))).applied.map(({ id }) => id)).toEqual(['4'])
  })

  test('P13: a dry run says what would be done and writes nothing, not even a journal', async () => {
    const connection = await (await createDatabase()).connect()
    const migrations = await history({ '1_books.sql': books, '2_isbn.sql': isbn })
    const report = await up(upInput(connection, migrations, { dryRun: true }))
    expect(report.applied.map(({ id }) => id)).toEqual(['1', '2'])
    const { rows } = await connection.query(
      `select count(*)::int as n from pg_class where relnamespace::regnamespace::text in ('public', 'migrate')`,
    )
    expect(rows).toEqual([{ n: 0 }])
  })

  test('a setting that a migration makes does not reach the next one, nor the journal', async () => {
    const connection = await (await createDatabase()).connect()
    const migrations = await history({
      '1_path.sql': `-- migrate:up\ncreate schema shop;\nset search_path = shop;\ncreate table a (id int);\n-- migrate:down\ndrop schema shop cascade;\n`,
      '2_b.sql': '-- migrate:up\ncreate table b (id int);\n-- migrate:down\ndrop table b;\n',
    })
    await up(upInput(connection, migrations))
    const { rows } = await connection.query(
      `select relname::text as name, relnamespace::regnamespace::text as schema from pg_class where relname in ('a', 'b') order by 1`,
    )
    expect(rows).toEqual([
      { name: 'a', schema: 'shop' },
      { name: 'b', schema: 'public' },
    ])
  })

  test('refuses before it begins: bad SQL, transaction control, giving up the lock of the runner, a read-only session', async () => {
    const database = await createDatabase()
    const connection = await database.connect()
    const syntax = await history({
      '1_books.sql': books,
      '2_bad.sql': '-- migrate:up\ncreate tabel x ();\n-- migrate:down\nselect 1;\n',
    })
    expect(await refusalOf(up(upInput(connection, syntax)))).toMatchObject({
      code: 'sql-syntax',
      at: { path: '2_bad.sql', line: 2, column: 8 },
    })
    // The journal was on its way while the SQL was looked at.
    expect((await connection.query(`select to_regnamespace('migrate') as there`)).rows).toEqual([{ there: null }])
    expect((await connection.query(`select to_regclass('books') as there`)).rows).toEqual([{ there: null }])
    const commit = await history({
      '1_c.sql': '-- migrate:up\ncreate table x ();\ncommit;\n-- migrate:down\nselect 1;\n',
    })
    expect(await refusalOf(up(upInput(connection, commit)))).toMatchObject({
      code: 'transaction-control',
      at: { path: '1_c.sql', line: 3, column: 1 },
    })
    for (const sql of [
      'discard all',
      'select pg_catalog.pg_advisory_unlock_all()',
      'select PG_ADVISORY_UNLOCK_ALL()',
    ]) {
      const discard = await history({
        '1_d.sql': `-- migrate:up transaction:false\ncreate table x ();\n${sql};\n-- migrate:down\nselect 1;\n`,
      })
      expect(await refusalOf(up(upInput(connection, discard)))).toMatchObject({
        code: 'session-control',
        at: { path: '1_d.sql', line: 3, column: 1 },
      })
    }
    await connection.run('set default_transaction_read_only = on')
    const fine = await history({ '1_books.sql': books })
    expect(await refusalOf(up(upInput(connection, fine)))).toMatchObject({ code: 'read-only-server' })
    await connection.run('set default_transaction_read_only = off')
    const { rows } = await connection.query(
      `select to_regnamespace('migrate') as journal, to_regclass('books') as books`,
    )
    expect(rows).toEqual([{ journal: null, books: null }])
  })

  test('works on an embedded database', async () => {
    const connection = await connect('pglite://memory')
    try {
      const migrations = await history({ '1_books.sql': books, '2_isbn.sql': isbn })
      expect((await up(upInput(connection, migrations))).applied.map(({ id }) => id)).toEqual(['1', '2'])
      expect((await up(upInput(connection, migrations))).applied).toEqual([])
      expect((await journalRows(connection)).migrations).toEqual(['1', '2'])
    } finally {
      await connection.close()
    }
  })
})
