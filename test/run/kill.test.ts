import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '../../src/model/database.ts'
import { down } from '../../src/run/down.ts'
import { up } from '../../src/run/up.ts'
import { fingerprint } from '../../src/verify/fingerprint.ts'
import { childRun } from '../support/child-run.ts'
import { type TestDatabase, createDatabase } from '../support/postgres.ts'
import { ownObjects } from '../support/differences.ts'
import { downInput, history, refusalOf, upInput } from '../support/run.ts'

/** One of each kind: in a transaction, outside one, in batches. Counting up shows what was done twice. */
const files = {
  '1_books.sql': [
    '-- migrate:up',
    'create table books (id int primary key, copies int not null default 0);',
    'insert into books select generate_series(1, 160);',
    'create view all_books as select id from books;',
    '-- migrate:down',
    'drop view all_books;',
    'drop table books;\n',
  ].join('\n'),
  '2_indexes.sql': [
    '-- migrate:up transaction:false',
    'create index concurrently books_copies_idx on books (copies);',
    'update books set copies = copies + 10;',
    '-- migrate:down transaction:false',
    'update books set copies = copies - 10;',
    'drop index concurrently books_copies_idx;',
    'update books set copies = copies - 100;\n',
  ].join('\n'),
  '3_count.sql': [
    '-- migrate:up',
    '-- migrate:backfill table:books key:id batch:50',
    'update books set copies = copies + 1;',
    '-- migrate:down',
    'update books set copies = copies - 1;\n',
  ].join('\n'),
}

/** Everything that a run leaves and that does not tell when, by whom and in how many attempts. */
async function left(connection: Connection): Promise<object> {
  const rows = async (sql: string): Promise<readonly unknown[]> => (await connection.query(sql)).rows
  const found = await fingerprint(connection)
  return {
    catalogue: { objects: ownObjects(found), columnOrder: found.columnOrder },
    books: await rows(`select copies, count(*)::int as books from books group by copies order by copies`),
    invalid: await rows(`select indexrelid::regclass::text as index from pg_index where not indisvalid`),
    migrations: await rows(
      `select id, name, sha256, meaning, phase, change, down, down_transaction from migrate.migration order by position`,
    ),
    backfills: await rows(
      `select migration, status, cursor, upper_bound, rows_done::int, rows_changed::int from migrate.backfill order by 1`,
    ),
    done: await rows(
      `select migration, direction, statement, sql, count(*)::int as times from migrate.step where event = 'done'
        group by 1, 2, 3, 4 order by 1, 2, 3`,
    ),
  }
}

/** Batches of one size, whatever time they take. */
const options = { backfill: { leastRows: 50, mostRows: 50 } }

let undisturbed: object
let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
  const connection = await database.connect()
  await up(upInput(connection, await history(files)))
  undisturbed = await left(connection)
})
afterAll(() => database.drop())

const step = 'insert into "migrate"."step"'
const applied = 'with applied'
const batch = 'UPDATE books'
const cursor = 'update "migrate"."backfill" set "cursor"'

describe('P4: an up that is killed, and run again, leaves what an undisturbed one leaves', () => {
  test.each([
    ['in the middle of the journal', 'create schema', 1],
    ['when the journal is there', 'commit', 1],
    ['when the run is written down', 'with "dead" as (update "migrate"."run"', 1],
    ['after a statement in a transaction', 'create table books', 1],
    ['after the last statement in a transaction', 'create view', 1],
    ['between the journal row and COMMIT', applied, 1],
    ['after COMMIT', 'commit', 2],
    ['between an intent and its statement', step, 1],
    ['between a concurrent index and its result', 'create index concurrently', 1],
    ['after the result', step, 2],
    ['in the transaction of one statement', 'update books set copies = copies + 10', 1],
    ['after that', 'commit', 3],
    ['before the section is done', applied, 2],
    ['when a backfill has begun', 'insert into "migrate"."backfill"', 1],
    ['in its first batch', batch, 1],
    ['between a batch and its COMMIT', cursor, 2],
    ['after the COMMIT of a batch', 'commit', 6],
    ['when a backfill is done and not written down', 'update "migrate"."backfill" set "status"', 1],
    ['when everything is done', applied, 3],
  ])('%s', async (_, to, time) => {
    const { url, connect } = await createDatabase()
    expect(await childRun(url, files, { options, dieAtAnswer: { to, time } }).ended).toBe(null)
    const connection = await connect()
    await up(upInput(connection, await history(files)))
    expect(await left(connection)).toEqual(undisturbed)
  })
})

describe('a down that is killed half-way', () => {
  const two = { '1_books.sql': files['1_books.sql'], '2_indexes.sql': files['2_indexes.sql'] }

  test.each([
    ['after its first statement', 'commit', 1],
    ['between an intent and its statement', step, 2],
    ['between a statement outside a transaction and its result', 'drop index concurrently', 1],
    ['before its last statement is kept', 'update books set copies = copies - 100', 1],
    ['before it is written down', 'with cursor', 1],
  ])('%s: no up before the next down has ended it', async (_, to, time) => {
    const { url, connect } = await createDatabase()
    const connection = await connect()
    const migrations = await history(two)
    await up(upInput(connection, migrations))
    const child = childRun(url, two, { command: 'down', dieAtAnswer: { to, time } })
    expect(await child.ended).toBe(null)
    expect(await refusalOf(up(upInput(connection, migrations)))).toEqual({
      code: 'migration-halfway',
      message: 'The downgrade of 2 stopped half-way. Nothing was changed.',
      at: { path: '2_indexes.sql', line: 1, column: 1 },
      details: undefined,
    })
    expect((await down(downInput(connection, migrations))).reverted.map(({ id }) => id)).toEqual(['2'])
    const state = await connection.query(
      `select (select array_agg(id) from migrate.migration) as applied, sum(copies)::int as copies,
              to_regclass('books_copies_idx') as index from books`,
    )
    expect(state.rows).toEqual([{ applied: ['1'], copies: -100 * 160, index: null }])
    expect((await up(upInput(connection, migrations))).applied.map(({ id }) => id)).toEqual(['2'])
  })
})

test('an up that is killed half-way: down says what has to be ended first, and changes nothing', async () => {
  const { url, connect } = await createDatabase()
  const connection = await connect()
  const child = childRun(url, files, { options, dieAtAnswer: { to: 'create index concurrently' } })
  expect(await child.ended).toBe(null)
  expect(await refusalOf(down(downInput(connection, await history(files))))).toMatchInlineSnapshot(`
    {
      "at": undefined,
      "code": "migration-halfway",
      "details": undefined,
      "message": "The upgrade 2 stopped half-way, at statement 1; nothing can be reverted under it. Nothing was changed.",
    }
  `)
})

test('a backfill that is killed: down says so, and does not take away what the cursor stands on', async () => {
  const { url, connect } = await createDatabase()
  const connection = await connect()
  const child = childRun(url, files, { options, dieAtAnswer: { to: 'commit', time: 6 } })
  expect(await child.ended).toBe(null)
  const migrations = await history(files)
  expect(await refusalOf(down(downInput(connection, migrations)))).toMatchInlineSnapshot(`
    {
      "at": undefined,
      "code": "backfill-halfway",
      "details": undefined,
      "message": "The backfill 3 stopped after 100 of about 160 rows; nothing can be reverted under it. Nothing was changed.",
    }
  `)
  await connection.run(`delete from migrate.backfill where migration = '3'`)
  expect((await down(downInput(connection, migrations))).reverted.map(({ id }) => id)).toEqual(['2'])
})
