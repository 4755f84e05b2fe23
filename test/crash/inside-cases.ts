import type { Connection } from '../../src/model/database.ts'
import { eventually } from '../support/child-run.ts'
import { type Scenario, counted, exists, index, indexDropped, second, validated, whether } from './scenario.ts'

/** A statement that is under way, and stays so until the harm is done. */
export interface Inside {
  readonly scenario: Scenario
  /** Gets in the way before the command is started. */
  hold(first: Connection): Promise<void>
  /** Resolves when the statement is at the place; may get further in the way. */
  arrive(watcher: Connection, holders: { readonly first: Connection; readonly second: Connection }): Promise<void>
}

/** `held(n)` is n, and waits for as long as another session holds a lock; so a statement stays where it is. */
const heldFunction = `
  create function held(n int) returns int language plpgsql immutable as $$ begin
    while not pg_try_advisory_lock_shared(7) loop perform pg_sleep(0.01); end loop;
    perform pg_advisory_unlock_shared(7);
    return n;
  end $$`

const holdFunction = async (first: Connection): Promise<void> => first.run('select pg_advisory_lock(7)')
const release = async (first: Connection): Promise<void> => first.run('select pg_advisory_unlock_all()')

async function seen(watcher: Connection, sql: string): Promise<void> {
  await eventually(
    async () => (await watcher.query(sql)).rows.length,
    (rows) => rows > 0,
  )
}

const arriveInFunction = (watcher: Connection): Promise<void> =>
  seen(
    watcher,
    `select from pg_stat_activity where datname = current_database() and state = 'active' and wait_event = 'PgSleep'`,
  )

const arriveInPhase =
  (phase: string): Inside['arrive'] =>
  (watcher) =>
    seen(watcher, `select from pg_stat_progress_create_index where datname = current_database() and phase = '${phase}'`)

interface One {
  readonly name: string
  readonly up: string
  readonly setup?: string
  readonly transaction?: boolean
  /** What tells whether it is done. */
  readonly sql: string
}

function scenarioOf({ name, up, setup = '', transaction = false, sql }: One): Scenario {
  const file = `-- migrate:up${transaction ? '' : ' transaction:false'}\n${up};\n-- migrate:down\nselect 1;\n`
  return second(name, file, [{ statement: 0, sql }], `${heldFunction}; ${setup}`)
}

const buildIndex = (name: string): Scenario =>
  scenarioOf({
    name,
    up: 'create index concurrently books_held_idx on books (held(shelf))',
    sql: index('books_held_idx'),
  })

const constraint = `alter table books add constraint books_held check (held(shelf) > 0) not valid`

export const insides: readonly Inside[] = [
  {
    scenario: buildIndex('CREATE INDEX CONCURRENTLY, waiting before it builds'),
    hold: (first) => first.run('begin; update books set shelf = shelf where id = 1'),
    arrive: arriveInPhase('waiting for writers before build'),
  },
  {
    scenario: buildIndex('CREATE INDEX CONCURRENTLY, building'),
    hold: holdFunction,
    arrive: arriveInFunction,
  },
  {
    scenario: buildIndex('CREATE INDEX CONCURRENTLY, waiting before it validates'),
    hold: holdFunction,
    arrive: async (watcher, { first, second }) => {
      await arriveInFunction(watcher)
      await second.run('begin; lock table books in row exclusive mode')
      await release(first)
      await arriveInPhase('waiting for writers before validation')(watcher, { first, second })
    },
  },
  {
    scenario: buildIndex('CREATE INDEX CONCURRENTLY, waiting for old snapshots'),
    hold: async (first) => {
      await first.run('begin isolation level repeatable read')
      await first.query('select 1')
    },
    arrive: arriveInPhase('waiting for old snapshots'),
  },
  {
    scenario: scenarioOf({
      name: 'REINDEX CONCURRENTLY, building',
      setup: 'create index books_held_idx on books (held(shelf))',
      up: 'reindex index concurrently books_held_idx',
      sql: index('books_held_idx'),
    }),
    hold: holdFunction,
    arrive: arriveInFunction,
  },
  {
    scenario: scenarioOf({
      name: 'DROP INDEX CONCURRENTLY, waiting for readers',
      setup: 'create index books_shelf_idx on books (shelf)',
      up: 'drop index concurrently books_shelf_idx',
      sql: indexDropped('books_shelf_idx'),
    }),
    hold: (first) => first.run('begin; lock table books in access share mode'),
    arrive: (watcher) =>
      seen(
        watcher,
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ~ '^drop'`,
      ),
  },
  {
    scenario: scenarioOf({
      name: 'VALIDATE CONSTRAINT, reading the table',
      setup: constraint,
      up: 'alter table books validate constraint books_held',
      sql: validated('books_held'),
    }),
    hold: holdFunction,
    arrive: arriveInFunction,
  },
  {
    scenario: scenarioOf({
      name: 'a statement in a transaction',
      up: 'create table loans (); update books set copies = copies + held(1)',
      transaction: true,
      sql: exists('loans'),
    }),
    hold: holdFunction,
    arrive: arriveInFunction,
  },
  {
    scenario: scenarioOf({
      name: 'COMMIT',
      setup: `create function late() returns trigger language plpgsql as $$ begin perform held(1); return null; end $$;
              create constraint trigger late after insert on books deferrable initially deferred
                for each row execute function late()`,
      up: 'insert into books (id) values (1000)',
      transaction: true,
      sql: whether('exists (select from books where id = 1000)'),
    }),
    hold: holdFunction,
    arrive: arriveInFunction,
  },
  {
    scenario: scenarioOf({
      name: 'a batch of a backfill',
      up: '-- migrate:backfill table:books key:id batch:100\nupdate books set copies = copies + held(1)',
      transaction: true,
      sql: counted(1),
    }),
    hold: holdFunction,
    arrive: arriveInFunction,
  },
]
