/** One way to write a hazard down: whether the rule finds it, which was compared with what servers of 14 to 18 do. */
export interface UnionVariant {
  readonly hazard: number
  readonly rule: string
  readonly found: boolean
  readonly given: readonly string[]
  readonly sql: string
}

const books = `create table authors (id bigint primary key, name text);
create table books (
  id bigint primary key, author_id bigint, title varchar(100), isbn text, pages int, price numeric(8,2), added_at timestamp,
  lent interval day to hour, network cidr
);
create index books_author_id_idx on books (author_id);`
const parts = `create table parts (a int, b int not null) partition by range (b);
create table parts_1 partition of parts for values from (0) to (1000);`
const heirs = 'create table old_books () inherits (books);'

function of(hazard: number, rule: string) {
  const variant = (found: boolean, sql: string, given: readonly string[]): UnionVariant => {
    return { hazard, rule, found, given: [books, ...given], sql }
  }
  return {
    found: (sql: string, ...given: readonly string[]): UnionVariant => variant(true, sql, given),
    silent: (sql: string, ...given: readonly string[]): UnionVariant => variant(false, sql, given),
  }
}

const volatile = of(1, 'add-column-with-volatile-default')
const required = of(3, 'add-required-column')
const serial = of(4, 'add-column-with-volatile-default')
const identity = of(5, 'add-column-with-volatile-default')
const generated = of(6, 'add-column-with-volatile-default')
const domain = of(7, 'add-column-with-volatile-default')
const inlineCheck = of(8, 'add-check-validated')
const inlineKey = of(9, 'add-foreign-key-validated')
const inlineUnique = of(10, 'add-unique-without-index')
const timeout = of(11, 'lock-timeout-ineffective')
const notNull = of(23, 'set-not-null-without-check')
const steps = of(24, 'set-not-null-without-check')
const lost = of(25, 'set-not-null-without-check')
const notValid = of(26, 'set-not-null-without-check')
const rewriting = of(29, 'change-column-type')
const wider = of(30, 'change-column-type')
const again = of(31, 'change-column-type')
const renamed = of(37, 'rename-column')
const check = of(46, 'add-check-validated')
const key = of(47, 'add-foreign-key-validated')
const validated = of(48, 'add-check-validated')
const validatedKey = of(48, 'add-foreign-key-validated')
const unique = of(55, 'add-unique-without-index')
const primary = of(56, 'add-primary-key-without-index')

const checked = (condition: string, more = ''): string =>
  `alter table books add constraint filled check (${condition})${more};`
const setNotNull = 'alter table books alter column isbn set not null;'
const type = (column: string, to: string): string => `alter table books alter column ${column} type ${to};`
const clerk = (volatility: string): string =>
  `create function clerk() returns int language plpgsql ${volatility} as $$ begin return 42; end $$;`

export const unionVariants: readonly UnionVariant[] = [
  volatile.found('alter table books add column shelf_mark uuid not null default gen_random_uuid();'),
  volatile.found('alter table books add column luck boolean default (random() < 0.5);'),
  volatile.found('alter table books add column clerk int default clerk();', clerk('')),
  volatile.found('alter table if exists books add column if not exists shelf_mark uuid default gen_random_uuid();'),
  volatile.found('alter table parts add column shelf_mark uuid default gen_random_uuid();', parts),
  volatile.found('do $$ begin alter table books add column shelf_mark uuid default gen_random_uuid(); end $$;'),
  volatile.found('create table if not exists books (id bigint);\nalter table books add luck float8 default random();'),
  volatile.silent('alter table books add column clerk int default clerk();', clerk('stable')),
  volatile.silent(`alter table books add column until timestamptz default date_trunc('day', now());`),
  volatile.silent('alter table books add column since timestamptz default statement_timestamp();'),
  volatile.silent('alter table books add column shelf_mark uuid, alter shelf_mark set default gen_random_uuid();'),

  required.found('alter table books add column shelf int not null;'),
  required.found('alter table books add column shelf int constraint shelved not null;'),
  required.found('alter table books add column shelf int not null default null;'),
  required.silent('alter table books add column shelf int not null default 1;'),
  required.silent('alter table books add column shelf int not null generated always as (pages + 1) stored;'),
  required.silent('create table shelves (id bigint primary key);\nalter table shelves add column room int not null;'),

  serial.found('alter table books add column number smallserial;'),
  serial.found('alter table books add column number serial8;'),
  serial.silent('create table shelves (room int);\nalter table shelves add column id bigserial primary key;'),
  identity.found('alter table books add column number bigint generated by default as identity (start with 100);'),
  identity.silent('create temp table t (a int);\nalter table t add id bigint generated always as identity;'),
  generated.found('alter table books add column upper_title text generated always as (upper(title)) stored;'),
  generated.silent('alter table books add column upper_title text generated always as (upper(title)) virtual;'),

  domain.found('alter table books add column weight positive;', 'create domain positive as int check (value > 0);'),
  domain.found(
    'alter table books add column weight heavy;',
    'create domain positive as int check (value > 0);\ncreate domain heavy as positive;',
  ),
  domain.found(
    'alter table books add column weight weight;',
    'create domain positive as int check (value > 0);',
    'alter domain positive rename to weight;',
  ),
  domain.silent(`alter table books add column label label default 'new';`, 'create domain label as text;'),
  domain.silent(
    'alter table books add column size size;',
    'create domain positive as int check (value > 0);\ncreate type size as (height positive, width positive);',
  ),

  inlineCheck.found('alter table books add column shelf int check (shelf > 0) no inherit;'),
  inlineCheck.found('alter table books add column shelf int generated always as (pages) virtual check (shelf > 0);'),
  inlineCheck.silent('alter table books add column shelf int check (shelf > 0) not enforced;'),
  inlineCheck.silent('alter table books add column shelf int, add constraint shelved check (shelf > 0) not valid;'),

  inlineKey.found('alter table books add column editor_id bigint not null default 1 references authors;'),
  inlineKey.found('alter table books add column editor_id bigint, add foreign key (editor_id) references authors;'),
  inlineKey.silent('alter table books add column editor_id bigint references authors;'),
  inlineKey.silent('alter table books add column original_id bigint references books (id);'),

  inlineUnique.found('alter table books add column code text unique nulls not distinct;'),
  inlineUnique.found('alter table books add column code text, add constraint coded unique (code);'),
  inlineUnique.silent('create table shelves (id bigint primary key);\nalter table shelves add code text unique;'),

  timeout.found('set lock_timeout = 0;\nalter table books add column note text;'),
  timeout.silent('reset lock_timeout;\nalter table books add column note text;'),
  timeout.silent(`set lock_timeout = '2s';\nalter table books add column note text;\nreset lock_timeout;`),

  notNull.found(setNotNull),
  notNull.found(setNotNull, checked('isbn is not null', ' not valid')),
  notNull.found(setNotNull, checked('isbn is not null or pages is not null')),
  notNull.found(setNotNull, checked(`coalesce(isbn, '') <> ''`)),
  notNull.found(setNotNull, 'create unique index on books (isbn);'),
  notNull.found(setNotNull, heirs, checked('isbn is not null', ' no inherit')),
  notNull.found(setNotNull, checked('isbn is not null'), 'alter table books drop constraint filled;'),
  notNull.found('alter table parts alter column a set not null;', parts),
  notNull.found(`update books set isbn = '' where isbn is null;\n${setNotNull}`),
  notNull.silent(setNotNull, checked('isbn is not null')),
  notNull.silent(setNotNull, checked('(isbn, pages) is not null')),
  notNull.silent(setNotNull, checked('isbn is distinct from null')),
  notNull.silent(setNotNull, checked('not (isbn is null or pages is null)')),
  notNull.silent(setNotNull, checked('isbn is not null', ' no inherit')),
  notNull.silent(setNotNull, heirs, checked('isbn is not null')),
  notNull.silent(
    'alter table books alter column code set not null;',
    checked('isbn is not null'),
    'alter table books rename column isbn to code;',
  ),
  notNull.silent(
    'alter table parts alter column a set not null;',
    parts,
    'alter table parts_1 add constraint filled check (a is not null);',
  ),

  steps.found(
    `alter table books add constraint filled check (isbn is not null) not valid, validate constraint filled,
  alter column isbn set not null;`,
  ),
  steps.silent(
    `alter table books validate constraint filled;\n${setNotNull}\nalter table books drop constraint filled;`,
    checked('isbn is not null', ' not valid'),
  ),

  lost.found(
    'alter table books drop constraint if exists filled, alter isbn set not null;',
    checked('isbn is not null'),
  ),
  lost.found(
    'alter table books drop column pages, alter isbn set not null;',
    checked('isbn is not null and pages > 0'),
  ),
  lost.silent(
    'alter table books alter column isbn set not null, drop constraint filled;',
    checked('isbn is not null'),
    'alter table books add constraint also_filled check (isbn is not null);',
  ),
  lost.silent(`${setNotNull}\nalter table books drop constraint filled;`, checked('isbn is not null')),

  notValid.found(setNotNull, 'alter table books add constraint there not null isbn not valid;'),
  notValid.found(
    setNotNull,
    'alter table books add constraint there not null isbn not valid;',
    checked('isbn is not null'),
  ),
  notValid.found('alter table books add constraint there not null isbn;'),
  notValid.silent(
    setNotNull,
    'alter table books add constraint there not null isbn not valid;',
    'alter table books validate constraint there;',
  ),
  notValid.silent('alter table books add constraint there not null isbn;', checked('isbn is not null')),

  rewriting.found(type('pages', 'bigint')),
  rewriting.found(type('price', 'numeric(12,4)')),
  rewriting.found(type('title', `text using coalesce(title, '')`)),
  rewriting.found(type('lent', 'interval day')),
  rewriting.found(type('isbn', 'word'), `create domain word as text check (value <> '');`),
  rewriting.found(type('isbn', 'mood using isbn::mood'), `create type mood as enum ('good');`),
  rewriting.found(`set timezone = 'Europe/Paris';\n${type('added_at', 'timestamptz')}\nreset timezone;`),
  rewriting.silent('create table t (a int primary key);\nalter table t alter a type text;'),

  wider.silent(type('title', 'varchar(200)')),
  wider.silent(type('title', 'text using cast(title as text)')),
  wider.silent(type('price', 'numeric')),
  wider.silent(type('network', 'inet')),
  wider.silent(type('lent', 'interval day to minute')),
  wider.silent(type('isbn', 'word'), 'create domain word as text;'),
  wider.silent(type('isbn', 'citext'), 'create extension citext;'),
  wider.silent(`set local timezone to 'UTC';\n${type('added_at', 'timestamptz')}`),
  wider.silent(type('title', 'varchar(200)'), 'create table old_books () inherits (books);'),
  wider.found(type('added_at', 'timestamptz')),

  again.found(type('title', 'varchar(200)'), checked(`title <> ''`)),
  again.found(type('title', 'text'), 'create index on books (lower(title));'),
  again.found(type('title', 'text'), `create index on books (pages) where title <> '';`),
  again.found(type('title', 'text collate "C"'), 'create index on books (title);'),
  again.found(type('isbn', 'citext'), 'create extension citext;', 'create index on books (isbn);'),
  again.silent(type('title', 'varchar(200)'), checked(`title <> ''`, ' not valid')),
  again.silent(type('title', 'text'), 'create index on books (title) include (pages);'),
  again.silent(type('title', 'text collate "default"'), 'create index on books (title);'),
  again.silent(type('network', 'inet'), 'create index on books (network);'),

  renamed.found('alter table books rename isbn to code;'),
  renamed.found('do $$ begin alter table books rename column isbn to code; end $$;'),
  renamed.found('alter table books rename isbn to code;\nalter table books add column isbn text;'),
  renamed.silent('alter table books add column code text;\nalter table books rename code to mark;'),
  renamed.silent(`alter table books rename to volumes;
alter table volumes rename isbn to code;
create view books as select id, title, code as isbn from volumes;`),

  check.found('alter table books add check (pages > 0) no inherit;'),
  check.found('alter table parts add check (a > 0);', parts),
  check.found('create table if not exists books (id bigint);\nalter table books add check (pages > 0);'),
  check.silent('alter table books add constraint thick check (pages > 0) not valid no inherit;'),
  check.silent('alter table books add constraint thick check (pages > 0) not enforced;'),

  key.found('alter table books add foreign key (id) references books (id);'),
  key.found(
    'alter table parts_1 add foreign key (a) references small;',
    parts,
    'create table small (id int primary key);',
  ),
  key.silent('alter table books add foreign key (author_id) references authors not enforced;'),
  key.silent('create table t (id bigint primary key);\nalter table t add foreign key (id) references authors;'),

  validated.found(
    'alter table books add check (pages > 0) not valid;\nalter table books validate constraint books_pages_check;',
  ),
  validated.found('alter table books add constraint thick check (pages > 0) not valid, validate constraint thick;'),
  validated.silent(
    'alter table books validate constraint thick;',
    'alter table books add constraint thick check (pages > 0) not valid;',
  ),
  validatedKey.found(
    'alter table books add constraint written foreign key (author_id) references authors not valid, validate constraint written;',
  ),
  validatedKey.found(`alter table books add constraint written foreign key (author_id) references authors not valid;
alter table books rename constraint written to known;
alter table books validate constraint known;`),
  validatedKey.silent(`alter table books add constraint written foreign key (author_id) references authors not valid;
commit;
alter table books validate constraint written;`),

  unique.found('alter table books add constraint coded unique (isbn) include (title);'),
  unique.found('alter table parts add unique (b);', parts),
  unique.found('do $$ begin alter table books add unique (isbn); exception when others then null; end $$;'),
  unique.silent('alter table only parts add unique (b);', parts),
  unique.silent('alter table books add unique using index coded;', 'create unique index coded on books (isbn);'),

  primary.found('alter table t add primary key (a);', 'create table t (a int not null);'),
  primary.found('alter table books drop constraint books_pkey, add primary key (id, isbn);'),
  primary.silent('alter table only parts add primary key (b);', parts),
  primary.silent(
    'alter table t add primary key using index t_a;',
    'create table t (a int not null);\ncreate unique index t_a on t (a);',
  ),
]
