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
export const books = [
  '-- migrate:up',
  'create table books (id int primary key, copies int not null default 0, shelf int not null default 1);',
  'insert into books (id) select generate_series(1, 150);',
  '-- migrate:down',
  'drop table books;\n',
].join('\n')

/** Effects that can be looked for in SQL. */
export const exists = (name: string): string =>
  `select case when to_regclass('${name}') is null then 'not' else 'done' end`

/** `done` when every row was counted by exactly so much, `not` when none was. */
export const counted = (by: number): string =>
  `select case when bool_and(copies = ${by}) then 'done' when bool_and(copies = 0) then 'not'
               else 'counted ' || array_agg(distinct copies)::text end from books`

/** An index that is there and INVALID is neither done nor not. */
export const index = (name: string): string =>
  `select coalesce((select case when indisvalid then 'done' else 'INVALID' end from pg_index
                     where indexrelid = to_regclass('${name}')), 'not')`

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

const loansEffects: readonly Effect[] = [
  { migration: '2', statement: 0, backBy: 2, sql: exists('loans') },
  { migration: '2', statement: 2, backBy: 1, sql: counted(1) },
  { migration: '2', statement: 3, backBy: 0, sql: exists('lent') },
]

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

const indexesEffects: readonly Effect[] = [
  { migration: '2', statement: 1, backBy: 2, sql: index('books_copies_idx') },
  { migration: '2', statement: 2, backBy: 1, sql: counted(10) },
  {
    migration: '2',
    statement: 3,
    sql: `select case when exists (select from pg_enum where enumlabel = 'sad') then 'done' else 'not' end`,
  },
  {
    migration: '2',
    statement: 4,
    sql: `select case when convalidated then 'done' else 'not' end from pg_constraint where conname = 'books_shelved'`,
  },
  {
    migration: '2',
    statement: 5,
    backBy: 0,
    sql: `select case when found = 'not' then 'done' when found = 'done' then 'not' else found end
            from (${index('books_shelf_idx')} as found) i`,
  },
]

const counting = [
  '-- migrate:up',
  '-- migrate:backfill table:books key:id batch:100',
  'update books set copies = copies + 1;',
  '-- migrate:down',
  'update books set copies = copies - 1;\n',
].join('\n')

/** `up` on an empty database, where the journal is made too. */
export const emptyDatabase: Scenario = {
  name: 'up on an empty database',
  files: { '1_books.sql': books },
  command: ['up'],
  effects: [{ migration: '1', statement: 0, sql: exists('books') }],
}

/** A migration in one transaction. */
export const transaction: Scenario = {
  name: 'up in a transaction',
  files: { '1_books.sql': books, '2_loans.sql': loans },
  applied: '1',
  command: ['up'],
  effects: loansEffects,
}

/** Statements outside a transaction, of each kind. */
export const alone: Scenario = {
  name: 'up outside a transaction',
  files: { '1_books.sql': books, '2_indexes.sql': indexes },
  applied: '1',
  setup: beforeIndexes,
  command: ['up'],
  effects: indexesEffects,
}

/** Two batches, whatever time they take. */
export const batches: Scenario = {
  name: 'up of a backfill',
  files: { '1_books.sql': books, '2_count.sql': counting },
  applied: '1',
  command: ['up'],
  effects: [{ migration: '2', statement: 0, backBy: 0, sql: counted(1) }],
}

export const downInTransaction: Scenario = {
  ...transaction,
  name: 'down in a transaction',
  applied: '2',
  command: ['down', '--to', '1'],
}

export const downAlone: Scenario = {
  ...alone,
  name: 'down outside a transaction',
  applied: '2',
  command: ['down', '--to', '1'],
  effects: alone.effects.filter(({ backBy }) => backBy !== undefined),
}
