import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { found } from './found.ts'
import type { Snippet } from './found.ts'

beforeAll(() => postgres.load())

const books = `create table authors (id bigint primary key, name text);
create table books (
  id bigint primary key, author_id bigint, title varchar(100), isbn text, price numeric(8,2), address cidr,
  added_at timestamp, flags bit varying(8), opens time(3)
);
create index books_author_id_idx on books (author_id);`

const silent = (why: string, sql: string, more: Partial<Snippet> = {}): Snippet => ({
  why,
  given: [books],
  sql,
  reported: [],
  ...more,
})

const inBatches = (table: string, sql: string): string =>
  `-- migrate:up\n-- migrate:backfill table:${table} key:id\n${sql};\n\n-- migrate:down none because it is only a copy`

/** Harmless SQL that other linters report; that it is harmless was measured. */
const snippets: readonly Snippet[] = [
  silent('varchar gets longer', 'alter table books alter column title type varchar(200);'),
  silent('varchar becomes text', 'alter table books alter column title type text;'),
  silent('varchar loses its length', 'alter table books alter column title type varchar;'),
  silent('text becomes varchar without a length', 'alter table books alter column isbn type varchar;'),
  silent('numeric gets wider with the same scale', 'alter table books alter column price type numeric(12,2);'),
  silent('numeric loses its limits', 'alter table books alter column price type numeric;'),
  silent('cidr becomes inet', 'alter table books alter column address type inet;'),
  silent('bit varying gets longer', 'alter table books alter column flags type bit varying(16);'),
  silent('time gets more digits', 'alter table books alter column opens type time(6);'),
  silent('the type stays', 'alter table books alter column isbn type text;'),
  silent('USING does nothing', 'alter table books alter column title type text using title::text;'),
  silent('the table is new', 'create table a (id bigint primary key);\nalter table a alter column id type text;'),

  silent('a negative constant', 'alter table books add column c bigint not null default -1;'),
  silent('a constant in parentheses', 'alter table books add column c bigint not null default (1);'),
  silent('stable functions of now()', `alter table books add column c timestamptz default timezone('utc', now());`),
  silent('now() with AT TIME ZONE', `alter table books add column c timestamp default (now() at time zone 'utc');`),
  silent('now() and an interval', `alter table books add column c timestamptz default now() + interval '1 day';`),
  silent('CURRENT_DATE', 'alter table books add column c date default current_date;'),
  silent('CURRENT_USER', 'alter table books add column c text not null default current_user;'),
  silent('LOCALTIMESTAMP', 'alter table books add column c timestamptz default localtimestamp;'),
  silent('now() with its schema', 'alter table books add column c timestamptz default pg_catalog.now();'),
  silent('current_setting()', `alter table books add column c text default current_setting('server_version');`),
  silent('jsonb_build_object()', `alter table books add column c jsonb not null default jsonb_build_object();`),
  silent('an immutable call', `alter table books add column c text default lower('ABC');`),
  silent('an empty array', `alter table books add column c text[] not null default '{}';`),
  silent('ARRAY[]', `alter table books add column c text[] not null default array[]::text[];`),
  silent('a cast literal', `alter table books add column c jsonb default '{}'::jsonb;`),
  silent('CASE of constants', 'alter table books add column c int default case when true then 1 else 2 end;'),
  silent('DEFAULT NULL', 'alter table books add column c int default null;'),
  silent('an enum label', `alter table books add column c mood not null default 'ok';`, {
    given: [books, `create type mood as enum ('ok', 'bad');`],
  }),
  silent('a domain without a constraint', 'alter table books add column c word;', {
    given: [books, 'create domain word as text;'],
  }),
  silent('a function that is declared stable', 'alter table books add column c int default answer();', {
    given: [books, 'create function answer() returns int language plpgsql stable as $$ begin return 42; end $$;'],
  }),
  silent('a virtual generated column', 'alter table books add column c bigint generated always as (id + 1) virtual;'),
  silent(
    'a volatile default on a new table',
    'create table a (id bigint primary key);\nalter table a add column c uuid default gen_random_uuid();',
  ),
  silent('a volatile default for new rows only', 'alter table books alter column isbn set default gen_random_uuid();'),
  silent(
    'a required column of a new table',
    'create table a (id bigint primary key);\nalter table a add column c bigint not null;',
  ),
  silent('a required column with a default', `alter table books add column c text not null default '';`),

  silent(
    'NOT NULL on a new table',
    'create table a (id bigint primary key, c bigint);\nalter table a alter column c set not null;',
  ),
  silent('NOT NULL once more', 'alter table books alter column id set not null;'),
  silent('NOT NULL proven by a validated check', 'alter table books alter column isbn set not null;', {
    given: [
      books,
      'alter table books add constraint isbn_there check (isbn is not null) not valid;',
      'alter table books validate constraint isbn_there;',
    ],
  }),
  silent('NOT NULL proven by a part of a check', 'alter table books alter column isbn set not null;', {
    given: [books, `alter table books add constraint isbn_there check (isbn is not null and isbn <> '');`],
  }),
  silent('NOT NULL proven by NOT (… IS NULL)', 'alter table books alter column isbn set not null;', {
    given: [books, 'alter table books add constraint isbn_there check (not (isbn is null));'],
  }),
  silent(
    'a primary key on a new table',
    'create table a (id bigint not null);\nalter table a add constraint a_pk primary key (id);',
  ),
  silent(
    'a primary key over a NOT NULL column’s index',
    'alter table a add constraint a_pk primary key using index a_id;',
    {
      given: ['create table a (id bigint not null);\ncreate unique index a_id on a (id);'],
    },
  ),
  silent(
    'a unique constraint over an index',
    'alter table books add constraint books_isbn unique using index books_isbn_idx;',
    {
      given: [books, 'create unique index books_isbn_idx on books (isbn);'],
    },
  ),
  silent(
    'a foreign key of a new table',
    'create table a (id bigint primary key, n int);\nalter table a add column author_id bigint references authors (id);\ncreate index on a (author_id);',
  ),
  silent(
    'a foreign key of a new column without a value',
    'alter table books add column editor_id bigint references authors (id);',
  ),
  silent('NOT VALID', 'alter table books add foreign key (author_id) references authors not valid;'),
  silent('VALIDATE in a later migration', 'alter table books validate constraint books_author_id_fkey;', {
    given: [books, 'alter table books add foreign key (author_id) references authors not valid;'],
  }),
  silent('a check NOT VALID', 'alter table books add constraint positive check (price > 0) not valid;'),
  silent('a check on a new table', 'create table a (id bigint primary key);\nalter table a add check (id > 0);'),
  silent(
    'a domain that nothing uses',
    'create domain email as text;\nalter domain email add check (value like $$%@%$$);',
  ),

  silent(
    'a domain of a new table',
    `create domain word as text;\ncreate table a (w word primary key);\nalter domain word add check (value <> '');\nalter domain word set not null;`,
  ),
  silent(
    'EXCLUDE on a new table',
    'create table a (id bigint primary key, n int);\nalter table a add exclude using btree (n with =);',
  ),
  silent(
    'a validation alone in its transaction',
    'alter table books validate constraint positive;\nalter table books add column c int;',
    {
      given: [books, 'alter table books add constraint positive check (price > 0) not valid;'],
    },
  ),
  silent('a foreign key to a wider type', 'alter table books add foreign key (author_id) references small not valid;', {
    given: [books, 'create table small (id int primary key);'],
  }),
  silent('text that references varchar', 'alter table books add foreign key (isbn) references codes not valid;', {
    given: [books, 'create table codes (code varchar(20) primary key);\ncreate index on books (isbn);'],
  }),
  silent(
    'a foreign key to a table that nobody knows',
    'alter table books add foreign key (author_id) references elsewhere not valid;',
  ),
  silent(
    'a foreign key of a table that nobody knows',
    'alter table elsewhere add foreign key (a) references authors not valid;',
  ),
  silent('a foreign key whose index is unique', `create table a (author_id bigint primary key references authors);`),
  silent(
    'a foreign key goes under a lock timeout',
    `set lock_timeout = '2s';\nalter table books drop constraint books_author_id_fkey;\nreset lock_timeout;`,
    {
      given: [books, 'alter table books add foreign key (author_id) references authors;'],
    },
  ),
  silent(
    'a check is replaced by another',
    'alter table books drop constraint positive, add constraint positive check (price >= 0) not valid;',
    {
      given: [books, 'alter table books add constraint positive check (price > 0);'],
    },
  ),
  silent(
    'a constraint that came and went',
    'alter table books add constraint positive check (price > 0) not valid;\nalter table books drop constraint positive;',
  ),
  silent('a unique constraint whose columns stay unique', 'alter table books drop constraint books_isbn_key;', {
    given: [books, 'alter table books add unique (isbn);\ncreate unique index books_isbn_idx on books (isbn);'],
  }),
  silent(
    'a primary key is replaced',
    'alter table books drop constraint books_pkey, add constraint books_pkey primary key using index books_new;',
    {
      given: [
        books,
        'alter table books alter author_id set not null;\ncreate unique index books_new on books (author_id);',
      ],
    },
  ),
  silent('a NOT VALID constraint of the last migrations', 'alter table books add column c int;', {
    given: [books, 'alter table books add constraint positive check (price > 0) not valid;', 'create schema a;'],
  }),
  silent('a check of a part of a date', 'alter table books add check (extract(hour from added_at) < 20) not valid;'),
  silent(
    'a partitioned table with its key',
    'create table parts (a int, b int, primary key (b, a)) partition by range (a);',
  ),
  silent(
    'a partition without a primary key',
    'create table parts (a bigint, primary key (a)) partition by range (a);\ncreate table p1 partition of parts for values from (1) to (2);',
    {},
  ),
  silent(
    'a join table',
    `create table a (author_id bigint references authors on delete cascade, n int, primary key (author_id, n));`,
  ),

  silent('a column that came and went', 'alter table books add column tmp text;\nalter table books drop column tmp;'),
  silent(
    'a column that came under another name',
    'alter table books add column tmp text;\nalter table books rename column tmp to note;',
  ),
  silent('a temporary table', 'create temp table tmp (id bigint) on commit drop;\ndrop table tmp;'),
  silent('an index of a temporary table', 'create temp table tmp (id bigint);\ncreate index tmp_i on tmp (id);'),
  silent(
    'an index of a new table without a transaction',
    'create table a (id bigint primary key, n int);\ncreate index a_i on a (n);',
    {
      transaction: false,
    },
  ),
  silent(
    'an index of a new table with a quoted name',
    'create table "Order" (id bigint primary key, n int);\ncreate index on "Order" (n);',
  ),
  silent(
    'an index of a new table under its schema',
    'create table a (id bigint primary key, n int);\ncreate index on public.a (n);',
  ),
  silent('an index of a table made by a query', 'create table a as select 1 as id;\ncreate index a_i on a (id);'),
  silent(
    'an index of a new materialized view',
    'create materialized view m as select id from books;\ncreate index m_i on m (id);',
  ),
  silent('an index of the parent only', 'create index i on only parts (a);', {
    given: ['create table parts (a int) partition by range (a);'],
  }),
  silent(
    'an index of a renamed new table',
    'create table a (id bigint primary key, n int);\nalter table a rename to b;\ncreate index on b (n);',
  ),
  silent('CONCURRENTLY after ROLLBACK', 'begin;\nrollback;\ncreate index concurrently i on books (isbn);', {
    transaction: false,
  }),
  silent('CONCURRENTLY after END', 'begin;\nselect 1;\nend;\ncreate index concurrently i on books (isbn);', {
    transaction: false,
  }),
  silent(
    'a view takes over the name',
    'alter table books rename to titles;\ncreate view books as select * from titles;',
  ),
  silent(
    'a view takes over the name in a transaction of the file',
    'begin;\nalter table books rename to titles;\ncreate view books as select * from titles;\ncommit;',
    { transaction: false },
  ),

  silent(
    'two changes of one table',
    'alter table books add column c int;\nalter table books alter column c set default 1;',
  ),
  silent(
    'a few rows beside a change',
    `alter table books add column c int;\ninsert into authors (id, name) values (1, 'Ada');`,
  ),
  silent(
    'a new table filled from itself',
    'create table a (id bigint primary key, n int);\ninsert into a values (1, 2);\nupdate a set n = 3;\ndelete from a;',
  ),
  silent(
    'every row, in batches',
    '-- migrate:up\n-- migrate:backfill table:books key:id\nupdate books set isbn = title;\n\n-- migrate:down none because it is only a copy',
  ),
  silent('reading', 'select count(*) from books;'),
  silent('a batch that writes lower case', inBatches('books', 'update books set isbn = lower(isbn)')),
  silent(
    'a batch that sets a key of a document',
    inBatches('documents', `update documents set body = body || '{"kind": 1}'`),
    { given: [books, 'create table documents (id bigint primary key, body jsonb);'] },
  ),
  silent(
    'a batch that takes a value of another table',
    inBatches('books', `update books set title = a.title || '!' from books a where a.id = books.author_id`),
  ),
  silent(
    'a batch that inserts what is missing',
    inBatches(
      'books',
      'insert into authors (id, name) select id, title from books where not exists (select from authors a where a.id = books.id)',
    ),
  ),
  silent('a waiting contract gives a name of old to another column', 'alter table books alter title set default 0;', {
    given: [
      books,
      `-- migrate:change books-title
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books rename column title to title_old;
alter table books rename column isbn to title;

-- migrate:down
alter table books rename column title to isbn;
alter table books rename column title_old to title;`,
    ],
  }),
  silent(
    'a helper that the downgrade makes and removes again',
    `-- migrate:up
alter table books add column note text;

-- migrate:down
create function f() returns text language sql as 'select 1::text';
alter table books drop column note;
drop function f();`,
  ),
  silent(
    'words of pg_dump',
    `set statement_timeout = 0;\nselect pg_catalog.set_config('search_path', 'public', false);`,
  ),
  silent('a view without a lock_timeout', 'create view v as select id from books;', { runnerSets: [] }),
  silent(
    'an index of a new table without a lock_timeout',
    'create table t (a bigint primary key, b int);\ncreate index i on t (b);',
    {
      runnerSets: [],
    },
  ),
  silent('a lock_timeout that the runner sets', 'alter table books add column c bigint;', {
    runnerSets: ['lock_timeout'],
  }),
  silent('no lock_timeout for CONCURRENTLY', 'set lock_timeout = 0;\ncreate index concurrently i on books (isbn);', {
    transaction: false,
    runnerSets: [],
  }),
  silent(
    'the head of a dump',
    'set standard_conforming_strings = on;\nset search_path = shop;\nset row_security = off;',
    {
      runnerSets: [],
    },
  ),
  silent('elements of an array', 'update t set a[1] = 1, a[2] = 2 where id = 1;', {
    given: ['create table t (id bigint, a int[]);'],
  }),
  silent(
    'deferred checks of another table',
    `insert into authors (id, name) values (1, 'Kafka');\nalter table t add column c bigint;`,
    {
      given: [books, 'create table t (id bigint, b bigint references books (id) initially deferred);'],
    },
  ),
  silent('a function of one’s own with a newer name', 'select casefold(isbn) from books;', {
    given: [books, `create function casefold(word text) returns text language sql immutable as 'select lower(word)';`],
  }),
  silent(
    'a table of a DO block',
    'do $$ begin create table a (id bigint primary key, n int); create index on a (n); end $$;',
  ),
  silent(
    'a column that is added where it is missing',
    `do $$ begin if not exists (select from pg_attribute where attname = 'note') then alter table books add column note text; end if; end $$;`,
  ),
  silent(
    'a DO block that asks',
    `do $$ declare n bigint; begin select count(*) into strict n from books; if n > 0 then raise exception '% rows', n; end if; end $$;`,
  ),
  silent('a sequence is set', `create sequence numbers;\nselect setval('numbers', 100);`),
  silent(
    'comments, rights and views',
    `comment on table books is 'ours';\ngrant select on books to public;\ncreate view v as select id from books;`,
  ),
  silent(
    'a trigger of a new table',
    'create table own (id bigint primary key);\ndrop trigger if exists tg on own;\ncreate trigger tg before insert on own for each row execute function f();',
  ),
  silent('a view is made again', 'drop view if exists v;\ncreate view v as select isbn from books;'),
  silent(
    'a function is made again',
    `drop function if exists f(int);\ncreate function f(a int) returns int language sql as 'select 1';`,
  ),
  silent('a view gets one more column', 'create or replace view v as select id, isbn from books;', {
    given: [books, 'create view v as select id from books;'],
  }),
  silent(
    'a function gets another body',
    `create or replace function f(a int) returns int language sql as 'select 2';`,
    {
      given: [books, `create or replace function f(a int) returns integer language sql as 'select 1';`],
    },
  ),
  silent(
    'an enum value that another table has as text',
    `-- migrate:change mood-calm
-- migrate:phase expand

-- migrate:up
alter type mood add value 'calm' after 'ok';
insert into authors (id, name) values (1, 'calm');

-- migrate:down none because a value of an enum cannot be removed`,
    {
      given: [books, `create type mood as enum ('ok', 'bad');`],
    },
  ),
  silent(
    'policies in the same transaction',
    'alter table books enable row level security;\ncreate policy p on books using (true);',
  ),
  silent('TRUNCATE … CASCADE of a new table', 'create table own (id bigint primary key);\ntruncate own cascade;'),
  silent('a domain with a check', `create domain email as text check (value like '%@%');`),
  silent(
    'bounded numbers that are no keys',
    'create table a (id bigint primary key, http_status int not null, rating smallint not null);',
  ),
  silent('the type "char", which is not char(n)', 'create table a (id bigint primary key, k "char" not null);'),
  silent('a code of fixed length', 'create table a (id bigint primary key, country char(2));'),
  silent(
    'the downgrade drops what the upgrade adds',
    '-- migrate:up\nalter table books add column if not exists note text;\n\n-- migrate:down\nalter table books drop column if exists note;',
  ),
  silent(
    'a file that says that it runs without a transaction',
    '-- migrate:up transaction:false\ncreate index concurrently books_isbn_idx on books (isbn);\nselect 1;\n\n-- migrate:down transaction:false\ndrop index concurrently books_isbn_idx;',
  ),
  silent(
    'an index that came and went',
    'create table own (id bigint primary key, a int);\ncreate index i on own (a);\ndrop index i;',
  ),
  silent(
    'other columns of a new table',
    'create table own (id bigint primary key, a int not null);\nalter table own alter a drop not null;\nalter table own rename a to b;',
  ),
  silent(
    'what nobody waits for, without a lock_timeout',
    `create function f() returns int language sql as 'select 1';
create schema s;
create sequence q;
create type place as (a int);
create role somebody;
comment on table books is 'ours';`,
    { runnerSets: [] },
  ),
  silent(
    'a constraint of a new table without a lock_timeout',
    'create table own (id bigint primary key, a int);\nalter table own add constraint c check (a > 0);',
    { runnerSets: [] },
  ),
  silent('a primary key of a partitioned table whose partitions have it', 'alter table sales add primary key (id);', {
    given: [
      `create table sales (id int not null) partition by range (id);
create table sales_1 partition of sales for values from (0) to (1000);`,
      'alter table sales_1 add primary key (id);',
    ],
  }),
  silent('a name of 63 bytes', `alter table books add column ${'a'.repeat(63)} int;`),
  silent('a long name that is there already', `comment on column books.${'a'.repeat(70)} is 'long';`, {
    given: [books, `alter table books add column ${'a'.repeat(70)} int;`],
  }),
  silent(
    'a long text',
    `insert into authors (id, name) values (1, '${'a'.repeat(100)} "${'b'.repeat(100)}"');\ncreate view v as select 1 as one;`,
  ),
  silent(
    'a value of an enum that the same transaction makes, on 17',
    `-- migrate:up
-- migrate:allow create-enum because it stays
create type mood as enum ('ok');
alter type mood add value 'calm' after 'ok';
create table people (id bigint primary key, mood mood default 'calm');

-- migrate:down
drop table people;
drop type mood;`,
  ),
  silent('SQL in a string', `insert into authors (id, name) values (1, 'drop table books; truncate books');`),
  silent('an empty file', '-- nothing to do'),
]

test.each(snippets)('$why', (snippet) => {
  expect(found(snippet)).toEqual(snippet.reported)
})
