import { describe, expect, test } from 'vitest'
import { down } from '../../src/run/down.ts'
import type { RunEvent } from '../../src/run/events.ts'
import { up } from '../../src/run/up.ts'
import { connect } from '../../src/db/connect.ts'
import { childRun, eventually } from '../support/child-run.ts'
import { createDatabase } from '../support/postgres.ts'
import { downInput, history, journalRows, refusalOf, upInput } from '../support/run.ts'

const files = (table: string, key: string, sql: string): Readonly<Record<string, string>> => ({
  '1_fill.sql': `-- migrate:phase backfill\n-- migrate:backfill table:${table} key:${key}\n\n-- migrate:up\n${sql};\n-- migrate:down none because the column was empty\n`,
})
const small = { firstRows: 60, leastRows: 50, mostRows: 100, targetMs: 150 }

describe('a backfill', () => {
  test('goes through keys of every common type, the smallest and the largest too', async () => {
    const connection = await (await createDatabase()).connect()
    const series = 'generate_series(-200, 200) g'
    const kinds: Readonly<Record<string, string>> = {
      int_keys: 'g',
      big_keys: 'g::bigint * 40000000000000',
      text_keys: `case g when -200 then '' else chr(1000 + g) || g end`,
      uuid_keys: `case g when -200 then '00000000-0000-0000-0000-000000000000'::uuid else md5(g::text)::uuid end`,
      time_keys: `case g when -200 then '-infinity'::timestamptz when 200 then 'infinity' else '2026-01-01'::timestamptz + g * interval '1 hour 1 microsecond' end`,
      numeric_keys: 'g::numeric(20, 5) / 7',
    }
    for (const [table, key] of Object.entries(kinds)) {
      await connection.run(
        `create table ${table} as select ${key} as k, 0 as n from ${series}; alter table ${table} add primary key (k)`,
      )
    }
    const all = await history(
      Object.fromEntries(
        Object.keys(kinds).map((table, index) => [
          `${index + 1}_${table}.sql`,
          files(table, 'k', `update ${table} set n = n + 1`)['1_fill.sql'] ?? '',
        ]),
      ),
    )
    await up(upInput(connection, all, { backfill: small }))
    for (const table of Object.keys(kinds)) {
      const { rows } = await connection.query(`select n, count(*)::int as rows from ${table} group by n`)
      expect({ table, rows }).toEqual({ table, rows: [{ n: 1, rows: 401 }] })
    }
  })

  test('takes names that need quotes, filters rows, and tells how it gets on', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run(
      `create schema "My Shop"; create table "My Shop"."Books" ("Key" int primary key, n int not null default 0)`,
    )
    await connection.run(`insert into "My Shop"."Books" ("Key") select generate_series(1, 250)`)
    const sql = `update "My Shop"."Books" set n = n + 1 where "Key" % 2 = 0`
    const events: RunEvent[] = []
    const migrations = await history(files('"My Shop"."Books"', '"Key"', sql))
    await up(upInput(connection, migrations, { backfill: { ...small, mostRows: 60 } }, events))
    const { rows } = await connection.query(
      `select count(*)::int as rows from "My Shop"."Books" where n = case "Key" % 2 when 0 then 1 else 0 end`,
    )
    expect(rows).toEqual([{ rows: 250 }])
    const done = events.flatMap((event) => (event.kind === 'backfill-progress' ? [event.progress] : []))
    expect(done.map(({ rowsDone, rowsChanged, rowsEstimated }) => ({ rowsDone, rowsChanged, rowsEstimated }))).toEqual([
      { rowsDone: 60, rowsChanged: 30, rowsEstimated: 250 },
      { rowsDone: 120, rowsChanged: 60, rowsEstimated: 250 },
      { rowsDone: 180, rowsChanged: 90, rowsEstimated: 250 },
      { rowsDone: 240, rowsChanged: 120, rowsEstimated: 250 },
      { rowsDone: 250, rowsChanged: 125, rowsEstimated: 250 },
    ])
    expect(await journalRows(connection)).toMatchObject({ migrations: ['1'], steps: ['1 up done'] })
  })

  test('sweeps once what was inserted meanwhile, and passes over an empty table', async () => {
    const database = await createDatabase()
    const [connection, other] = [await database.connect(), await database.connect()]
    await connection.run(
      'create table books (id int primary key, n int not null default 0); create table empty (id int primary key, n int)',
    )
    await connection.run('insert into books select generate_series(1, 120)')
    const empty = files('empty', 'id', 'update empty set n = 1')['1_fill.sql'] ?? ''
    const migrations = await history({ ...files('books', 'id', 'update books set n = n + 1'), '2_empty.sql': empty })
    const input = upInput(connection, migrations, { backfill: small })
    let inserted: Promise<void> | undefined
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'backfill-progress')
        inserted ??= other.run('insert into books select generate_series(121, 130)')
    }
    await up({ ...input, onEvent })
    await inserted
    const { rows } = await connection.query('select n, count(*)::int as rows from books group by n')
    expect(rows).toEqual([{ n: 1, rows: 130 }])
  })

  test('waits for rows that somebody holds, and goes on', async () => {
    const database = await createDatabase()
    const [connection, holder] = [await database.connect(), await database.connect()]
    await connection.run(
      'create table books as select g as id, 0 as n from generate_series(1, 300) g; alter table books add primary key (id)',
    )
    await holder.run('begin; update books set n = n where id = 150')
    const child = up(
      upInput(connection, await history(files('books', 'id', 'update books set n = n + 1')), { backfill: small }),
    )
    await eventually(
      async () =>
        (
          await holder.query<{ n: number }>(
            `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          )
        ).rows[0]?.n,
      (n) => n === 1,
    )
    await eventually(
      async () =>
        (
          await holder.query<{ n: number }>(
            `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          )
        ).rows[0]?.n,
      (n) => n === 0,
    )
    await holder.run('commit')
    await child
    const { rows } = await connection.query('select n, count(*)::int as rows from books group by n')
    expect(rows).toEqual([{ n: 1, rows: 300 }])
  })

  test('is refused where it cannot be cut, pointing at its directive', async () => {
    const connection = await (await createDatabase()).connect()
    await connection.run('create table books (id int primary key, isbn text unique, shelf int not null)')
    const refused = async (table: string, key: string): Promise<string> => {
      const answer = await refusalOf(
        up(upInput(connection, await history(files(table, key, `update ${table} set shelf = 1`)))),
      )
      expect({ code: answer.code, at: answer.at }).toEqual({
        code: 'backfill-invalid',
        at: { path: '1_fill.sql', line: 2, column: 1 },
      })
      return answer.message
    }
    expect([
      await refused('pages', 'id'),
      await refused('books', 'key'),
      await refused('books', 'isbn'),
      await refused('books', 'shelf'),
    ]).toEqual([
      'The backfill of pages cannot be cut into batches: there is no table pages.',
      'The backfill of books cannot be cut into batches: table books has no column key.',
      'The backfill of books cannot be cut into batches: column isbn of books may be NULL.',
      'The backfill of books cannot be cut into batches: column shelf of books has no unique index of its own.',
    ])
  })

  test('works on an embedded database, and is forgotten by down', async () => {
    const connection = await connect('pglite://memory')
    try {
      await connection.run(
        'create table books as select g::bigint as id, 0 as n from generate_series(1, 300) g; alter table books add primary key (id)',
      )
      const text = (files('books', 'id', 'update books set n = n + 1')['1_fill.sql'] ?? '').replace(
        'none because the column was empty',
        '\nupdate books set n = 0',
      )
      const migrations = await history({ '1_fill.sql': text })
      await up(upInput(connection, migrations, { backfill: small }))
      expect((await connection.query('select n, count(*)::int as rows from books group by n')).rows).toEqual([
        { n: 1, rows: 300 },
      ])
      await down(downInput(connection, migrations))
      await up(upInput(connection, migrations, { backfill: small }))
      expect((await connection.query('select n, count(*)::int as rows from books group by n')).rows).toEqual([
        { n: 1, rows: 300 },
      ])
    } finally {
      await connection.close()
    }
  })
})

test('killed mid-way and resumed: each of 100,000 rows is changed exactly once', async () => {
  const database = await createDatabase()
  const connection = await database.connect()
  await connection.run(
    'create table books as select g as id, 0 as n from generate_series(1, 100000) g; alter table books add primary key (id)',
  )
  const fill = files('books', 'id', 'update books set n = n + 1')
  const options = { backfill: { firstRows: 2000, leastRows: 2000, mostRows: 2000, targetMs: 150 } }
  for (const rows of [10_000, 40_000]) {
    const child = childRun(database.url, fill, { options })
    await child.until(
      ({ kind, progress }) => kind === 'backfill-progress' && JSON.stringify(progress).includes(`"rowsDone":${rows}`),
    )
    child.process.kill('SIGKILL')
    expect(await child.ended).toBe(null)
  }
  const { rows: halfway } = await connection.query('select count(distinct n)::int as kinds, max(n) as most from books')
  expect(halfway).toEqual([{ kinds: 2, most: 1 }])
  const last = childRun(database.url, fill, { options })
  expect(await last.ended).toBe(0)
  const { rows } = await connection.query('select n, count(*)::int as rows from books group by n')
  expect(rows).toEqual([{ n: 1, rows: 100_000 }])
})
