/** A statement to measure, with what was there before it. */
export interface EffectCase {
  readonly given: string
  readonly sql: string
  /** First major version that has the syntax. */
  readonly from?: number
  /** False: the server refuses it inside a transaction. */
  readonly transaction?: false
}

const books = `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, title varchar(80), isbn text, price numeric(8, 2), pages int, author bigint references authors, added timestamp);
insert into authors select n, 'a' || n from generate_series(1, 50) n;
insert into books select n, 't' || n, 'i' || n, n, n, n, now() from generate_series(1, 50) n;`

const parts = `create table parts (id int not null, at date not null, note text) partition by range (at);
create table parts_keys (id int primary key); insert into parts_keys select n from generate_series(1, 50) n;
create table parts_1 partition of parts for values from ('2026-01-01') to ('2026-02-01');
create table parts_2 partition of parts for values from ('2026-02-01') to ('2026-03-01');
insert into parts select n, '2026-01-02', 'x' from generate_series(1, 50) n;`

const functions = `create function touch() returns trigger language plpgsql as 'begin return new; end';
create function dice() returns int language plpgsql as 'begin return 4; end';
create function fixed() returns int language sql stable as 'select 4';`

const on = (given: string, ...statements: readonly string[]): readonly EffectCase[] =>
  statements.map((sql) => ({ given, sql }))
const since = (from: number, given: string, ...statements: readonly string[]): readonly EffectCase[] =>
  statements.map((sql) => ({ from, given, sql }))
const alone = (given: string, ...statements: readonly string[]): readonly EffectCase[] =>
  statements.map((sql) => ({ given, sql, transaction: false as const }))

export const cases: readonly EffectCase[] = [
  // Tables
  ...on(
    books,
    'create table loans (id int primary key, book bigint references books, author bigint references authors)',
    'create table loans (due date) inherits (books)',
    'create table loans (like books including all)',
    'create table loans as select * from books',
    'create table if not exists books (id int references authors)',
    'drop table books',
    'drop table authors cascade',
    'drop table if exists nothing',
    'alter table books rename to works',
    'alter table books set schema pg_catalog',
    'alter table books set unlogged',
    'alter table books set (fillfactor = 80)',
    'alter table books reset (fillfactor)',
    'alter table books set (autovacuum_enabled = false)',
    'alter table books replica identity full',
    'alter table books owner to current_user',
    'alter table books enable row level security',
    'alter table books force row level security',
    'alter table books cluster on books_pkey',
    'alter table books set without cluster',
  ).filter(({ sql }) => !sql.includes('pg_catalog')),
  ...on(`${books} create schema shop;`, 'alter table books set schema shop', 'drop schema shop cascade'),
  ...on('create table p (a int); create table c (a int);', 'alter table c inherit p'),
  ...on(
    'create table p (a int); create table c () inherits (p);',
    'alter table c no inherit p',
    'alter table p add column b int',
  ),
  ...on(
    `${books} create table covers (id int, book bigint references books);`,
    'truncate books cascade',
    'truncate covers',
  ),

  // Columns
  ...on(
    `${books}${functions} create domain positive as int check (value > 0); create domain plain as int;
create domain lucky as float default random(); create domain three as bigint default 3; create domain luckier as lucky;
create domain freed as numeric not null default 1 constraint k check (value > 0); alter domain freed drop constraint k; alter domain freed drop not null;`,
    'alter table books add column note text',
    `alter table books add column note text not null default 'x'`,
    'alter table books add column note timestamptz default now()',
    'alter table books add column note text default null',
    'alter table books add column note uuid default gen_random_uuid()',
    'alter table books add column note float default random()',
    'alter table books add column note timestamptz default clock_timestamp()',
    'alter table books add column note int default dice()',
    'alter table books add column note int default fixed()',
    'alter table books add column note lucky',
    'alter table books add column note three',
    'alter table books add column note three not null',
    'alter table books add column note three default random() * 6',
    'alter table books add column note luckier',
    'alter table books add column note freed',
    'alter table books add column note three references authors',
    'alter table books alter column price type freed',
    'alter table books add column note int default abs(fixed())',
    'alter table books add column note serial',
    'alter table books add column note int generated always as identity',
    'alter table books add column note bigint generated always as (id + 1) stored',
    'alter table books add column note positive',
    'alter table books add column note positive default 1',
    'alter table books add column note plain',
    'alter table books add column note plain default 1',
    'alter table books add column note int check (note > 0)',
    'alter table books add column note int unique',
    'alter table books add column note bigint references authors',
    'alter table books add column note bigint default 1 references authors',
    'alter table books add column if not exists title text',
    'alter table books drop column title',
    'alter table books drop column if exists nothing',
    'alter table books drop column author',
    'alter table authors drop column id cascade',
    'alter table books rename column title to name',
    'alter table books alter column title set not null',
    'alter table books alter column id set not null',
    'alter table books alter column title drop not null',
    `alter table books alter column title set default 'x'`,
    'alter table books alter column title drop default',
    'alter table books alter column title set statistics 200',
    'alter table books alter column title set storage external',
    'alter table books alter column title set (n_distinct = 5)',
    'alter table books alter column id add generated by default as identity',
  ),
  ...on(
    `${books} alter table books add constraint c check (title is not null and price > 0), add constraint d check (isbn is not null) not valid;`,
    'alter table books alter column title set not null',
    'alter table books alter column price set not null',
    'alter table books alter column isbn set not null',
  ),
  ...on(
    'create table t (a int, b int generated always as (a + 1) stored, c int generated by default as identity); insert into t values (1);',
    'alter table t alter column b drop expression',
    'alter table t alter column c drop identity',
    'alter table t alter column c set generated always',
  ),
  ...since(
    17,
    'create table t (a int, b int generated always as (a + 1) stored); insert into t values (1);',
    'alter table t alter column b set expression as (a + 2)',
  ),
  ...since(
    18,
    'create table t (a int, b int generated always as (a + 1) virtual); insert into t values (1);',
    'alter table t alter column b set expression as (a + 2)',
    'alter table t add column c int generated always as (a) virtual',
  ),

  // Types
  ...on(
    books,
    'alter table books alter column title type varchar(100)',
    'alter table books alter column title type text',
    'alter table books alter column title type varchar(20)',
    'alter table books alter column isbn type varchar(20)',
    'alter table books alter column isbn type varchar',
    'alter table books alter column price type numeric(10, 2)',
    'alter table books alter column price type numeric',
    'alter table books alter column price type numeric(10, 3)',
    'alter table books alter column pages type bigint',
    'alter table books alter column pages type text',
    'alter table books alter column title type text using title::text',
    'alter table books alter column title type text using upper(title)',
    'alter table books alter column author type int',
    'alter table authors alter column id type int',
  ),
  ...on(
    `${books} create index on books (title); create index on books (price) where price > 0; alter table books add check (isbn <> '');`,
    'alter table books alter column title type text',
    'alter table books alter column price type numeric(10, 2)',
    'alter table books alter column isbn type varchar',
  ),

  // Constraints
  ...on(
    books,
    'alter table books add constraint c check (price > 0)',
    'alter table books add constraint c check (price > 0) not valid',
    'alter table books add constraint c foreign key (pages) references authors',
    'alter table books add constraint c foreign key (pages) references authors not valid',
    'alter table books add constraint c unique (title)',
    'alter table books add constraint c exclude using btree (title with =)',
    'alter table books drop constraint books_author_fkey',
    'alter table books drop constraint books_pkey',
    'alter table authors drop constraint authors_pkey cascade',
    'alter table books drop constraint if exists nothing',
    'alter table books rename constraint books_author_fkey to by',
    'alter table books alter constraint books_author_fkey deferrable',
  ),
  ...on(
    `${books} alter table books add constraint c check (price > 0) not valid, add constraint f foreign key (pages) references authors not valid;`,
    'alter table books validate constraint c',
    'alter table books validate constraint f',
    'alter table books validate constraint books_author_fkey',
  ),
  ...on(
    'create table t (a int, b int not null, c int check (c is not null)); insert into t values (1, 1, 1); create unique index i on t (a); create unique index j on t (b); create unique index k on t (c);',
    'alter table t add primary key (a)',
    'alter table t add primary key (b)',
    'alter table t add primary key using index i',
    'alter table t add primary key using index j',
    'alter table t add primary key using index k',
    'alter table t add unique using index i',
  ),
  ...since(
    18,
    books,
    'alter table books add constraint c not null title not valid',
    'alter table books add constraint c not null title',
    'alter table books alter constraint books_author_fkey not enforced',
    'alter table books add constraint c check (price > 0) not enforced',
  ),
  ...since(
    18,
    `${books} alter table books alter constraint books_author_fkey not enforced;`,
    'alter table books alter constraint books_author_fkey enforced',
  ),

  // Indexes
  ...on(
    `${books} create index i on books (title);`,
    'create index on books (isbn)',
    'create index if not exists i on books (isbn)',
    'drop index i',
    'alter index i rename to j',
    'alter table i rename to j',
    'reindex index i',
    'reindex table books',
  ),
  ...alone(
    `${books} create index i on books (title);`,
    'create index concurrently on books (isbn)',
    'drop index concurrently i',
    'reindex index concurrently i',
    'reindex table concurrently books',
  ),

  // Partitions
  ...on(
    parts,
    'alter table parts add column extra int',
    'alter table parts drop column note',
    'alter table parts rename column note to remark',
    'alter table parts alter column note set not null',
    `alter table parts alter column note set default 'x'`,
    `alter table parts add constraint c check (note <> '')`,
    'create index on parts (note)',
    'create index on only parts (note)',
    `create table parts_3 partition of parts for values from ('2026-03-01') to ('2026-04-01')`,
    'alter table parts detach partition parts_1',
    'drop table parts_1',
    'drop table parts',
    'truncate parts',
    'alter table parts rename to pieces',
    'alter table parts set tablespace pg_default',
    'alter table parts add primary key (id, at)',
    'alter table parts add primary key (id, at, note)',
    'alter table parts add unique (note, id, at)',
    'alter table parts add constraint own foreign key (id) references parts_keys',
    'alter table parts alter column id drop not null',
    'alter table parts alter column at set statistics 5',
    'comment on table parts is $$x$$',
  ),
  ...on(
    `${parts} create table parts_3 (id int not null, at date not null, note text); insert into parts_3 select n, '2026-03-02', 'x' from generate_series(1, 50) n;`,
    `alter table parts attach partition parts_3 for values from ('2026-03-01') to ('2026-04-01')`,
  ),
  ...on(
    `${parts} create table parts_3 (id int not null, at date not null check (at >= '2026-03-01' and at < '2026-04-01'), note text); insert into parts_3 select n, '2026-03-02', 'x' from generate_series(1, 50) n;`,
    `alter table parts attach partition parts_3 for values from ('2026-03-01') to ('2026-04-01')`,
    `alter table parts attach partition parts_3 for values from ('2026-03-01') to ('2026-05-01')`,
    `alter table parts attach partition parts_3 for values from ('2026-03-01') to (maxvalue)`,
    'alter table parts attach partition parts_3 default',
  ),
  ...on(
    `${parts} create index i on parts (id); create table parts_3 (id int not null, at date not null check (at >= '2026-03-01' and at < '2026-04-01'), note text); insert into parts_3 select n, '2026-03-02', 'x' from generate_series(1, 50) n;`,
    `alter table parts attach partition parts_3 for values from ('2026-03-01') to ('2026-04-01')`,
  ),
  ...on(
    `${parts} create index i on parts (id); create table parts_3 (id int not null, at date not null check (at >= '2026-03-01' and at < '2026-04-01'), note text); create index j on parts_3 (id); insert into parts_3 select n, '2026-03-02', 'x' from generate_series(1, 50) n;`,
    `alter table parts attach partition parts_3 for values from ('2026-03-01') to ('2026-04-01')`,
  ),
  ...on(
    `${parts} create table rest partition of parts default; insert into parts select n, '2027-01-02', 'x' from generate_series(1, 50) n; create table parts_3 (id int not null, at date not null check (at >= '2026-03-01' and at < '2026-04-01'), note text); insert into parts_3 select n, '2026-03-02', 'x' from generate_series(1, 50) n;`,
    `alter table parts attach partition parts_3 for values from ('2026-03-01') to ('2026-04-01')`,
    `create table parts_4 partition of parts for values from ('2026-03-01') to ('2026-04-01')`,
    'alter table parts detach partition parts_1',
    'drop table parts_1',
    'alter table parts detach partition rest',
    'drop table rest',
  ),
  ...on(
    `${parts} create table rest partition of parts default; insert into parts select n, '2027-01-02', 'x' from generate_series(1, 50) n; alter table rest add check (not (at >= '2026-03-01' and at < '2026-04-01'));`,
    `create table parts_4 partition of parts for values from ('2026-03-01') to ('2026-04-01')`,
    `create table parts_4 partition of parts for values from ('2026-03-10') to ('2026-03-20')`,
  ),
  ...on(
    `create table free (id int, at date) partition by range (at); create table free_1 partition of free for values from ('2026-01-01') to ('2026-02-01'); create table rest partition of free default; insert into free select n, '2025-01-02' from generate_series(1, 50) n; alter table rest add check (at < '2026-01-01');`,
    `create table free_4 partition of free for values from ('2026-03-01') to ('2026-04-01')`,
    `create table free_4 partition of free for values from ('2025-12-31') to ('2026-01-01')`,
  ),
  ...on(
    `create table free (id int, at date) partition by range (at); create table rest partition of free default; insert into free select n, '2025-01-02' from generate_series(1, 50) n; alter table rest add check (not (at >= '2026-03-01' and at < '2026-04-01'));`,
    `create table free_4 partition of free for values from ('2026-03-01') to ('2026-04-01')`,
  ),
  ...on(
    `create table kinds (kind text not null, id int) partition by list (kind); create table kinds_a (kind text not null check (kind in ('a', 'b')), id int); create table kinds_b (kind text check (kind = 'b' and kind is not null), id int); create table kinds_d partition of kinds for values in ('d'); create table kinds_c (kind text not null, id int); insert into kinds_a select 'a', n from generate_series(1, 50) n; insert into kinds_b select 'b', n from generate_series(1, 50) n; insert into kinds_c select 'c', n from generate_series(1, 50) n;`,
    `alter table kinds attach partition kinds_a for values in ('a', 'b', 'c')`,
    `alter table kinds attach partition kinds_c for values in ('c')`,
    'alter table kinds attach partition kinds_c default',
    'alter table kinds attach partition kinds_a default',
  ),
  ...on(`${parts} create index i on only parts (id); create index j on parts_1 (id);`, 'drop index i'),
  ...on(
    `${parts}${functions}`,
    'create trigger t before insert on parts for each row execute function touch()',
    'create trigger t after insert on parts for each statement execute function touch()',
  ),
  ...on(
    `${parts}${functions} create trigger t before insert on parts for each row execute function touch();`,
    'drop trigger t on parts',
    'alter table parts disable trigger t',
  ),
  ...alone(parts, 'alter table parts detach partition parts_1 concurrently'),

  // Views
  ...on(
    `${books} create view v as select id, title from books; create materialized view m as select name from authors; create unique index on m (name);`,
    'create view w as select title from books join authors on author = authors.id',
    'create or replace view v as select id, title, isbn from books',
    'create materialized view n as select * from books',
    'drop view v',
    'drop materialized view m',
    'alter view v rename to w',
    'alter table v rename to w',
    'alter materialized view m rename to n',
    'refresh materialized view m',
    'refresh materialized view concurrently m',
    'create index on m (name)',
    'alter table books drop column title cascade',
  ),

  // Types, functions, triggers and the rest
  ...on(
    `${books}${functions} create type mood as enum ('a', 'b'); create domain d as int; create domain e as int constraint k check (value > 0) not valid; create table t (m mood, x d, y e); insert into t values ('a', 1, 1); create trigger tg before update on t for each row execute function touch(); create policy p on t; create sequence s;`.replace(
      ' not valid',
      '',
    ),
    `alter type mood add value 'c'`,
    `alter type mood rename value 'a' to 'z'`,
    'drop type mood cascade',
    'alter domain d add check (value > 0)',
    'alter domain d add check (value > 0) not valid',
    'alter domain d set not null',
    `alter domain d set default 1`,
    'create or replace function touch() returns trigger language plpgsql as $$begin return old; end$$',
    'drop function touch() cascade',
    'create trigger t2 before update on t for each row execute function touch()',
    'create or replace trigger tg before update on t for each row execute function touch()',
    'drop trigger tg on t',
    'alter trigger tg on t rename to th',
    'alter table t disable trigger tg',
    'alter table t enable trigger all',
    'create policy q on t',
    'drop policy p on t',
    'alter policy p on t rename to q',
    'create sequence r owned by books.id',
    'alter sequence s owned by books.id',
    'alter sequence s as int',
    'grant select on books to public',
    'comment on table books is $$x$$',
    'comment on column books.title is $$x$$',
    'comment on index books_pkey is $$x$$',
    'create schema shop',
    'create rule r as on delete to books do also notify x',
    'create publication pub for table books',
    'create publication pub for all tables',
    `create or replace function touch() returns trigger language plpgsql as 'begin return new; end'`,
    'alter function touch() security definer',
  ),
  ...on(
    `${books} create table loans (id int primary key); create publication pub for table books;`,
    'alter publication pub add table loans',
    'alter publication pub drop table books',
    'alter publication pub set table loans',
    `alter publication pub set (publish = 'insert')`,
    'drop publication pub',
  ),
  ...on(
    'create type place as (shelf text, floor int); create table books of place; create table notes (p place); insert into books values ($$a$$, 1); insert into notes values (row ($$a$$, 1));',
    'alter type place add attribute room int cascade',
    'alter type place drop attribute floor cascade',
    'alter type place rename attribute floor to level cascade',
  ),
  ...on(
    'create type place as (shelf text, floor int); create table books of place; insert into books values ($$a$$, 1);',
    'alter type place alter attribute floor type bigint cascade',
  ),
  ...on(
    `${books} create view v as select id, title from books; create materialized view m as select id from v; create materialized view n as select id from m;`,
    'drop view v cascade',
    'drop materialized view m cascade',
    'drop table books cascade',
  ),

  ...on(
    `${books}${functions} create statistics st (ndistinct) on title, isbn from books; create schema shop; create trigger tg before update on books for each row execute function touch(); create policy p on books; create view v as select id from books; create materialized view m as select id from books;`,
    'create statistics more on title, isbn from books',
    'create statistics on title, (lower(isbn)) from books',
    'create statistics if not exists st on title, pages from books',
    'alter statistics st set statistics 5',
    'alter statistics st rename to other',
    'alter statistics st set schema shop',
    'alter statistics st owner to current_user',
    'drop statistics st',
    'drop statistics if exists st, nothing',
    'comment on statistics st is $$x$$',
    'alter policy p on books using (true)',
    'alter trigger tg on books depends on extension plpgsql',
    'alter materialized view m depends on extension plpgsql',
    'create rule r as on insert to v do instead nothing',
  ).filter(({ sql }) => !sql.startsWith('create statistics on')),
  ...since(16, books, 'create statistics on title, (lower(isbn)) from books'),
  ...on(
    `create function plus(int, int) returns int language sql as 'select $1 + $2'; create type mood as enum ('a'); create table t (a int, b mood); create foreign data wrapper w; create server srv foreign data wrapper w;`,
    'create aggregate total (int) (sfunc = plus, stype = int)',
    'create operator @+@ (function = plus, leftarg = int, rightarg = int)',
    'create cast (mood as int) with inout',
    'create collation c from "C"',
    'create text search configuration c (copy = pg_catalog.simple)',
    'create type r as range (subtype = int)',
    'create foreign table ft (a int) server srv',
    'create user mapping for public server srv',
  ),

  // Proofs, heirs and indexes of a column that changes
  ...on(
    `create table p (a int, b int not null); create table c () inherits (p); insert into p select n, n from generate_series(1, 50) n; insert into c select n, n from generate_series(1, 50) n;`,
    'alter table p add check (a > 0) no inherit',
    'alter table p add primary key (a)',
    'alter table p add primary key (b)',
    'alter table p add unique (b)',
  ),
  ...on(
    `create table p (a int, b int); create table c () inherits (p); alter table p add check (a is not null) no inherit; alter table p add check ((a, b) is not null); insert into p select n, n from generate_series(1, 50) n; insert into c select n, n from generate_series(1, 50) n;`,
    'alter table p alter column a set not null',
  ),
  ...on(
    `create table p (a int, b int); create table c () inherits (p); alter table p add check (a is not null) no inherit; alter table p add check (b is distinct from null); insert into p select n, n from generate_series(1, 50) n; insert into c select n, n from generate_series(1, 50) n;`,
    'alter table p alter column a set not null',
    'alter table p alter column b set not null',
  ),
  ...on(parts, 'alter table only parts add unique (id, at)', 'alter table only parts add primary key (id, at)'),
  ...on(books, 'alter table books add column editor bigint default null references authors'),
  ...since(
    18,
    books,
    'alter table books add column thick int generated always as (pages) virtual not null',
    'alter table books add column thick int check (thick > 0) not enforced',
  ),
  ...since(
    18,
    `${books} alter table books add constraint titled not null title not valid; alter table books add check (title is not null);`,
    'alter table books alter column title set not null',
  ),
  ...on(
    `create extension citext; create domain word as text; create type mood as enum ('x'); create table t (a text, b bit(8), c varchar(9), d citext, e mood, f interval day to hour); create index on t (a); create index on t (b); create index on t (c); insert into t (a, c) select n, n from generate_series(1, 50) n;`,
    'alter table t alter column a type citext',
    'alter table t alter column b type varbit',
    'alter table t alter column c type word',
    'alter table t alter column c type text collate "default"',
    'alter table t alter column d type text',
    'alter table t alter column e type text',
    'alter table t alter column f type interval day to second',
    'alter table t alter column f type interval day',
  ),

  // Data and maintenance
  ...on(
    'create table t (a int, b text); create table u (a int); insert into t select n from generate_series(1, 50) n;',
    'insert into t values (1)',
    'insert into t select a from u',
    'update t set a = 1',
    'update t set b = null where a in (select a from u)',
    'delete from t where a = 1',
    'select * from t',
    'lock table t',
    'lock table t, u in share mode',
    'analyze t',
  ),
  ...on(
    'create table t (a int primary key); insert into t select n from generate_series(1, 50) n;',
    'cluster t using t_pkey',
  ),
  ...alone(
    'create table t (a int primary key); insert into t select n from generate_series(1, 50) n;',
    'vacuum t',
    'vacuum full t',
  ),
]
