import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { snapshotText } from '../../src/app/snapshot-file.ts'
import { parseJson } from '../../src/core/json.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { liveSchema, snapshotCatalogue } from '../../src/lint/live.ts'
import { nothingBefore, replay, replayMigration } from '../../src/lint/replay.ts'
import type { Catalogue } from '../../src/lint/schema/catalogue.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import type { Schema, SchemaFunction } from '../../src/model/schema.ts'
import { readSnapshot } from '../../src/verify/snapshot/read-snapshot.ts'
import { createDatabase, runAsAdmin, serverMajor } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'
import { linesOfModel, linesOfServer } from './catalogue-of.ts'
import { history } from './history.ts'
import { replayCases } from './replay-cases.ts'
import { snapshotOf } from './snapshot-of.ts'

beforeAll(() => postgres.load())

/** A database in which these files ran, each in a session of its own. */
async function databaseWith(files: readonly string[]): Promise<TestDatabase> {
  const database = await createDatabase()
  for (const file of files) {
    const connection = await database.connect()
    for (const statement of history(file)[0]?.upSql.statements ?? []) await connection.run(statement.sql)
    await connection.close()
  }
  return database
}

const cases = replayCases.filter(({ from }) => (from ?? 0) <= serverMajor())

describe('what is read of a database is what it has', () => {
  test.each(cases)('$title', async ({ files }) => {
    const database = await databaseWith(files)
    const connection = await database.connect()
    const catalogue = snapshotCatalogue((await snapshotOf(connection)).statements, postgres, serverMajor())
    expect({ complete: catalogue.complete, ...linesOfModel(catalogue) }).toEqual({
      complete: true,
      ...(await linesOfServer(connection)),
    })
  })
})

describe('what is read of a database goes on as the database does', () => {
  test.each(cases.filter(({ files }) => files.length > 1))('$title', async ({ files }) => {
    const database = await createDatabase()
    const catalogues: Catalogue[] = []
    for (const file of files) {
      const [migration] = history(file).map((one) => ({ ...one, up: { ...one.up, transaction: false } }))
      const connection = await database.connect()
      catalogues.push(snapshotCatalogue((await snapshotOf(connection)).statements, postgres, serverMajor()))
      for (const statement of migration?.upSql.statements ?? []) await connection.run(statement.sql)
      await connection.close()
      if (migration !== undefined) for (const catalogue of catalogues) replayMigration(catalogue, migration)
    }
    const server = await linesOfServer(await database.connect())
    for (const catalogue of catalogues) expect(linesOfModel(catalogue)).toEqual(server)
  })
})

/** Everything of a model that does not hang on how an expression is written. */
function details(model: Schema): unknown {
  return {
    tables: model.tables().map(({ columns, constraints, indexes, triggers, policies, ...rest }) => ({
      ...rest,
      columns: [...columns.values()].map(({ name, type, notNull, identity, generated, collation }) => ({
        name,
        type: type?.sql,
        notNull,
        identity,
        generated,
        collation,
      })),
      constraints: byName(constraints.values()).map((one) => {
        const { name, type, valid, enforced, deferrable } = one
        const key = one.type === 'foreign-key' ? [one.columns, one.references, one.referencedColumns, one.onDelete] : []
        const checked = one.type === 'check' ? [one.expression.columns, one.expression.provesNotNull] : []
        return [name, type, valid, enforced, deferrable, ...key, ...checked]
      }),
      indexes: [...indexes.values()]
        .map(({ name, unique, method, columns: keys, usesColumns, partial, plain, constraint, functions, valid }) => [
          [name.name, unique, method, keys, usesColumns, partial, plain, constraint, functions ?? [], valid],
        ])
        .toSorted(),
      triggers: byName(triggers.values()),
      policies: [...policies].toSorted(),
    })),
    views: model
      .views()
      .map((view) => ({ ...view, reads: view.reads.map(({ table, columns }) => [table, columns.toSorted()]) })),
  }
}

/** The words of a body are a set. */
function inOrder(function_: SchemaFunction | undefined): unknown {
  return function_?.signatures.map(({ words, ...rest }) => ({ ...rest, words: words?.toSorted() }))
}

function byName<T extends { readonly name: string }>(items: Iterable<T>): readonly T[] {
  return [...items].toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
}

const everything = `
create schema shop;
create type mood as enum ('sad', 'it''s ok');
create type shop.pair as (a int, b text);
create domain price as numeric(8, 2) not null check (value >= 0);
create domain free as text;
create sequence numbers as smallint;
create sequence shop.own;
create function shop.double(amount int, factor int default 2) returns int language sql immutable as 'select $1 * $2';
create function now_text() returns text language sql stable as 'select now()::text';
create function touch() returns trigger language plpgsql as 'begin execute ''select 1''; return new; end';
create function atomic() returns int language sql begin atomic select 1; end;
create procedure tidy(variadic names text[]) language sql as 'select 1';
create table authors (id bigint generated always as identity primary key, name text collate "C" not null default 'x', mood mood, at timestamptz default now());
create table shop.books (
  id int generated by default as identity (sequence name shop.book_numbers), title varchar(80), price price, pair shop.pair,
  author bigint references authors on delete cascade deferrable, twice int generated always as (id * 2) stored,
  constraint books_id primary key (id), unique (title, author), check (title <> '' and author is not null)
);
alter sequence shop.own owned by shop.books.title;
alter table shop.books add constraint later check (id > 0) not valid;
create index by_title on shop.books using hash (title);
create unique index on shop.books (lower(title), author) include (id) where id > 5;
create table shop.archive (note text) inherits (shop.books);
create table events (id bigint not null, at date not null, note text, primary key (id, at)) partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
create table events_rest partition of events default;
create index on events (note);
create view recent as select b.id, a.name from shop.books b join authors a on a.id = b.author;
create materialized view totals as select author, count(*) as books from shop.books group by author;
create unique index on totals (author);
create view names as select name from recent;
grant select on recent to public;
create trigger touched before update on shop.books for each row execute function touch();
create trigger recent_writes instead of insert on recent for each row execute function touch();
alter table authors enable row level security;
create policy own on authors using (name = current_user);
create publication feed for table authors, events;
`

describe('every kind of object', () => {
  test('is read as the history makes it', async () => {
    const database = await databaseWith([everything])
    const snapshot = await snapshotOf(await database.connect())
    const live = snapshotCatalogue(snapshot.statements, postgres, serverMajor())
    const made = replay(history(everything), nothingBefore(serverMajor()))
    expect(details(live)).toEqual(details(made))
    expect(live.complete).toBe(true)
    for (const name of ['mood']) expect(live.enumType({ name })).toEqual(made.enumType({ name }))
    for (const name of ['price', 'free']) expect(live.domain({ name })).toEqual(made.domain({ name }))
    for (const name of [
      { schema: 'shop', name: 'double' },
      { name: 'now_text' },
      { name: 'touch' },
      { name: 'tidy' },
      { name: 'atomic' },
    ])
      expect(inOrder(live.function(name))).toEqual(inOrder(made.function(name)))
    for (const name of [{ name: 'numbers' }, { schema: 'shop', name: 'own' }, { schema: 'shop', name: 'book_numbers' }])
      expect(live.sequence(name)).toEqual(made.sequence(name))
    expect(live.publication('feed')).toEqual(made.publication('feed'))
    expect(made.publication('feed')?.tables).toHaveLength(2)
  })

  test('partitions have the identity of their parent and no sequence of their own', async () => {
    const parts = `create table p (id bigint generated always as identity, at int) partition by list (at);
      create table p1 partition of p for values in (1); create table p2 (id bigint not null, at int);
      alter table p attach partition p2 for values in (2);`
    const connection = await (await databaseWith([parts])).connect()
    const catalogue = snapshotCatalogue((await snapshotOf(connection)).statements, postgres, serverMajor())
    expect(linesOfModel(catalogue)).toEqual(linesOfModel(replay(history(parts), nothingBefore(serverMajor()))))
    expect(linesOfModel(catalogue).sequences).toEqual((await linesOfServer(connection)).sequences)
  })

  test('of bodies of functions only names are in a snapshot, of policies nothing', async () => {
    const database = await databaseWith([everything])
    const { statements } = await snapshotOf(await database.connect())
    const text = JSON.stringify(statements)
    expect(text).not.toMatch(/select 1|select \$1|current_user/)
    expect(statements.find(({ of }) => of.name === 'touch')?.sql).toBe(
      `create function public.touch() returns trigger language plpgsql volatile as '"end" begin execute new return'`,
    )
  })
})

describe('sizes', () => {
  const filled = `create table t (id int primary key, note text); create table fresh (id int);
    create table p (id int) partition by list (id); create table p1 partition of p for values in (1); create table p2 partition of p default;
    create table emptied (id int);`

  test('are those of the planner; what was never analysed is not known, what has no page is empty', async () => {
    const database = await databaseWith([filled])
    const connection = await database.connect()
    await connection.run(
      'alter table t set (autovacuum_enabled = false); alter table p1 set (autovacuum_enabled = false); alter table emptied set (autovacuum_enabled = false)',
    )
    await connection.run(
      "insert into t select n, repeat('x', 100) from generate_series(1, 20000) n; insert into p select 1 from generate_series(1, 500)",
    )
    const rowsOf = async (): Promise<unknown> =>
      Object.fromEntries((await snapshotOf(connection)).tables.map(({ name, rows }) => [name, rows]))
    expect(await rowsOf()).toEqual({ t: undefined, fresh: 0, p: undefined, p1: undefined, p2: 0, emptied: 0 })
    await connection.run('analyze')
    expect(await rowsOf()).toEqual({ t: 20_000, fresh: 0, p: 500, p1: 500, p2: 0, emptied: 0 })
    // Analysed while it was empty, and filled since.
    await connection.run('insert into emptied select 1')
    expect(await rowsOf()).toMatchObject({ emptied: undefined })
    const { tables } = await snapshotOf(connection)
    const t = tables.find(({ name }) => name === 't')
    expect(t?.bytes).toBeGreaterThan(t?.heapBytes ?? 0)
    expect(t?.heapBytes).toBeGreaterThan(20_000 * 100)
    const [p, p1] = ['p', 'p1'].map((wanted) => tables.find(({ name }) => name === wanted))
    expect([p?.bytes, p?.heapBytes]).toEqual([p1?.bytes, p1?.heapBytes])
  })
})

describe('the session', () => {
  test('cannot write, and a role without rights on anything can read', async () => {
    const database = await databaseWith([everything])
    const owner = await database.connect()
    const role = `reader_${Math.random().toString(36).slice(2)}`
    await owner.run(
      `create role ${role}; revoke all on schema public from public; revoke all on schema shop from public`,
    )
    onTestFinished(() => runAsAdmin(`drop role ${role}`))
    await owner.run('create schema migrate; create table migrate.journal_version (version int)')
    const expected = await snapshotOf(owner)
    expect(expected.applied).toEqual([])
    const reader = await database.connect()
    await reader.run(`set role ${role}`)
    await expect(reader.query('select from shop.books')).rejects.toMatchObject({ sqlState: '42501' })
    const seen = await snapshotOf(reader)
    // It may not read the journal: nothing is said of what is applied.
    expect([seen.applied, seen.journal, expected.journal]).toEqual([undefined, 'unreadable', undefined])
    const bare = ({ tables, statements }: Snapshot): unknown => [tables, statements.map(({ of }) => of)]
    expect(bare(seen)).toEqual(bare(expected))
  })

  test('what a role may not read is told, and the schema is not known whole', async () => {
    const database = await databaseWith([everything])
    const connection = await database.connect()
    const role = `reader_${Math.random().toString(36).slice(2)}`
    await connection.run(
      `create role ${role}; revoke select on pg_catalog.pg_rewrite, pg_catalog.pg_enum from public; set role ${role}`,
    )
    onTestFinished(() => runAsAdmin(`drop role ${role}`))
    const snapshot = await snapshotOf(connection)
    expect(snapshot.unread).toEqual(['type', 'view', 'rule'])
    expect(snapshot.statements.filter(({ sql }) => /^create (view|type \S+ as enum)/.test(sql))).toEqual([])
    expect(snapshot.statements.filter(({ sql }) => /^create (table|function|type)/.test(sql))).toHaveLength(11)
    const { catalogue } = liveSchema(snapshot, [], postgres)
    expect(catalogue().complete).toBe(false)
    expect(parseJson(snapshotText(snapshot))).toEqual(snapshot)
  })

  test('no option of foreign data, no connection of a subscription and no login is read', async () => {
    const own = Math.random().toString(36).slice(2)
    const secret = `
      create foreign data wrapper wire options (debug 'hunter2');
      create server far type 'hunter2' version 'hunter2' foreign data wrapper wire options (host 'hunter2', password 'hunter2');
      create user mapping for public server far options (user 'hunter2', password 'hunter2');
      create foreign table away (id int options (column_name 'hunter2')) server far options (table_name 'hunter2');
      create text search dictionary words (template = pg_catalog.simple, accept = false);
      create table readers (id int, name text);
      create policy own on readers using (name = 'hunter2');
      create rule quiet as on insert to readers where new.name = 'hunter2' do instead nothing;
      create function hash() returns text language sql as $$ select 'hunter2' $$;
      create function hash_too() returns text language sql return 'hunter2';
      create subscription kinds_secret_${own} connection 'host=hunter2 password=hunter2' publication p with (connect = false, slot_name = none);`
    const connection = await (await databaseWith([secret])).connect()
    const snapshot = await snapshotOf(connection)
    await connection.run(`drop subscription kinds_secret_${own}`)
    expect(snapshotText(snapshot)).not.toContain('hunter2')
    expect(snapshot.statements.filter(({ sql }) => /mapping|subscription|server|policy|rule/.test(sql))).toHaveLength(6)
  })

  test('a write inside is refused, and nothing is left behind', async () => {
    const database = await databaseWith([`create schema migrate; create table migrate.journal_version (version int);`])
    const connection = await database.connect()
    const writing = readSnapshot(connection, {
      dialect: postgres,
      journalSchema: 'migrate',
      readApplied: async () => {
        await connection.run('create table public.x (id int)')
        return []
      },
    })
    await expect(writing).rejects.toMatchObject({ sqlState: '25006' })
    expect(
      (await connection.query(`select to_regclass('public.x') as x, current_setting('search_path') as path`)).rows,
    ).toEqual([{ x: null, path: '"$user", public' }])
  })

  test('the same schema gives the same text, whatever the order it was made in', async () => {
    const [one, other] = [
      `create table a (id int); create table b (id int);`,
      `create table b (id int); create table a (id int);`,
    ]
    const texts = []
    for (const files of [[one], [other]]) {
      const database = await databaseWith(files)
      texts.push(snapshotText(await snapshotOf(await database.connect())))
    }
    expect(texts[0]).toBe(texts[1])
  })

  test('a build that failed is an invalid index', async () => {
    const database = await databaseWith([`create table t (id int); insert into t values (1), (1);`])
    const connection = await database.connect()
    await expect(connection.run('create unique index concurrently broken on t (id)')).rejects.toMatchObject({
      sqlState: '23505',
    })
    await connection.run('create index whole on t (id)')
    const catalogue = snapshotCatalogue((await snapshotOf(connection)).statements, postgres, serverMajor())
    expect(['broken', 'whole'].map((name) => catalogue.index({ name })?.valid)).toEqual([false, undefined])
    expect(catalogue.table({ name: 't' })?.indexes.get('broken')?.valid).toBe(false)
  })
})
