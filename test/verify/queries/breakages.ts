import { upDown } from '../migrations.ts'
import type { Asked } from './asking.ts'

export const role = 'lockstep_queries_app'

/** The schema that all of them start from. */
export const shop = upDown(
  `do $$ begin
     if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
   end $$;
   create table authors (id int primary key, name text not null);
   create table books (
     id int primary key, author_id int references authors (id), title text not null, price int not null, note text, code varchar(40));
   create table archive (id int primary key, author_id int, title text, price int, note text, code varchar(40));
   create unique index books_title on books (title);
   create function twice(value int) returns int language sql immutable as $$ select value * 2 $$;
   grant select, insert, update, delete on books, authors, archive to ${role}`,
  'drop table archive, books, authors; drop function twice(int)',
)

export interface Breakage extends Omit<Asked, 'given'> {
  readonly title: string
  /** What is said of the first broken statement. */
  readonly error: RegExp
}

export const breakages: readonly Breakage[] = [
  {
    title: 'a column is renamed',
    change: upDown('alter table books rename note to remark', 'alter table books rename remark to note'),
    queries: ['select id, note from books where id = $1'],
    error: /^42703: column "note" does not exist/,
  },
  {
    title: 'a column is dropped',
    change: upDown('alter table books drop column note', 'alter table books add column note text'),
    queries: ['update books set note = $1 where id = $2'],
    error: /^42703: column "note" of relation "books" does not exist/,
  },
  {
    title: 'a table is dropped',
    change: upDown('drop table archive', 'create table archive (id int)'),
    queries: ['select count(*) from archive'],
    error: /^42P01: relation "archive" does not exist/,
  },
  {
    title: 'a column becomes ambiguous',
    change: upDown('alter table books add column name text', 'alter table books drop column name'),
    queries: ['select name, title from books join authors on authors.id = author_id where books.id = $1'],
    error: /^42702: column reference "name" is ambiguous/,
  },
  {
    title: 'an overload takes calls over',
    change: upDown(
      `create function twice(value text) returns int language sql immutable as $$ select 1 $$`,
      'drop function twice(text)',
    ),
    queries: [`select twice('21')`],
    error: /^It gives other rows/,
  },
  {
    title: 'an overload makes calls ambiguous',
    change: upDown(
      `create function twice(value bigint, more int default 0) returns int language sql as $$ select 1 $$; drop function twice(int); create function twice(value numeric) returns int language sql as $$ select 2 $$; create function twice(value date) returns int language sql as $$ select 2 $$; create function twice(value uuid) returns int language sql as $$ select 2 $$`,
      `drop function twice(bigint, int); drop function twice(numeric); drop function twice(date); drop function twice(uuid); create function twice(value int) returns int language sql immutable as $$ select value * 2 $$`,
    ),
    queries: [`select twice('21')`],
    error: /^(42725: function twice\(unknown\) is not unique|It gives other rows)/,
  },
  {
    title: 'the type of a result changes',
    change: upDown('alter table books alter price type bigint', 'alter table books alter price type int'),
    queries: ['select id, price from books where id = $1'],
    error: /^The type of column price of the result: integer → bigint\.$/,
  },
  {
    title: 'a column under * is gone',
    change: upDown('alter table books drop column code', 'alter table books add column code varchar(40)'),
    queries: ['select * from books where id = $1'],
    error: /^The columns of the result: id, author_id, title, price, note, code → id, author_id, title, price, note\.$/,
  },
  {
    title: 'a new column hides one of another table',
    change: upDown('alter table books add column name text', 'alter table books drop column name'),
    queries: ['select * from authors a join books b on a.id = b.author_id'],
    error: /^The result has a second column called name\.$/,
  },
  {
    title: 'a privilege is revoked',
    role,
    change: upDown(`revoke insert on books from ${role}`, `grant insert on books to ${role}`),
    queries: ['insert into books (id, title, price) values ($1, $2, $3)'],
    error: /^42501: permission denied for table books/,
  },
  {
    title: 'row security hides rows',
    role,
    change: upDown('alter table books enable row level security', 'alter table books disable row level security'),
    queries: ['select title from books where id = $1'],
    error: /^It gives 0 rows instead of 1\./,
  },
  {
    title: 'the index behind ON CONFLICT is gone',
    change: upDown('drop index books_title', 'create unique index books_title on books (title)'),
    queries: [
      'insert into books (id, title, price) values ($1, $2, $3) on conflict (title) do update set price = excluded.price',
    ],
    error: /^42P10: there is no unique or exclusion constraint matching/,
  },
  {
    title: 'a new column is NOT NULL without a default',
    change: upDown(
      'alter table books add column tax int; update books set tax = 0; alter table books alter tax set not null',
      'alter table books drop column tax',
    ),
    queries: ['insert into books (id, title, price) values ($1, $2, $3)'],
    error: /^23502: null value in column "tax" of relation "books" violates not-null constraint/,
  },
  {
    title: 'a new column is NOT NULL without a default, for a statement that cannot be executed',
    change: upDown(
      'alter table books add column tax int; update books set tax = 0; alter table books alter tax set not null',
      'alter table books drop column tax',
    ),
    queries: [`insert into books (id, title, price) values ($1, $2, 1 / (case when $2 = 'never' then 1 else 0 end))`],
    error: /^Column tax of books is NOT NULL without a default, and the statement does not set it\.$/,
  },
  {
    title: 'a check refuses what is written',
    change: upDown(
      'alter table books add constraint books_note check (note is not null) not valid',
      'alter table books drop constraint books_note',
    ),
    queries: ['insert into books (id, title, price) values ($1, $2, $3)'],
    error: /^23514: new row for relation "books" violates check constraint "books_note"/,
  },
  {
    title: 'a unique key refuses a constant',
    change: upDown(
      `update books set code = id::text; create unique index books_code on books (code); insert into books values (900, null, 'the one', 1, null, 'new')`,
      `delete from books where id = 900; drop index books_code`,
    ),
    queries: [`insert into books (id, title, price, code) values ($1, $2, $3, 'new')`],
    error: /^23505: duplicate key value violates unique constraint "books_code"/,
  },
  {
    title: 'a foreign key refuses what is written',
    change: upDown(
      'alter table archive add constraint archive_author foreign key (author_id) references authors (id) not valid',
      'alter table archive drop constraint archive_author',
    ),
    queries: ['insert into archive (id, author_id, title) values ($1, 4711, $2)'],
    error: /^23503: insert or update on table "archive" violates foreign key constraint "archive_author"/,
  },
  {
    title: 'a type becomes narrower',
    change: upDown(
      'alter table books alter code type varchar(20) using left(code, 20)',
      'alter table books alter code type varchar(40)',
    ),
    queries: ['update books set code = $1 where id = $2'],
    error: /^22001: value too long for type character varying\(20\)/,
  },
  {
    title: 'a trigger raises',
    change: upDown(
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no more deletes'; end $$;
       create trigger books_refuse before delete on books for each row execute function refuse()`,
      'drop trigger books_refuse on books; drop function refuse()',
    ),
    queries: ['delete from books where id = $1'],
    error: /^P0001: no more deletes/,
  },
  {
    title: 'a trigger swallows what is written',
    change: upDown(
      `create function swallow() returns trigger language plpgsql as $$ begin return null; end $$;
       create trigger books_swallow before insert on books for each row execute function swallow()`,
      'drop trigger books_swallow on books; drop function swallow()',
    ),
    queries: ['insert into books (id, title, price) values ($1, $2, $3)'],
    error: /^It changes 0 rows instead of 1\./,
  },
  {
    title: 'a trigger writes something else',
    change: upDown(
      `create function shout() returns trigger language plpgsql as $$ begin new.note := upper(new.note) || '!'; return new; end $$;
       create trigger books_shout before update on books for each row execute function shout()`,
      'drop trigger books_shout on books; drop function shout()',
    ),
    queries: [`update books set note = 'quiet' where id = $1`],
    error: /^It writes something else into column note of books\./,
  },
  {
    title: 'a NATURAL JOIN gets another condition',
    change: upDown('alter table authors add column title text', 'alter table authors drop column title'),
    queries: ['select count(*) from books b natural join authors a'],
    error: /^It gives other rows/,
  },
  {
    title: 'a positional INSERT … SELECT has too many columns',
    change: upDown('alter table books add column tax int', 'alter table books drop column tax'),
    queries: ['insert into archive select * from books where id = $1'],
    error: /^42601: INSERT has more expressions than target columns/,
  },
  {
    title: 'a positional INSERT … SELECT puts values elsewhere',
    change: upDown(
      `alter table archive add column extra text; create table archive_2 (id int primary key, author_id int, title text, price int, code text, note text);
       drop table archive; alter table archive_2 rename to archive`,
      `drop table archive; create table archive (id int primary key, author_id int, title text, price int, note text, code varchar(40));
       grant select, insert, update, delete on archive to ${role}`,
    ),
    queries: [`insert into archive select id + 1000, author_id, title, price, 'note', 'code' from books where id = $1`],
    error: /^It writes something else into column note of archive\./,
  },
  {
    title: 'COPY without a list of columns',
    change: upDown('alter table books add column tax int', 'alter table books drop column tax'),
    queries: ['copy books from stdin'],
    error: /^It names no columns, and those of books are others/,
  },
  {
    title: 'COPY with a column that is gone',
    change: upDown('alter table books drop column note', 'alter table books add column note text'),
    queries: ['copy books (id, note) from stdin'],
    error: /^Column note of books is gone\./,
  },
  {
    title: 'a column becomes generated',
    change: upDown(
      `alter table archive drop column note; alter table archive add column note text generated always as ('n' || id) stored`,
      'alter table archive drop column note; alter table archive add column note text',
    ),
    queries: ['insert into archive (id, note) values ($1, $2)'],
    error: /^428C9: cannot insert a non-DEFAULT value into column "note"/,
  },
  {
    title: 'one of several statements in a text',
    change: upDown('alter table books rename note to remark', 'alter table books rename remark to note'),
    queries: [`begin; update books set note = 'x'; commit`],
    error: /^42703: column "note" of relation "books" does not exist/,
  },
  {
    title: 'the downgrade forgets a privilege',
    role,
    change: upDown(
      'drop table archive',
      'create table archive (id int primary key, author_id int, title text, price int, note text, code varchar(40))',
    ),
    queries: ['select title from archive where id = $1'],
    error: /^42P01/,
  },
]
