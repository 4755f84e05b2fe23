/** A history, how far it is applied, and a command that is disturbed. */
export interface Scenario {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** What is applied before the command, up to this id; absent: nothing, not even a journal. */
  readonly applied?: string
  /** What was done to the database after the first migration. */
  readonly setup?: string
  /** The words of `migrate` behind the options that every run has. */
  readonly command: readonly ['up'] | readonly ['down', '--to', string]
  readonly effects: readonly Effect[]
}

/** What one statement of a migration does, as the database itself tells. */
export interface Effect {
  readonly migration: string
  /** Which statement of the up section, from 0. */
  readonly statement: number
  /** Which statement of the down section takes it back. */
  readonly backBy?: number
  /** One value: `done`, `not`, or anything else for what is neither. */
  readonly sql: string
}

/** The first migration of each: rows that tell how often something was done to them, as `copies` is counted and never set. */
const books = [
  '-- migrate:up',
  'create table books (id int primary key, copies int not null default 0, shelf int not null default 1);',
  'insert into books (id) select generate_series(1, 150);',
  '-- migrate:down',
  'drop table books;\n',
].join('\n')

/** Effects that can be looked for in SQL: `done` when the condition is true. */
export const whether = (condition: string): string => `select case when ${condition} then 'done' else 'not' end`

export const exists = (name: string): string => whether(`to_regclass('${name}') is not null`)

export const validated = (constraint: string): string =>
  whether(`exists (select from pg_constraint where conname = '${constraint}' and convalidated)`)

/** `done` when every row was counted by exactly so much, `not` when none was. */
export const counted = (by: number): string =>
  `select case when bool_and(copies = ${by}) then 'done' when bool_and(copies = 0) then 'not'
               else 'counted ' || array_agg(distinct copies)::text end from books`

/** An index that is there and INVALID is neither done nor not. */
export const index = (name: string): string =>
  `select coalesce((select case when indisvalid then 'done' else 'INVALID' end from pg_index
                     where indexrelid = to_regclass('${name}')), 'not')`

export const indexDropped = (name: string): string =>
  `select case found when 'not' then 'done' when 'done' then 'not' else found end from (${index(name)} as found) i`

const loans = [
  '-- migrate:up',
  'create table loans (id int primary key, book int not null references books);',
  'insert into loans select id, id from books where id <= 10;',
  'update books set copies = copies + 1;',
  'create view lent as select book from loans;',
  '-- migrate:down',
  'drop view lent;',
  'update books set copies = copies - 1;',
  'drop table loans;\n',
].join('\n')

const indexes = [
  '-- migrate:up transaction:false',
  "set work_mem = '8MB';",
  'create index concurrently books_copies_idx on books (copies);',
  'update books set copies = copies + 10;',
  "alter type mood add value 'sad';",
  'alter table books validate constraint books_shelved;',
  'drop index concurrently books_shelf_idx;',
  '-- migrate:down transaction:false',
  'create index concurrently books_shelf_idx on books (shelf);',
  'update books set copies = copies - 10;',
  'drop index concurrently books_copies_idx;\n',
].join('\n')

const beforeIndexes = [
  "create type mood as enum ('glad')",
  'create index books_shelf_idx on books (shelf)',
  'alter table books add constraint books_shelved check (shelf > 0) not valid',
].join('; ')

const counting = [
  '-- migrate:up',
  '-- migrate:backfill table:books key:id batch:100',
  'update books set copies = copies + 1;',
  '-- migrate:down',
  'update books set copies = copies - 1;\n',
].join('\n')

/** A second migration behind `books`, which is applied. */
export function second(
  name: string,
  sql: string,
  effects: readonly Omit<Effect, 'migration'>[],
  setup?: string,
): Scenario {
  return {
    name,
    files: { '1_books.sql': books, '2_second.sql': sql },
    applied: '1',
    ...(setup === undefined ? {} : { setup }),
    command: ['up'],
    effects: effects.map((effect) => ({ migration: '2', ...effect })),
  }
}

/** The same migration, taken back. */
function downOf(scenario: Scenario, name: string): Scenario {
  const effects = scenario.effects.filter(({ backBy }) => backBy !== undefined)
  return { ...scenario, name, applied: '2', command: ['down', '--to', '1'], effects }
}

const lends = { statement: 0, backBy: 2, sql: exists('loans') }
const shows = { statement: 3, backBy: 0, sql: exists('lent') }

/** A migration in one transaction. */
export const transaction: Scenario = second('up in a transaction', loans, [
  lends,
  { statement: 2, backBy: 1, sql: counted(1) },
  shows,
])

/** The same on an empty database, where the journal is made too; of a table that is not there nothing can be asked. */
const emptyDatabase: Scenario = {
  name: 'up on an empty database',
  files: transaction.files,
  command: ['up'],
  effects: [
    { migration: '1', statement: 0, sql: exists('books') },
    { migration: '2', ...lends },
    { migration: '2', ...shows },
  ],
}

/** Statements outside a transaction, of each kind. */
const alone: Scenario = second(
  'up outside a transaction',
  indexes,
  [
    { statement: 1, backBy: 2, sql: index('books_copies_idx') },
    { statement: 2, backBy: 1, sql: counted(10) },
    { statement: 3, sql: whether(`exists (select from pg_enum where enumlabel = 'sad')`) },
    { statement: 4, sql: validated('books_shelved') },
    { statement: 5, backBy: 0, sql: indexDropped('books_shelf_idx') },
  ],
  beforeIndexes,
)

/** Two batches, whatever time they take. */
const batches: Scenario = second('up of a backfill', counting, [{ statement: 0, backBy: 0, sql: counted(1) }])

/** All that are disturbed. */
export const scenarios: readonly Scenario[] = [
  emptyDatabase,
  transaction,
  alone,
  batches,
  downOf(transaction, 'down in a transaction'),
  downOf(alone, 'down outside a transaction'),
]
