import { beforeAll, expect, test } from 'vitest'
import { exampleMigration } from '../../scripts/measure/example-migrations.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import { found } from './found.ts'
import type { Snippet } from './found.ts'

beforeAll(() => postgres.load())

const books = `create table authors (id bigint primary key, name text);
create table genres (id bigint primary key, name text);
create table books (
  id bigint primary key, author_id bigint, title varchar(100), isbn text, pages int, price numeric(8,2), added_at timestamp
);
create index books_author_id_idx on books (author_id);`

const seen = (why: string, sql: string, reported: readonly string[], more: Partial<Snippet> = {}): Snippet => ({
  why,
  given: [books],
  sql,
  reported,
  ...more,
})

/** Dangerous SQL that other linters are silent about, or misread; that it is dangerous was measured. */
const snippets: readonly Snippet[] = [
  seen('a domain with a check', 'alter table books add column c positive;', ['add-column-with-volatile-default'], {
    given: [books, 'create domain positive as int check (value > 0);'],
  }),
  seen('a check inside ADD COLUMN', 'alter table books add column c bigint check (c > 0);', ['add-check-validated']),
  seen('bigserial', 'alter table books add column n bigserial;', ['add-column-with-volatile-default']),
  seen('identity', 'alter table books add column n bigint generated always as identity;', [
    'add-column-with-volatile-default',
  ]),
  seen('random()', 'alter table books add column c float8 default random();', ['add-column-with-volatile-default']),
  seen('clock_timestamp()', 'alter table books add column c timestamptz default clock_timestamp();', [
    'add-column-with-volatile-default',
  ]),
  seen('uuidv7()', 'alter table books add column c uuid default uuidv7();', ['add-column-with-volatile-default']),
  seen(
    'nextval()',
    `alter table books add column c bigint default nextval('s');`,
    ['add-column-with-volatile-default'],
    {
      given: [books, 'create sequence s;'],
    },
  ),
  seen('a volatile function deep inside', `alter table books add column c text default 'b-' || md5(random()::text);`, [
    'add-column-with-volatile-default',
  ]),
  seen('a function that nobody knows', 'alter table books add column c int default mystery();', [
    'add-column-with-volatile-default',
  ]),
  seen(
    'a generated column that is stored',
    'alter table books add column c bigint generated always as (id * 2) stored;',
    ['add-column-with-volatile-default'],
  ),
  seen('UNIQUE inside ADD COLUMN', 'alter table books add column c text unique;', ['add-unique-without-index']),
  seen(
    'PRIMARY KEY inside ADD COLUMN',
    'alter table t add column c int primary key;',
    ['add-required-column', 'add-primary-key-without-index'],
    {
      given: ['create table t (a int);'],
    },
  ),
  seen(
    'a foreign key with a value in every row',
    'alter table books add column genre_id bigint default 1 references genres (id);',
    ['add-foreign-key-validated'],
  ),

  seen(
    'the proof goes in the same ALTER',
    'alter table books alter column isbn set not null, drop constraint isbn_there;',
    ['set-not-null-without-check'],
    {
      given: [books, 'alter table books add constraint isbn_there check (isbn is not null);'],
    },
  ),
  seen(
    'the proof goes first in the same ALTER',
    'alter table books drop constraint isbn_there, alter column isbn set not null;',
    ['set-not-null-without-check'],
    {
      given: [books, 'alter table books add constraint isbn_there check (isbn is not null);'],
    },
  ),
  seen(
    'something else was validated',
    'alter table books validate constraint books_author_id_fkey;\nalter table books alter column isbn set not null;',
    ['set-not-null-without-check'],
    {
      given: [books, 'alter table books add foreign key (author_id) references authors not valid;'],
    },
  ),
  seen(
    'a check that NULL passes',
    'alter table books alter column pages set not null;',
    ['set-not-null-without-check'],
    {
      given: [books, 'alter table books add constraint positive check (pages > 0);'],
    },
  ),
  seen('a check with OR', 'alter table books alter column pages set not null;', ['set-not-null-without-check'], {
    given: [books, 'alter table books add constraint either check (pages is not null or isbn is not null);'],
  }),
  seen(
    'the proof was dropped before',
    'alter table books alter column isbn set not null;',
    ['set-not-null-without-check'],
    {
      given: [
        books,
        'alter table books add constraint isbn_there check (isbn is not null);',
        'alter table books drop constraint isbn_there;',
      ],
    },
  ),
  seen('a table that nobody knows', 'alter table elsewhere alter column c set not null;', [
    'set-not-null-without-check',
  ]),
  seen(
    'a primary key over an index of a nullable column',
    'alter table t add constraint t_pk primary key using index t_a;',
    ['primary-key-over-nullable-index'],
    {
      given: ['create table t (a int);\ncreate unique index t_a on t (a);'],
    },
  ),
  seen(
    'a primary key over an index that nobody knows',
    'alter table t add constraint t_pk primary key using index t_a;',
    ['primary-key-over-nullable-index (info)'],
    {
      given: ['create table t (a int not null);'],
    },
  ),

  seen('int to text', 'alter table books alter column pages type text;', [
    'change-column-type',
    'analyze-after-type-change (info)',
  ]),
  seen('int to bigint', 'alter table books alter column pages type bigint;', [
    'change-column-type',
    'analyze-after-type-change (info)',
  ]),
  seen('varchar gets shorter', 'alter table books alter column title type varchar(50);', [
    'change-column-type',
    'narrow-column-type (warning)',
    'analyze-after-type-change (info)',
  ]),
  seen('numeric changes its scale', 'alter table books alter column price type numeric(12,4);', [
    'change-column-type',
    'analyze-after-type-change (info)',
  ]),
  seen('USING computes', 'alter table books alter column isbn type text using lower(isbn);', [
    'change-column-type',
    'analyze-after-type-change (info)',
  ]),
  seen(
    'a check, validated under another lock',
    'alter table books add column c int;\nalter table books validate constraint positive;',
    ['validate-while-writes-wait'],
    { given: [books, 'alter table books add constraint positive check (pages > 0) not valid;'] },
  ),
  seen(
    'a foreign key, validated while the other table is locked',
    'alter table authors add column c int;\nalter table books validate constraint books_author_id_fkey;',
    ['validate-while-writes-wait'],
    { given: [books, 'alter table books add foreign key (author_id) references authors not valid;'] },
  ),
  seen(
    'a lock timeout of 0 is none',
    `set local lock_timeout = '0';\nalter table books drop constraint books_author_id_fkey;`,
    ['lock-timeout-ineffective (warning)', 'drop-foreign-key (warning)'],
    { given: [books, 'alter table books add foreign key (author_id) references authors;'] },
  ),
  seen(
    'a unique constraint goes',
    'alter table books drop constraint books_isbn_key;',
    ['drop-unique-constraint (warning)'],
    {
      given: [books, 'alter table books add unique (isbn);'],
    },
  ),
  seen('a primary key goes', 'alter table books drop constraint books_pkey;', ['drop-primary-key (warning)']),
  seen('a check goes', 'alter table books drop constraint positive;', ['drop-check-constraint (info)'], {
    given: [books, 'alter table books add constraint positive check (pages > 0);'],
  }),
  seen('another name for a constraint', 'alter table books rename constraint books_pkey to books_key;', [
    'rename-constraint (warning)',
  ]),
  seen(
    'a constraint that is not enforced',
    'alter table books add constraint positive check (pages > 0) not enforced;',
    ['not-enforced-constraint (warning)'],
  ),
  seen(
    'a partial index does not serve a foreign key',
    'alter table books add foreign key (pages) references numbers not valid;',
    ['foreign-key-without-index (warning)'],
    {
      given: [books, 'create table numbers (n int primary key);\ncreate index on books (pages) where pages > 0;'],
    },
  ),
  seen(
    'an int that references a bigint',
    'alter table books add foreign key (pages) references genres not valid;',
    ['foreign-key-type-mismatch (warning)'],
    { given: [books, 'create index on books (pages);'] },
  ),
  seen('a serial that references a bigint', `create table t (id int primary key references genres);`, [
    'foreign-key-type-mismatch (warning)',
  ]),
  seen(
    'a text that references a bigint',
    'alter table books add foreign key (isbn) references genres not valid;',
    ['foreign-key-type-mismatch'],
    { given: [books, 'create index on books (isbn);'] },
  ),
  seen(
    'a unique constraint over a partial index',
    'alter table books add constraint u unique using index books_isbn_idx;',
    ['constraint-over-unusable-index'],
    { given: [books, 'create unique index books_isbn_idx on books (isbn) where pages > 0;'] },
  ),
  seen(
    'a unique constraint over an index that may be INVALID',
    'alter table books add constraint u unique using index books_isbn_idx;',
    ['constraint-over-unusable-index (info)'],
    { given: [books, 'create unique index concurrently if not exists books_isbn_idx on books (isbn);'] },
  ),
  seen('EXCLUDE', 'alter table books add exclude using gist (pages with =);', ['exclusion-constraint']),
  seen(
    'a unique key without the partition key',
    'alter table parts add unique (b);',
    ['add-unique-without-index', 'unique-without-partition-key'],
    { given: ['create table parts (a int, b int) partition by range (a);'] },
  ),
  seen(
    'a key of a table that is partitioned by an expression',
    'alter table parts add primary key (a);',
    ['add-primary-key-without-index', 'unique-without-partition-key'],
    {
      given: ['create table parts (a int not null) partition by range ((a + 1));'],
    },
  ),
  seen('a check of the time', 'alter table books add check (added_at < now()) not valid;', [
    'volatile-check (warning)',
  ]),
  seen(
    'a domain in use is validated',
    'alter domain word validate constraint filled;',
    ['validate-domain-constraint'],
    {
      given: [
        'create domain word as text;\ncreate table t (a word primary key);',
        `alter domain word add constraint filled check (value <> '') not valid;`,
      ],
    },
  ),
  seen('INHERIT', 'alter table books inherit media;', ['inherit-from-table (warning)'], {
    given: [books, 'create table media (id bigint primary key);'],
  }),
  seen('REPLICA IDENTITY NOTHING', 'alter table books replica identity nothing;', [
    'replica-identity-nothing (warning)',
  ]),
  seen(
    'DEFERRABLE',
    'alter table books alter constraint books_author_id_fkey deferrable;',
    ['defer-constraint (info)'],
    {
      given: [books, 'alter table books add foreign key (author_id) references authors;'],
    },
  ),

  seen('timestamptz depends on the session', 'alter table books alter column added_at type timestamptz;', [
    'change-column-type (warning)',
    'analyze-after-type-change (info)',
  ]),
  seen('a column that nobody knows', 'alter table elsewhere alter column c type text;', [
    'change-column-type (warning)',
  ]),
  seen(
    'a widening that is checked again',
    'alter table books alter column title type varchar(200);',
    ['change-column-type (warning)'],
    {
      given: [books, `alter table books add constraint titled check (title <> '');`],
    },
  ),
  seen('a widening under a view', 'alter table books alter column title type varchar(200);', ['change-column-type'], {
    given: [books, 'create view titles as select b.title from books as b;'],
  }),

  seen(
    'a foreign key without a name, validated at once',
    'alter table books add foreign key (author_id) references authors not valid;\nalter table books validate constraint books_author_id_fkey;',
    ['add-foreign-key-validated'],
  ),
  seen(
    'a check, validated at once',
    'begin;\nalter table books add constraint positive check (pages > 0) not valid;\nalter table books validate constraint positive;\ncommit;',
    ['add-check-validated'],
    {
      transaction: false,
    },
  ),
  seen(
    'a foreign key to a new table',
    'create table shelves (id bigint primary key);\nalter table books add foreign key (author_id) references shelves;',
    ['add-foreign-key-validated'],
  ),
  seen('a domain in use becomes NOT NULL', 'alter domain word set not null;', ['domain-not-null'], {
    given: ['create domain word as text;\ncreate table t (a word);'],
  }),
  seen(
    'a domain in use gets a check',
    `alter domain word add check (value <> '');`,
    ['add-domain-constraint-validated'],
    {
      given: ['create domain word as text;\ncreate table t (a word);'],
    },
  ),
  seen('several constraints in one ALTER', 'alter table books add unique (isbn), add check (pages > 0);', [
    'add-unique-without-index',
    'add-check-validated',
  ]),
  seen(
    'a table that is there already',
    'create table if not exists books (id bigint);\ncreate index i on books (isbn);\nalter table books add constraint u unique (isbn);',
    ['if-not-exists-hides-difference', 'create-index-without-concurrently', 'add-unique-without-index'],
  ),
  seen(
    'a namesake in another schema is new',
    'create schema audit;\ncreate table audit.books (id bigint primary key);\ncreate index i on public.books (isbn);',
    ['create-index-without-concurrently'],
  ),
  seen(
    'the new table was rolled back',
    'begin;\ncreate table t (id bigint primary key);\nrollback;\ncreate index i on t (id);',
    ['create-index-without-concurrently'],
    { transaction: false },
  ),
  seen('the index of a partitioned table', 'create index i on parts (a);', ['create-index-without-concurrently'], {
    given: ['create table parts (a int) partition by range (a);'],
  }),
  seen('ONLY on an ordinary table', 'create index i on only books (isbn);', ['create-index-without-concurrently']),
  seen('the table has another name now', 'create index i on titles (isbn);', ['create-index-without-concurrently'], {
    given: [books, 'alter table books rename to titles;\ncreate view books as select * from titles;'],
  }),
  seen('an index of a table that nobody knows', 'drop index i;', ['drop-index-without-concurrently (warning)']),
  seen(
    'DROP INDEX CONCURRENTLY in a transaction',
    'begin;\ndrop index concurrently if exists i;\ncommit;',
    ['concurrently-in-transaction'],
    { transaction: false },
  ),
  seen('REINDEX CONCURRENTLY in the runner’s transaction', 'select 1;\nreindex index concurrently i;', [
    'concurrently-in-transaction',
  ]),
  seen('VACUUM in the runner’s transaction', 'select 1;\nvacuum books;', ['concurrently-in-transaction']),
  seen('ALTER SYSTEM in a transaction', `alter system set work_mem = '64MB';`, ['concurrently-in-transaction']),
  seen(
    'CONCURRENTLY after a savepoint',
    'begin;\nsavepoint a;\nrollback to a;\ncreate index concurrently i on books (isbn);\ncommit;',
    ['concurrently-in-transaction'],
    { transaction: false },
  ),

  seen('UPDATE', 'update books set pages = 1;', ['update-without-where']),
  seen('UPDATE WHERE true', 'update books set pages = 1 where true;', ['update-without-where']),
  seen('DELETE', 'delete from books;', ['delete-without-where']),
  seen('DELETE WHERE 1 = 1', 'delete from only books where 1 = 1;', ['delete-without-where']),
  seen(
    'a backfill under the lock of its column',
    'alter table books add column c bigint;\nupdate books set c = 1 where c is null;',
    ['data-change-with-schema-change (warning)'],
  ),
  seen('a backfill of everything under the lock', 'alter table books add column c bigint;\nupdate books set c = 1;', [
    'data-change-with-schema-change',
    'update-without-where',
  ]),
  seen(
    'a copy of a table under another lock',
    'alter table authors add column c bigint;\ninsert into genres select id, name from authors;',
    ['data-change-with-schema-change', 'insert-without-columns (info)'],
  ),
  seen(
    'a change after its data',
    'delete from books where pages = 0;\nalter table books drop constraint if exists nothing;',
    ['data-change-with-schema-change (warning)'],
  ),
  seen('a lock_timeout of zero', 'set local lock_timeout = 0;\nalter table books add column c bigint;', [
    'lock-timeout-ineffective (warning)',
  ]),
  seen(
    'a lock_timeout that is reset',
    `set local lock_timeout = '2s';\nreset lock_timeout;\nalter table books add column c bigint;`,
    ['lock-timeout-ineffective (warning)'],
    { runnerSets: [] },
  ),
  seen(
    'a lock_timeout that is reset, where the runner puts its own in force again',
    `set local lock_timeout = '2s';\nreset lock_timeout;\nalter table books add column c bigint;`,
    [],
  ),
  seen('a lock_timeout of a minute', `set local lock_timeout = '1min';\nalter table books add column c bigint;`, [
    'lock-timeout-ineffective (warning)',
  ]),
  seen(
    'SET LOCAL outside a transaction',
    `set local lock_timeout = '2s';\nalter table books add column c bigint;`,
    ['set-local-outside-transaction (warning)'],
    { transaction: false, runnerSets: [] },
  ),
  seen(
    'a lock_timeout of a transaction that is over',
    `begin;\nset local lock_timeout = '2s';\ncommit;\nalter table books add column c bigint;`,
    ['lock-timeout-ineffective (warning)'],
    { transaction: false, runnerSets: [] },
  ),
  seen(
    'a lock_timeout that comes too late',
    `alter table books add column c bigint;\nset local lock_timeout = '2s';`,
    ['lock-timeout-ineffective (warning)'],
    { runnerSets: [] },
  ),
  seen(
    'no lock_timeout',
    'alter table books add column c bigint;\nalter table books add column d bigint;',
    ['lock-timeout-missing (warning)'],
    { runnerSets: [] },
  ),
  seen(
    'a change under the deferred foreign key of another table',
    'delete from books where id = 1;\nalter table books add column c bigint;',
    ['data-change-with-schema-change (warning)', 'pending-trigger-events'],
    { given: [books, 'create table t (id bigint, b bigint references books (id) initially deferred);'] },
  ),
  seen(
    'a count of all rows under a lock',
    'alter table books add column c bigint;\ncreate materialized view v as select count(*) from authors;',
    ['slow-statement-under-strong-lock'],
  ),
  seen('TRUNCATE', 'truncate books;', ['truncate']),
  seen('TRUNCATE … CASCADE', 'truncate authors cascade;', ['truncate-cascade']),

  seen('two tables in one transaction', 'alter table books add column c int;\nalter table authors add column c int;', [
    'several-strong-locks-in-one-transaction (warning)',
  ]),
  seen(
    'two tables in a transaction of the file',
    'begin;\nalter table books add column c int;\nlock table authors;\ncommit;',
    ['lock-table (warning)', 'several-strong-locks-in-one-transaction (warning)'],
    { transaction: false },
  ),
  seen(
    'a new table references two',
    'create table t (b bigint primary key references books (id), a bigint unique references authors (id));',
    ['several-foreign-keys-at-once (info)'],
  ),
  seen(
    'two new tables reference two',
    `create table t (b bigint primary key references books (id));\ncreate table u (a bigint primary key references authors (id));`,
    ['several-strong-locks-in-one-transaction (warning)'],
  ),

  seen('a name in capitals', 'alter table books drop column "ISBN";', ['drop-column']),
  seen('DROP COLUMN among others', 'alter table books add column c int, drop column isbn;', [
    'drop-column',
    'phase-mismatch (info)',
  ]),
  seen('DROP TABLE of several', 'drop table books, genres;', ['drop-table', 'drop-table']),
  seen('DROP TYPE … CASCADE', 'drop type mood cascade;', ['drop-column'], {
    given: [`create type mood as enum ('ok');`, 'create table t (id int, m mood);'],
  }),
  seen('DROP SCHEMA … CASCADE', 'drop schema public cascade;', ['drop-schema']),
  seen(
    'a contract step without a gate',
    '-- migrate:phase contract\n\n-- migrate:up\nalter table books drop column isbn;\n\n-- migrate:down\nalter table books add column isbn text;',
    ['drop-column'],
  ),
  seen(
    'a contract step that a view stands in the way of',
    '-- migrate:phase contract\n-- migrate:gate approval\n\n-- migrate:up\nalter table books drop column isbn;\n\n-- migrate:down\nalter table books add column isbn text;',
    ['drop-column'],
    {
      given: [books, 'create view v as select isbn from books;'],
    },
  ),
  seen(
    'a rename without a transaction',
    'alter table books rename to titles;\ncreate view books as select * from titles;',
    ['rename-table'],
    { transaction: false },
  ),
  seen(
    'a view of another name',
    'alter table books rename to titles;\ncreate view old_books as select * from titles;',
    ['rename-table', 'phase-mismatch (info)', 'view-with-select-star (info)'],
  ),
  seen('a view of another table', 'alter table books rename to titles;\ncreate view books as select * from authors;', [
    'rename-table',
  ]),
  seen('RENAME without COLUMN', 'alter table books rename isbn to code;', ['rename-column']),

  seen(
    'rows of one table and of another',
    "insert into authors values (1, 'A');\ninsert into authors values (2, 'B');\ninsert into public.authors values (3, 'C');\ninsert into books select * from authors;",
    ['insert-without-columns (info)', 'insert-select-of-table (warning)', 'insert-without-columns (info)'],
  ),
  seen('EXECUTE in a DO block', `do $$ begin execute 'drop table books'; end $$;`, ['drop-table']),
  seen('DDL in a DO block', 'do $$ begin alter table books drop column isbn; end $$;', ['drop-column']),
  seen(
    'DDL in a branch of a DO block',
    `do $$ begin if exists (select from books) then null; else truncate books; end if; end $$;`,
    ['truncate'],
  ),
  seen('EXECUTE of what is put together', `do $$ begin execute format('drop table %I', 'books'); end $$;`, [
    'sql-not-understood (warning)',
  ]),
  seen('a call in a DO block', 'do $$ declare n int; begin n := tidy(); perform tidy(); end $$;', [
    'sql-not-understood (warning)',
    'sql-not-understood (warning)',
  ]),
  seen(
    'CONCURRENTLY in a DO block',
    `do $$ begin create index concurrently i on books (isbn); end $$;`,
    ['concurrently-in-transaction'],
    { transaction: false },
  ),
  seen(
    'strong locks in one DO block',
    `do $$ begin\n  alter table books add column c int;\n  alter table authors add column c int;\nend $$;`,
    ['several-strong-locks-in-one-transaction (warning)'],
    { transaction: false },
  ),
  seen('an EXECUTE in an EXECUTE', `do $a$ begin execute 'do $b$ begin drop table books; end $b$'; end $a$;`, [
    'drop-table',
  ]),
  seen('a call', 'call tidy();', ['sql-not-understood (warning)']),
  seen('a function of one’s own', 'select tidy();', ['sql-not-understood (warning)']),
  seen('CREATE RULE', 'create rule r as on delete to books do instead nothing;', ['create-rule (warning)']),
  seen('CREATE TRIGGER', 'create trigger tg before update on books for each row execute function f();', [
    'create-trigger (warning)',
  ]),
  seen('DROP TRIGGER', 'drop trigger if exists tg on books;', ['drop-trigger (warning)']),
  seen('DISABLE TRIGGER ALL', 'alter table books disable trigger all;', ['disable-trigger']),
  seen('VACUUM FULL', 'vacuum full books;', ['vacuum-full'], { transaction: false }),
  seen('CLUSTER', 'cluster books using books_pkey;', ['cluster']),
  seen('SET UNLOGGED', 'alter table books set unlogged;', ['set-logged-or-unlogged']),
  seen('SET TABLESPACE', 'alter table books set tablespace ts2;', ['set-tablespace']),
  seen('SET ACCESS METHOD', 'alter table books set access method columnar;', ['set-access-method']),
  seen('CREATE UNLOGGED TABLE', 'create unlogged table t (a bigint primary key);', ['create-unlogged-table (warning)']),
  seen('an unlogged table needs no key', 'create unlogged table t (line text);', ['create-unlogged-table (warning)']),
  seen('OWNER TO', 'alter table books owner to somebody;', ['change-owner (warning)']),
  seen('CREATE TABLE AS', 'create table t as select * from books;', ['create-table-as-from-large-table (warning)']),
  seen('LOCK TABLE', 'lock table books;', ['lock-table (warning)']),
  seen('a table is made anew', 'drop table if exists genres;\ncreate table genres (id bigint primary key);', [
    'drop-table',
    'drop-and-recreate-table',
  ]),

  seen('DROP VIEW … CASCADE', 'drop view v cascade;', ['drop-cascade'], {
    given: [books, 'create view v as select id from books;\ncreate view w as select id from v;'],
  }),
  seen('DROP VIEW … CASCADE of one that nobody knows', 'drop view v cascade;', ['drop-cascade (warning)']),
  seen('DROP EXTENSION … CASCADE', 'drop extension postgis cascade;', ['drop-cascade (warning)']),
  seen('DROP EXTENSION', 'drop extension postgis;', ['drop-extension']),
  seen('DROP MATERIALIZED VIEW', 'drop materialized view m;', ['drop-view']),
  seen('DROP FUNCTION … CASCADE', 'drop function f() cascade;', ['drop-cascade (warning)']),
  seen('DROP SEQUENCE … CASCADE', 'drop sequence s cascade;', ['drop-cascade (warning)']),
  seen('SET SCHEMA', 'alter table books set schema archive;', ['change-schema']),
  seen('ALTER SCHEMA … RENAME', 'alter schema shop rename to store;', ['rename-schema']),
  seen('ALTER TYPE … RENAME', 'alter type mood rename to feeling;', ['rename-object']),
  seen('ALTER VIEW … RENAME COLUMN', 'alter view v rename column a to b;', ['rename-object']),
  seen('ALTER FUNCTION … RENAME', 'alter function f() rename to g;', ['rename-object']),

  seen('RENAME VALUE', `alter type mood rename value 'a' to 'b';`, ['rename-enum-value']),
  seen(
    'ADD VALUE and its use in one transaction',
    `alter type mood add value 'meh' after 'ok';\ninsert into person (mood) values ('meh');`,
    ['enum-value-used-in-transaction', 'add-enum-value (info)'],
  ),
  seen('row security without a policy', 'alter table books enable row level security;', [
    'enable-row-security-without-policy',
  ]),
  seen('DISABLE ROW LEVEL SECURITY', 'alter table books disable row level security;', ['disable-row-security']),
  seen('REFRESH', 'refresh materialized view m;', ['refresh-materialized-view']),
  seen('a table leaves a publication', 'alter publication p drop table books;', ['change-publication']),
  seen(
    'an argument more, with a default',
    `create or replace function f(a int, b int default 1) returns int language sql as 'select 1';`,
    ['function-overload'],
    { given: [books, `create function f(a int) returns int language sql as 'select 1';`] },
  ),
  seen(
    'another return type',
    `create or replace function f(a int) returns bigint language sql as 'select 1';`,
    ['replace-function-signature'],
    { given: [books, `create function f(a int) returns int language sql as 'select 1';`] },
  ),
  seen('a view loses a column', 'create or replace view v as select id from books;', ['replace-view-columns'], {
    given: [books, 'create view v as select id, title from books;'],
  }),
  seen('ALTER SEQUENCE RESTART', 'alter sequence s restart;', ['restart-sequence (warning)']),
  seen('setval', `select setval('s', 1);`, ['restart-sequence (warning)']),
  seen('REVOKE', 'revoke select on books from app;', ['revoke-privileges (warning)']),
  seen('RENAME ATTRIBUTE', 'alter type place rename attribute a to b;', ['change-composite-type']),
  seen('ALTER EXTENSION', 'alter extension postgis update;', ['alter-extension (info)']),

  seen(
    'three tables in one transaction, said once',
    'alter table books add column c int;\nalter table authors add column c int;\nalter table genres add column c int;',
    ['several-strong-locks-in-one-transaction (warning)'],
  ),
  seen(
    'a third table after a foreign key',
    'alter table books add foreign key (author_id) references authors not valid;\nalter table genres add column c int;\nalter table books add column c int;',
    ['several-strong-locks-in-one-transaction (warning)'],
  ),
  seen(
    'two transactions with two tables each',
    `begin;
alter table books add column c int;
alter table authors add column c int;
commit;
begin;
alter table genres add column c int;
alter table authors add column d int;
commit;`,
    ['several-strong-locks-in-one-transaction (warning)', 'several-strong-locks-in-one-transaction (warning)'],
    { transaction: false },
  ),
  seen('a primary key is reported once', 'alter table books add constraint u primary key (isbn);', [
    'add-primary-key-without-index',
  ]),
  seen(
    'ATTACH PARTITION without a check',
    'alter table parts attach partition p1 for values from (1) to (2);',
    ['attach-partition-without-check (warning)'],
    {
      given: ['create table parts (a int) partition by range (a);\ncreate table p1 (a int);'],
    },
  ),
  seen('CREATE TABLE … PARTITION OF', 'create table p9 partition of parts for values from (1) to (2);', [
    'create-partition-of (warning)',
  ]),
  seen(
    'a foreign key goes',
    'alter table books drop constraint books_author_id_fkey;',
    ['drop-foreign-key (warning)', 'lock-timeout-missing (warning)'],
    { given: [books, 'alter table books add foreign key (author_id) references authors;'], runnerSets: [] },
  ),
  seen('SET EXPRESSION', 'alter table t alter column b set expression as (a * 3);', ['change-generated-expression'], {
    given: ['create table t (a int, b int generated always as (a * 2) stored);'],
  }),
  seen('DROP EXPRESSION', 'alter table t alter column b drop expression;', ['drop-generated-expression (warning)'], {
    given: ['create table t (a int, b int generated always as (a * 2) stored);'],
  }),
  seen(
    'IF NOT EXISTS under a timeout',
    `set statement_timeout = '5s';\ncreate index concurrently if not exists i on books (isbn);`,
    ['concurrently-under-timeout (warning)', 'index-if-not-exists (warning)'],
    { transaction: false },
  ),
  seen('ADD … AS IDENTITY', 'alter table books alter column id add generated always as identity;', [
    'identity-without-start',
    'identity-always (warning)',
  ]),
  seen('DROP IDENTITY', 'alter table t alter column id drop identity;', ['drop-default-of-required-column'], {
    given: ['create table t (id bigint generated always as identity primary key);'],
  }),
  seen('a column of type json', 'alter table books add column notes json;', ['add-column-of-type-json (warning)']),
  seen(
    'ON DELETE CASCADE without an index',
    'alter table books add foreign key (pages) references numbers on delete cascade not valid;',
    ['foreign-key-cascade (warning)', 'foreign-key-without-index (warning)'],
    { given: [books, 'create table numbers (n int primary key);'] },
  ),
  seen('CONCURRENTLY on a partitioned table', 'create index concurrently i on parts (a);', ['concurrently-refused'], {
    transaction: false,
    given: ['create table parts (a int) partition by range (a);'],
  }),
  seen('a constraint is enforced again', 'alter table books alter constraint c enforced;', [
    'add-foreign-key-validated',
  ]),
  seen('another search path', 'set search_path = shop;\nalter table books add column c int;', [
    'search-path-change (info)',
  ]),
  seen('INSERT … SELECT', 'insert into authors (id, name) select id, title from books;', [
    'insert-select-of-table (warning)',
  ]),
  seen('DROP MATERIALIZED VIEW … CASCADE', 'drop materialized view m cascade;', ['drop-cascade (warning)']),
  seen(
    'CONCURRENTLY without a unique index',
    'refresh materialized view concurrently m;',
    ['refresh-without-unique-index'],
    { given: [books, 'create materialized view m as select id from books;\ncreate index on m (id);'] },
  ),
  seen('a name of 64 bytes', `alter table books add column ${'a'.repeat(64)} int;`, ['name-too-long (warning)']),
  seen('a name of 32 letters of two bytes', `create schema "${'é'.repeat(32)}";`, ['name-too-long (warning)']),
  seen('a template hides nothing', 'alter table ${schema}.books drop column isbn;\ndrop table genres;', [
    'syntax-error',
    'drop-table',
  ]),
  seen('a variable hides nothing', 'select :var;\ndrop table genres;', ['syntax-error', 'drop-table']),
  seen('a command of psql hides nothing', '\\set a 1\ndrop table genres;', ['syntax-error', 'drop-table']),
  seen('rows of COPY hide nothing', 'copy genres (id) from stdin;\n1\n2\n\\.\ndrop table genres;', [
    'data-change-with-schema-change (warning)',
    'syntax-error',
    'drop-table',
  ]),
  seen(
    'an index over an expression without ANALYZE',
    'create index concurrently i on books (lower(isbn));',
    ['expression-index-without-analyze (info)'],
    { transaction: false },
  ),
  seen('DROP OWNED', 'drop owned by somebody;', ['sql-not-understood (info)']),
  seen('a broken statement hides nothing', 'alter table books add column;\ndrop table genres;', [
    'syntax-error',
    'drop-table',
  ]),
  seen('a comment that is not closed', 'select 1;\n/* drop table books;', ['syntax-error']),
  seen('é and emoji before', `-- é 🙂\ninsert into authors (id, name) values (1, '🙂');\ntruncate books;`, [
    'truncate',
  ]),
  seen(
    'a contract before its expand',
    `-- migrate:change books-isbn
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books drop column isbn;

-- migrate:down
-- migrate:down-loses books.isbn
alter table books add column isbn text;`,
    ['contract-without-expand'],
    {
      after: [
        `-- migrate:change books-isbn
-- migrate:phase expand

-- migrate:up
alter table books add column number text;

-- migrate:down
alter table books drop column number;`,
      ],
    },
  ),
]

test.each(snippets)('$why', (snippet) => {
  expect(found(snippet)).toEqual(snippet.reported)
})

test('tables that one transaction locks are named in the order of their locks', () => {
  const sql = 'alter table books add column c int;\nlock table authors;\nalter table genres add column c int;'
  const migration = exampleMigration(sql, 2000, true)
  const history = [exampleMigration(books, 1000, true), migration]
  const report = new Set([migration.id])
  const { findings } = lint({ history, report, rules, dialect: postgres, target: 18 })
  const messages = findings.filter(({ rule }) => rule === 'several-strong-locks-in-one-transaction')
  expect(messages.map(({ message, span }) => [sql.slice(span.start, span.end), message])).toEqual([
    [
      'lock table authors',
      'The transaction locks books, then authors, then genres, each until it ends: while it waits for one of them, as here for authors, reads and writes of books wait as well.',
    ],
  ])
})
