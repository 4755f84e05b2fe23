import { expect, test } from 'vitest'
import type { Connection } from '../../src/model/database.ts'
import type { ParsedMigration } from '../../src/model/migration.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { planExample, runDown, runUp } from './plan-run.ts'

/** Writes that each writer does beside and after every step. */
const writesPerStep = 25
/** Rows that both writers share between them: odd ids are one's, even ids the other's. */
const sharedRows = 40

/** One version of the application: writes as fast as the server lets it, and knows what it wrote last. */
class Writer {
  readonly written = new Map<number, string>()
  writes = 0
  #running = true
  readonly #done: Promise<void>

  constructor(
    connection: Connection,
    ids: readonly number[],
    write: (id: number, value: string) => readonly string[],
    value: (n: number) => string,
  ) {
    this.#done = this.#loop(connection, ids, write, value)
  }

  async #loop(
    connection: Connection,
    ids: readonly number[],
    write: (id: number, value: string) => readonly string[],
    value: (n: number) => string,
  ): Promise<void> {
    while (this.#running) {
      const id = ids[this.writes % ids.length] ?? 0
      const next = value(this.writes)
      for (const sql of write(id, next)) await connection.query(sql)
      this.written.set(id, next)
      this.writes += 1
    }
  }

  /** Resolves once `count` more writes are done; rejects when one failed. */
  async more(count: number): Promise<void> {
    const until = this.writes + count
    while (this.writes < until) await Promise.race([this.#done, new Promise((resolve) => setImmediate(resolve))])
  }

  async stop(): Promise<void> {
    this.#running = false
    await this.#done
  }
}

const ids = (remainder: number): readonly number[] =>
  Array.from({ length: sharedRows }, (_, index) => index + 1).filter((id) => id % 2 === remainder)

interface Scene {
  readonly given: string
  readonly rows: string
  readonly change: string
  readonly column: string
  oldWrites(id: number, value: string): readonly string[]
  newWrites(id: number, value: string): readonly string[]
  value(n: number): string
}

/**
 * Runs the plan with the old version writing until contract, and the new one from the first step to the end; then goes
 * back over the contract beside the new one.
 */
async function underLoad(scene: Scene): Promise<{
  readonly expected: Record<string, string>
  readonly found: Record<string, string>
  readonly writes: number
}> {
  const { migrations } = await planExample(scene, serverMajor())
  const database = await createDatabase()
  const runner = await database.connect()
  await runner.run(scene.given)
  await runner.run(scene.rows)
  const older = new Writer(await database.connect(), ids(0), scene.oldWrites, scene.value)
  let newer: Writer | undefined
  const firstContract = migrations.findIndex(({ declaredPhase }) => declaredPhase === 'contract')
  for (const [index, migration] of migrations.entries()) {
    if (index === firstContract) await older.stop()
    await stepBeside(runner, migration, index < firstContract ? older : undefined, newer)
    newer ??= new Writer(await database.connect(), ids(1), scene.newWrites, scene.value)
  }
  for (const migration of migrations.slice(firstContract).toReversed()) await downBeside(runner, migration, newer)
  await newer?.stop()
  const { rows } = await runner.query<{ id: string; value: string }>(
    `select id::text, ${scene.column}::text as value from t where id <= ${sharedRows} order by id`,
  )
  const written = [...older.written, ...(newer?.written ?? [])].toSorted(([a], [b]) => a - b)
  return {
    expected: Object.fromEntries(written),
    found: Object.fromEntries(rows.map(({ id, value }) => [id, value])),
    writes: older.writes + (newer?.writes ?? 0),
  }
}

async function stepBeside(
  runner: Connection,
  migration: ParsedMigration,
  ...writers: readonly (Writer | undefined)[]
): Promise<void> {
  const enough = writers.map((writer) => writer?.more(writesPerStep))
  await runUp(runner, migration)
  await Promise.all(enough)
  await Promise.all(writers.map((writer) => writer?.more(writesPerStep)))
}

async function downBeside(runner: Connection, migration: ParsedMigration, writer: Writer | undefined): Promise<void> {
  const enough = writer?.more(writesPerStep)
  await runDown(runner, migration)
  await enough
}

test('renaming a column loses no write of either version', async () => {
  const { expected, found, writes } = await underLoad({
    given: `create table t (id bigint primary key, title text not null default 'none', price integer not null default 0);
create sequence extra start 1000;
create index t_title_idx on t (title);
create function note_price() returns trigger language plpgsql as $$
begin
  select new.price + 1 into new.price;
  return new;
end $$;
create trigger note_price before insert or update on t for each row execute function note_price();`,
    rows: `insert into t (id) select n from generate_series(1, 600) as n;`,
    change: 'alter table t rename column title to headline;',
    column: 'headline',
    oldWrites: (id, value) => [
      `update t set title = '${value}' where id = ${id}`,
      `update t set price = price + 1 where id = ${id + 1}`,
      `insert into t (id, title) values (nextval('extra'), '${value}')`,
    ],
    newWrites: (id, value) => [
      `update t set headline = '${value}' where id = ${id}`,
      `insert into t (id, headline) values (nextval('extra'), '${value}') on conflict (id) do update set headline = excluded.headline`,
    ],
    value: (n) => `value ${n}`,
  })
  expect(found).toEqual(expected)
  expect(writes).toBeGreaterThan(200)
})

test('changing a type loses no write of either version', async () => {
  const { expected, found, writes } = await underLoad({
    given: `create table t (id bigint primary key, hits integer not null default 0, note text);
create sequence extra start 1000;
create index t_hits_idx on t (hits);
create function note_hits() returns trigger language plpgsql as $$
declare seen integer := 0;
begin
  select new.hits + 1 into seen;
  new.note := 'hits ' || new.hits || ' ' || seen;
  return new;
end $$;
create trigger note_hits before insert or update on t for each row execute function note_hits();`,
    rows: `insert into t (id) select n from generate_series(1, 600) as n;`,
    change: 'alter table t alter column hits type bigint;',
    column: 'hits',
    oldWrites: (id, value) => [
      `update t set hits = ${value} where id = ${id}`,
      `update t set note = 'x' where id = ${id + 1}`,
      `insert into t (id, hits) values (nextval('extra'), ${value})`,
    ],
    newWrites: (id, value) => [
      `update t set hits = ${value} where id = ${id}`,
      `insert into t (id) values (nextval('extra'))`,
    ],
    value: (n) => String(n * 3),
  })
  expect(found).toEqual(expected)
  expect(writes).toBeGreaterThan(200)
})

test('setting NOT NULL fills the NULLs that are there and loses no write', async () => {
  const { expected, found, writes } = await underLoad({
    given: `create table t (id bigint primary key, amount integer default 7);`,
    rows: `insert into t select n, null from generate_series(1, 600) as n;`,
    change: 'alter table t alter column amount set not null;',
    column: 'amount',
    oldWrites: (id, value) => [`update t set amount = ${value} where id = ${id}`],
    newWrites: (id, value) => [`update t set amount = ${value} where id = ${id}`],
    value: (n) => String(n),
  })
  expect(found).toEqual(expected)
  expect(writes).toBeGreaterThan(100)
})
