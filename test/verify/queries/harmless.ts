import { upDown } from '../migrations.ts'
import { captured, type Asked } from './asking.ts'
import { role } from './breakages.ts'

export interface Harmless extends Omit<Asked, 'given'> {
  readonly title: string
  /** `proven` where absent. */
  readonly standing?: 'not covered'
  readonly evidence?: RegExp
}

const everything = [
  'select id, title from books where id = $1',
  'select * from books where price > $1 order by id limit 5',
  'insert into books (id, title, price) values ($1, $2, $3)',
  'update books set note = $1, price = price + 1 where id = $2',
  'delete from archive where id = $1',
  `select twice('21')`,
  'select b.title, a.name from books b left join authors a on a.id = b.author_id where b.id = any($1)',
]

/** Migrations that no captured statement notices. */
export const harmless: readonly Harmless[] = [
  {
    title: 'a new column, also under *',
    change: upDown('alter table books add column isbn text', 'alter table books drop column isbn'),
    queries: everything,
  },
  {
    title: 'a new column with a default',
    change: upDown('alter table books add column sold int not null default 0', 'alter table books drop column sold'),
    queries: everything,
  },
  {
    title: 'a new table that refers to another and goes with it',
    change: upDown(
      'create table reviews (id int primary key, book_id int not null references books (id) on delete cascade, stars int check (stars > 0))',
      'drop table reviews',
    ),
    queries: [...everything, 'delete from books where id = $1'],
  },
  {
    title: 'an index',
    change: upDown('create index on books (price)', 'drop index books_price_idx'),
    queries: everything,
  },
  {
    title: 'a privilege that is granted',
    role,
    change: upDown(`grant truncate on books to ${role}`, `revoke truncate on books from ${role}`),
    queries: everything,
  },
  {
    title: 'a policy that lets everybody see everything',
    role,
    change: upDown(
      `alter table books enable row level security; create policy books_all on books to ${role} using (true) with check (true)`,
      'drop policy books_all on books; alter table books disable row level security',
    ),
    queries: everything,
  },
  {
    title: 'an overload that takes no call over',
    change: upDown(
      `create function twice(value int, times int) returns int language sql immutable as $$ select value * times $$`,
      'drop function twice(int, int)',
    ),
    queries: everything,
  },
  {
    title: 'a trigger that fills the new column',
    change: upDown(
      `alter table books add column cost int;
       create function fill_cost() returns trigger language plpgsql as $$ begin new.cost := new.price; return new; end $$;
       create trigger books_cost before insert or update on books for each row execute function fill_cost()`,
      'drop trigger books_cost on books; drop function fill_cost(); alter table books drop column cost',
    ),
    queries: everything,
  },
  {
    title: 'a check on a column that no statement sets',
    change: upDown(
      `alter table books add constraint books_code check (code <> 'never')`,
      'alter table books drop constraint books_code',
    ),
    queries: everything,
  },
  {
    title: 'a column that is dropped and that nobody names',
    change: upDown('alter table books drop column code', 'alter table books add column code varchar(40)'),
    queries: everything.filter((sql) => !sql.includes('*')),
  },
  {
    title: 'a wider type in a column that is only written',
    change: upDown(
      'alter table archive alter code type varchar(80)',
      'alter table archive alter code type varchar(40)',
    ),
    queries: ['insert into archive (id, code) values ($1, $2)'],
  },
  {
    title: 'values that are never the same twice',
    change: upDown('alter table books add column isbn text', 'alter table books drop column isbn'),
    queries: [
      `select now(), random(), gen_random_uuid(), id from books`,
      `update books set note = clock_timestamp()::text where id = $1 returning id, note`,
      `select title from books order by random() limit 1`,
    ],
  },
  {
    title: 'COPY with its columns',
    change: upDown('alter table books add column isbn text', 'alter table books drop column isbn'),
    queries: ['copy books (id, title, price) from stdin', 'copy (select id, title from books) to stdout'],
  },
  {
    title: 'statements about the session, and several in a text',
    change: upDown('alter table books add column isbn text', 'alter table books drop column isbn'),
    queries: [
      'begin',
      `set timezone = 'UTC'`,
      `begin; update books set note = 'x'; commit`,
      'lock table books in share mode',
    ],
  },
  {
    title: 'nothing that is captured is touched',
    change: upDown('create table shelves (id int)', 'drop table shelves'),
    queries: everything,
    evidence: /^None of 7 captured statements names what the migration touches\.$/,
  },
  {
    title: 'a contract that removes what no statement uses',
    change:
      '-- migrate:phase contract\n' +
      upDown(
        'alter table books drop column code;\nalter table archive rename column code to isbn;\ncreate table passing (id int);\ndrop table passing',
        'alter table archive rename column isbn to code;\nalter table books add column code varchar(40)',
      ),
    queries: ['select id, title from books where id = $1', 'select note from archive'],
    evidence:
      /^The same answers after the upgrade and after the downgrade: 2 of 2 captured statements checkable\. None of them reads or writes books\.code, archive\.code and passing\.$/,
  },
  {
    title: 'a foreign key that may refuse a value',
    change: upDown(
      'alter table archive add constraint archive_author foreign key (author_id) references authors (id) not valid',
      'alter table archive drop constraint archive_author',
    ),
    queries: ['insert into archive (id, author_id) values ($1, $2)'],
    standing: 'not covered',
    evidence: /archive_author/,
  },
  {
    title: 'a check that captured values meet',
    change: upDown(
      `alter table books add constraint books_price check (price >= 0)`,
      'alter table books drop constraint books_price',
    ),
    queries: [
      captured('update books set price = $1 where id = $2', {
        parameters: [
          { type: 'int4', values: ['10', '20'] },
          { type: 'int4', values: ['1', '2'] },
        ],
      }),
    ],
  },
  {
    title: 'a statement that did not work before',
    change: upDown('alter table books add column isbn text', 'alter table books drop column isbn'),
    queries: ['select titel from books'],
    standing: 'not covered',
    evidence: /42703: column "titel" does not exist/,
  },
  {
    title: 'a function that reaches outside',
    change: upDown('alter table books add column isbn text', 'alter table books drop column isbn'),
    queries: [`select pg_sleep(3), title from books`],
    standing: 'not covered',
    evidence: /pg_sleep\(\) reaches outside/,
  },
  {
    title: 'rows that the migration changes itself',
    change: upDown(`update books set note = 'none' where note is null`, 'select 1'),
    queries: ['select note from books'],
    standing: 'not covered',
    evidence: /The migration itself changes rows of books\./,
  },
  {
    title: 'a backfill of a column that the statements do not name',
    change:
      '-- migrate:phase backfill\n-- migrate:up\n-- migrate:backfill table:books key:id\nupdate books set code = id::text where code is null;\n\n-- migrate:down none because it only fills\n',
    queries: everything.filter((sql) => !sql.includes('*')),
    evidence: /^The same answers during the backfill and after the upgrade: 6 of/,
  },
]
