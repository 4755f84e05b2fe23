/** Sequences of statements that once left the model with another schema than the server. */
export interface FoundCase {
  readonly title: string
  /** First major version that has the syntax. */
  readonly from?: number
  readonly statements: readonly string[]
}

export const found: readonly FoundCase[] = [
  {
    title: 'a default goes on counting with a sequence that is renamed, and goes with it',
    statements: [
      'create sequence s',
      `create table t (a int default nextval('s'), b int default nextval('s'::regclass))`,
      `create domain d as int default nextval('public.s')`,
      'alter sequence s rename to r',
      'create sequence s',
      'drop sequence s cascade',
      'alter table t alter column b drop default',
      'create table u (a d)',
      'drop sequence r cascade',
    ],
  },
  {
    title: 'a default counts with the sequence that its name meant when it was made',
    statements: [
      'create sequence s',
      `create table t (a int default nextval('s'))`,
      'create temp sequence s',
      `create table u (a int default nextval('s'))`,
      'drop sequence public.s cascade',
    ],
  },
  {
    title: 'defaults elsewhere go with the sequence of a serial column',
    statements: [
      'create table t (a serial, b int)',
      `create table u (a int default nextval('t_a_seq'))`,
      'create table w (like t including defaults)',
      'alter sequence t_a_seq owned by t.b',
      'alter table t drop column b cascade',
    ],
  },
  {
    title: 'DROP IDENTITY leaves the sequences that are not that of the identity',
    statements: [
      'create table t (a serial, b int generated always as identity)',
      'create sequence s owned by t.b',
      'alter table t alter column a drop identity if exists, alter column b drop identity',
    ],
  },
  {
    title: 'a foreign key to its own table follows the column, and goes with it',
    statements: [
      'create table t (a int primary key, b int references t (a), c int unique references t (c))',
      'alter table t rename column a to x',
      'alter table t drop column x cascade',
      'alter table t drop constraint t_c_key cascade',
    ],
  },
  {
    title: 'copied statistics are named after columns in the order of their table',
    statements: [
      'create table t (a int, b int, c int)',
      'create statistics on (a + b), c, a from t',
      'alter table t rename column a to "A"',
      'create table u (like t including statistics)',
      'create table w (like u including all)',
    ],
  },
  {
    title: 'triggers and calls follow their function',
    statements: [
      'create schema shop',
      `create function tf() returns trigger language plpgsql as 'begin return null; end'`,
      `create function f(one text) returns text language sql immutable as 'select one'`,
      'create domain dom as text check (f(value) is not null)',
      `create table t (a text check (f(a) <> ''), b text default f('x'), c text generated always as (f(a)) stored, e dom)`,
      'create index i on t (f(a))',
      `create view v as select f('x') as a`,
      'create trigger x before insert on t for each row execute function tf()',
      'create trigger y before insert on t for each row when (f(new.a) is null) execute function tf()',
      'create trigger z instead of insert on v for each row execute function tf()',
      `create function step(state int, value int) returns int language sql as 'select state'`,
      'create aggregate total (int) (sfunc = step, stype = int)',
      'alter function step rename to next',
      'drop function next cascade',
      'create policy p on t using (f(a) is null)',
      'alter function tf() rename to moved',
      'alter function moved() set schema shop',
      'alter function f(text) rename to g',
      `create function f(one text) returns text language sql immutable as 'select one'`,
      'create table u (a text default f(null))',
      'drop function f(text) cascade',
      'drop function g(text) cascade',
      'drop function shop.moved() cascade',
    ],
  },
  {
    title: 'a function named without arguments is no procedure',
    statements: [
      `create function f(a int) returns int language sql as 'select 1'`,
      `create procedure f(a text) language sql as 'select 1'`,
      `create procedure f(a int, b int) language sql as 'select 1'`,
      'alter function f rename to g',
      `create procedure g(a text) language sql as 'select 1'`,
      'alter procedure g rename to h',
      'alter function g stable',
      'drop function g',
      'drop procedure f(text)',
      'drop procedure f',
      'drop routine h',
    ],
  },
]
