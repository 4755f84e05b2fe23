import type { ObjectType } from 'libpg-query'

/** How objects of a kind come, change and go. */
export interface KindCase {
  /** Another name for `$`, which stands for one of this case's own, where the object belongs to the server. */
  readonly given?: string
  readonly create: string
  /** Absent where the kind has none. */
  readonly rename?: string
  /** ALTER … SET SCHEMA, into the schema `other`. */
  readonly move?: string
  /** What drops it, after `rename` and `move`. */
  readonly drop: string
  /** Made beside it, after `create`, and gone by `cascade`. */
  readonly users?: string
  /** DROP … CASCADE, after `create` and `users`. */
  readonly cascade?: string
  /** The server refuses its statements inside a transaction, which several in one script would be. */
  readonly alone?: true
  /** First major version that has the syntax. */
  readonly from?: number
}

const state = `create function next_state(state int, value int) returns int language sql immutable as 'select state + value';`
const same = `create function same(a int, b int) returns boolean language sql immutable as 'select a = b';`

/**
 * Every kind of object that the grammar knows, or the reason why there is nothing to follow. One that is missing does
 * not compile.
 */
export const kinds: Readonly<Record<ObjectType, KindCase | string>> = {
  OBJECT_ACCESS_METHOD: {
    create: 'create access method heap2 type table handler heap_tableam_handler',
    drop: 'drop access method heap2',
  },
  OBJECT_AGGREGATE: {
    given: state,
    create: 'create aggregate total (int) (sfunc = next_state, stype = int)',
    rename: 'alter aggregate total (int) rename to sum_up',
    move: 'alter aggregate sum_up (int) set schema other',
    drop: 'drop aggregate other.sum_up (int)',
    users: 'create view totals as select total(n) from generate_series(1, 3) n',
    cascade: 'drop aggregate total (int) cascade',
  },
  OBJECT_AMOP: 'a part of an operator family, without a name of its own',
  OBJECT_AMPROC: 'a part of an operator family, without a name of its own',
  OBJECT_ATTRIBUTE: 'a part of a composite type, which CREATE TYPE shows',
  OBJECT_CAST: {
    given: `create type mood as enum ('sad');`,
    create: 'create cast (mood as integer) with inout',
    drop: 'drop cast (mood as integer)',
    users: '',
    cascade: 'drop type mood cascade',
  },
  OBJECT_COLUMN: {
    given: 'create table books (id int);',
    create: 'alter table books add column title text',
    rename: 'alter table books rename column title to name',
    drop: 'alter table books drop column name',
    users: `create view titles as select title from books;
create index on books (lower(title));
alter table books add check (length(title) > 0);
alter table books add column long boolean generated always as (length(title) > 80) stored;
create statistics on_title on id, title from books;
create policy titled on books using (title is not null);
create function trigger_function() returns trigger language plpgsql as 'begin return new; end';
create trigger on_title after update of title on books for each row execute function trigger_function();`,
    cascade: 'alter table books drop column title cascade',
  },
  OBJECT_COLLATION: {
    create: 'create collation german from "C"',
    rename: 'alter collation german rename to french',
    move: 'alter collation french set schema other',
    drop: 'drop collation other.french',
    users: 'create table words (id int, word text collate german); create type pair as (a text collate german, b int);',
    cascade: 'drop collation german cascade',
  },
  OBJECT_CONVERSION: {
    create: `create conversion odd for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1`,
    rename: 'alter conversion odd rename to even',
    move: 'alter conversion even set schema other',
    drop: 'drop conversion other.even',
  },
  OBJECT_DATABASE: {
    create: 'create database $a template template0',
    rename: 'alter database $a rename to $b',
    drop: 'drop database $b',
    alone: true,
  },
  OBJECT_DEFAULT: {
    given: 'create table books (id int);',
    create: 'alter table books alter column id set default 7',
    drop: 'alter table books alter column id drop default',
  },
  OBJECT_DEFACL: 'rights are not followed',
  OBJECT_DOMAIN: {
    create: 'create domain isbn as text check (length(value) = 13)',
    rename: 'alter domain isbn rename to number',
    move: 'alter domain number set schema other',
    drop: 'drop domain other.number',
    users: `create table books (id int, isbn isbn, many isbn[]);
create domain short as isbn check (length(value) < 20);
create function check_isbn(value isbn) returns boolean language sql as 'select true';`,
    cascade: 'drop domain isbn cascade',
  },
  OBJECT_DOMCONSTRAINT: {
    given: 'create domain isbn as text;',
    create: 'alter domain isbn add constraint long check (length(value) > 9)',
    rename: 'alter domain isbn rename constraint long to longer',
    drop: 'alter domain isbn drop constraint longer',
  },
  OBJECT_EVENT_TRIGGER: {
    given: `create function seen() returns event_trigger language plpgsql as 'begin end';`,
    create: `create event trigger watch on ddl_command_end when tag in ('CREATE SCHEMA') execute function seen()`,
    rename: 'alter event trigger watch rename to guard',
    drop: 'drop event trigger guard',
    users: '',
    cascade: 'drop function seen() cascade',
  },
  OBJECT_EXTENSION: {
    given: 'drop extension plpgsql;',
    create: 'create extension plpgsql',
    drop: 'drop extension plpgsql',
  },
  OBJECT_FDW: {
    create: 'create foreign data wrapper wire',
    rename: 'alter foreign data wrapper wire rename to cable',
    drop: 'drop foreign data wrapper cable',
    users: `create server far foreign data wrapper wire;
create user mapping for public server far;
create foreign table away (id int) server far;`,
    cascade: 'drop foreign data wrapper wire cascade',
  },
  OBJECT_FOREIGN_SERVER: {
    given: 'create foreign data wrapper wire;',
    create: 'create server far foreign data wrapper wire',
    rename: 'alter server far rename to near',
    drop: 'drop server near',
    users: 'create foreign table away (id int) server far; create view seen as select id from away;',
    cascade: 'drop server far cascade',
  },
  OBJECT_FOREIGN_TABLE: {
    given: 'create foreign data wrapper wire; create server far foreign data wrapper wire;',
    create: 'create foreign table away (id int not null, title text check (length(title) > 0)) server far',
    rename: 'alter foreign table away rename to gone',
    move: 'alter foreign table gone set schema other',
    drop: 'drop foreign table other.gone',
    users: 'create view seen as select id from away',
    cascade: 'drop foreign table away cascade',
  },
  OBJECT_FUNCTION: {
    create: `create function twice(n int) returns int language sql immutable as 'select n * 2'`,
    rename: 'alter function twice(int) rename to double',
    move: 'alter function double(int) set schema other',
    drop: 'drop function other.double(int)',
    users: `create table numbers (n int default twice(2), m int check (twice(m) > 0), k int generated always as (twice(2)) stored);
create index on numbers (twice(n));
create view doubled as select twice(n) as n from numbers;
create domain even as int check (value = twice(value / 2));
create operator @@@ (function = twice, rightarg = int);
create policy small on numbers using (twice(n) < 10);
create function four() returns int language sql return twice(2);
create view seven as select four();`,
    cascade: 'drop function twice(int) cascade',
  },
  OBJECT_INDEX: {
    given: 'create table books (id int, title text);',
    create: 'create index by_title on books (title)',
    rename: 'alter index by_title rename to titles',
    drop: 'drop index titles',
  },
  OBJECT_LANGUAGE: {
    create: 'create language sample handler plpgsql_call_handler',
    rename: 'alter language sample rename to other_sample',
    drop: 'drop language other_sample',
    users: `create function empty() returns int language sample as 'begin return 1; end'; create view nothing as select empty();`,
    cascade: 'drop language sample cascade',
  },
  OBJECT_LARGEOBJECT: 'no DDL makes one',
  OBJECT_MATVIEW: {
    given: 'create table books (id int);',
    create: 'create materialized view ids as select id from books',
    rename: 'alter materialized view ids rename to numbers',
    move: 'alter materialized view numbers set schema other',
    drop: 'drop materialized view other.numbers',
    users: 'create index on ids (id); create view more as select id + 1 as n from ids;',
    cascade: 'drop materialized view ids cascade',
  },
  OBJECT_OPCLASS: {
    given: `${same} create function order_of(a int, b int) returns int language sql immutable as 'select a - b';`,
    create:
      'create operator class plain for type int using btree as operator 1 <, operator 3 =, function 1 order_of(int, int)',
    rename: 'alter operator class plain using btree rename to simple',
    move: 'alter operator class simple using btree set schema other',
    drop: 'drop operator class other.simple using btree; drop operator family plain using btree;',
    users: '',
    cascade: 'drop function order_of(int, int) cascade',
  },
  OBJECT_OPERATOR: {
    given: same,
    create: 'create operator === (function = same, leftarg = int, rightarg = int)',
    move: 'alter operator === (int, int) set schema other',
    drop: 'drop operator other.=== (int, int)',
    users: '',
    cascade: 'drop function same(int, int) cascade',
  },
  OBJECT_OPFAMILY: {
    create: 'create operator family plain using btree',
    rename: 'alter operator family plain using btree rename to simple',
    move: 'alter operator family simple using btree set schema other',
    drop: 'drop operator family other.simple using btree',
    users:
      'create operator class first for type int using btree family plain as operator 1 <, operator 3 =, function 1 btint4cmp(int, int)',
    cascade: 'drop operator family plain using btree cascade',
  },
  OBJECT_PARAMETER_ACL: 'rights are not followed',
  OBJECT_POLICY: {
    given: 'create table books (id int);',
    create: 'create policy own on books using (id > 0)',
    rename: 'alter policy own on books rename to mine',
    drop: 'drop policy mine on books',
    users: '',
    cascade: 'drop table books cascade',
  },
  OBJECT_PROCEDURE: {
    create: `create procedure tidy(n int) language sql as 'select n'`,
    rename: 'alter procedure tidy(int) rename to clean',
    move: 'alter procedure clean(int) set schema other',
    drop: 'drop procedure other.clean(int)',
  },
  OBJECT_PUBLICATION: {
    given: 'create table books (id int);',
    create: 'create publication news for table books',
    rename: 'alter publication news rename to paper',
    drop: 'drop publication paper',
  },
  OBJECT_PUBLICATION_NAMESPACE: 'a part of a publication, without a name of its own',
  OBJECT_PUBLICATION_REL: 'a part of a publication, without a name of its own',
  OBJECT_ROLE: { create: 'create role $a', rename: 'alter role $a rename to $b', drop: 'drop role $b' },
  OBJECT_ROUTINE: {
    given: state,
    create: 'create aggregate total (int) (sfunc = next_state, stype = int)',
    rename: 'alter routine total (int) rename to sum_up',
    move: 'alter routine sum_up (int) set schema other',
    drop: 'drop routine other.sum_up (int)',
  },
  OBJECT_RULE: {
    given: 'create table books (id int);',
    create: 'create rule quiet as on delete to books do instead nothing',
    rename: 'alter rule quiet on books rename to still',
    drop: 'drop rule still on books',
    users: '',
    cascade: 'drop table books cascade',
  },
  OBJECT_SCHEMA: {
    create: 'create schema shop',
    rename: 'alter schema shop rename to store',
    drop: 'drop schema store',
    users: `create table shop.books (id int primary key, title text);
create table loans (book int references shop.books);
create type shop.mood as enum ('sad');
create table readers (id int, feels shop.mood);
create function shop.twice(n int) returns int language sql immutable as 'select n * 2';
create aggregate shop.total (int) (sfunc = int4pl, stype = int);
create operator shop.=== (function = int4eq, leftarg = int, rightarg = int);
create text search configuration shop.words (copy = pg_catalog.simple);
create statistics shop.pair on id, title from shop.books;
create collation shop.german from "C";
create view titles as select title from shop.books;`,
    cascade: 'drop schema shop cascade',
  },
  OBJECT_SEQUENCE: {
    create: 'create sequence numbers',
    rename: 'alter sequence numbers rename to counts',
    move: 'alter sequence counts set schema other',
    drop: 'drop sequence other.counts',
    users: `create table books (id int default nextval('numbers'), n int);`,
    cascade: 'drop sequence numbers cascade',
  },
  OBJECT_STATISTIC_EXT: {
    given: 'create table books (id int, title text, isbn text);',
    create: 'create statistics pair on title, isbn from books',
    rename: 'alter statistics pair rename to two',
    move: 'alter statistics two set schema other',
    drop: 'drop statistics other.two',
    users: '',
    cascade: 'drop table books cascade',
  },
  OBJECT_SUBSCRIPTION: {
    create: `create subscription $a connection 'dbname=none' publication p with (connect = false, slot_name = none)`,
    rename: 'alter subscription $a rename to $b',
    drop: 'drop subscription $b',
  },
  OBJECT_TABCONSTRAINT: {
    given: 'create table books (id int);',
    create: 'alter table books add constraint whole unique (id)',
    rename: 'alter table books rename constraint whole to only_one',
    drop: 'alter table books drop constraint only_one',
    users: 'create table loans (book int references books (id))',
    cascade: 'alter table books drop constraint whole cascade',
  },
  OBJECT_TABLE: {
    create: 'create table books (id serial primary key, title text)',
    rename: 'alter table books rename to works',
    move: 'alter table works set schema other',
    drop: 'drop table other.works',
    users: `create table loans (book int references books);
create view titles as select title from books;
create function all_books() returns setof books language sql as 'select * from books';
create table shelves (first books, n int);
create statistics pair on id, title from books;
create rule quiet as on delete to books do instead nothing;
create publication news for table books;`,
    cascade: 'drop table books cascade',
  },
  OBJECT_TABLESPACE: {
    // Within the server's own directory, so that the test needs none.
    given: 'set allow_in_place_tablespaces = on;',
    create: `create tablespace $a location ''`,
    rename: 'alter tablespace $a rename to $b',
    drop: 'drop tablespace $b',
    alone: true,
  },
  OBJECT_TRANSFORM: {
    create: 'create transform for integer language plpgsql (from sql with function prsd_lextype(internal))',
    drop: 'drop transform for integer language plpgsql',
  },
  OBJECT_TRIGGER: {
    given: `create table books (id int); create function nothing() returns trigger language plpgsql as 'begin return new; end';`,
    create: 'create trigger watch before insert on books for each row execute function nothing()',
    rename: 'alter trigger watch on books rename to guard',
    drop: 'drop trigger guard on books',
    users: `create view ids as select id from books;
create trigger watch instead of insert on ids for each row execute function nothing();`,
    cascade: 'drop function nothing() cascade',
  },
  OBJECT_TSCONFIGURATION: {
    create: 'create text search configuration words (parser = pg_catalog."default")',
    rename: 'alter text search configuration words rename to terms',
    move: 'alter text search configuration terms set schema other',
    drop: 'drop text search configuration other.terms',
  },
  OBJECT_TSDICTIONARY: {
    create: 'create text search dictionary plain (template = pg_catalog.simple)',
    rename: 'alter text search dictionary plain rename to bare',
    move: 'alter text search dictionary bare set schema other',
    drop: 'drop text search dictionary other.bare',
    users: `create text search dictionary second (template = pg_catalog.simple);
create text search configuration one (copy = pg_catalog.simple);
create text search configuration two (copy = pg_catalog.simple);
create text search configuration three (copy = pg_catalog.simple);
alter text search configuration one alter mapping for word, asciiword with second, plain;
alter text search configuration two alter mapping for word with plain;
alter text search configuration two alter mapping for word with second;
alter text search configuration three alter mapping for word with plain;
alter text search configuration three alter mapping replace plain with second;
create text search configuration four (copy = one);`,
    cascade: 'drop text search dictionary plain cascade',
  },
  OBJECT_TSPARSER: {
    create:
      'create text search parser cut (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)',
    rename: 'alter text search parser cut rename to split',
    move: 'alter text search parser split set schema other',
    drop: 'drop text search parser other.split',
    users: 'create text search configuration words (parser = cut)',
    cascade: 'drop text search parser cut cascade',
  },
  OBJECT_TSTEMPLATE: {
    create: 'create text search template model (init = dsimple_init, lexize = dsimple_lexize)',
    rename: 'alter text search template model rename to form',
    move: 'alter text search template form set schema other',
    drop: 'drop text search template other.form',
    users: `create text search dictionary plain (template = model);
create text search configuration words (copy = pg_catalog.simple);
alter text search configuration words alter mapping for word with plain;`,
    cascade: 'drop text search template model cascade',
  },
  OBJECT_TYPE: {
    create: `create type mood as enum ('sad', 'happy')`,
    rename: 'alter type mood rename to feeling',
    move: 'alter type feeling set schema other',
    drop: 'drop type other.feeling',
    users: `create table readers (id int, feels mood, felt mood[]);
create domain cheer as mood;
create table others (id int, cheer cheer);
create type pair as (a mood, b int);
create table pairs (id int, both_of pair);
create function cheer_up(m mood) returns mood language sql as 'select m';
create function pick() returns table (id int, m mood) language sql as 'select 1, null::mood';
create aggregate last_mood (mood) (sfunc = pick_last, stype = mood);
create cast (mood as int) with inout;
create type mood_range as range (subtype = mood);
create table spans (id int, span mood_range, all_of mood_multirange);
create operator !!! (function = cheer_up, rightarg = mood);
create view felt as select feels from readers;`.replace(
      'create aggregate',
      `create function pick_last(a mood, b mood) returns mood language sql as 'select b';\ncreate aggregate`,
    ),
    cascade: 'drop type mood cascade',
  },
  OBJECT_USER_MAPPING: {
    given: 'create foreign data wrapper wire; create server far foreign data wrapper wire;',
    create: 'create user mapping for public server far',
    drop: 'drop user mapping for public server far',
    users: '',
    cascade: 'drop server far cascade',
  },
  OBJECT_VIEW: {
    given: 'create table books (id int);',
    create: 'create view ids as select id from books',
    rename: 'alter view ids rename to numbers',
    move: 'alter view numbers set schema other',
    drop: 'drop view other.numbers',
    users: 'create view more as select id + 1 as n from ids; create rule quiet as on insert to ids do instead nothing;',
    cascade: 'drop view ids cascade',
  },
}
