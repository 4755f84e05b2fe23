import { beforeAll, expect, test } from 'vitest'
import { postgres } from '../../../src/dialects/postgres/postgres.ts'

beforeAll(() => postgres.load())

test.each([
  [`copy books to program 'cat'`, 'COPY … TO PROGRAM starts a program on the server.'],
  [`copy books from program 'cat'`, 'COPY … FROM PROGRAM starts a program on the server.'],
  [`copy books to '/tmp/books'`, 'COPY … TO a file writes one of the server.'],
  [`copy (select 1) to '/tmp/books'`, 'COPY … TO a file writes one of the server.'],
  [`copy books from '/tmp/books'`, 'COPY … FROM a file reads one of the server.'],
  [`select * from dblink('host=x', 'select 1') as t(a int)`, 'dblink() connects to another server.'],
  [`select dblink_exec('host=x', 'drop table a')`, 'dblink_exec() connects to another server.'],
  [`select "dblink"('host=x', 'select 1')`, 'dblink() connects to another server.'],
  [`create view v as select dblink_get_pkey('a')`, 'dblink_get_pkey() connects to another server.'],
  [`select lo_import('/etc/passwd')`, 'lo_import() reads or writes a file of the server.'],
  [`select lo_export(1, '/tmp/x')`, 'lo_export() reads or writes a file of the server.'],
  [`insert into a select pg_read_file('/etc/passwd')`, 'pg_read_file() reads files of the server.'],
  [`select pg_catalog.pg_read_binary_file('x')`, 'pg_read_binary_file() reads files of the server.'],
  [`select pg_ls_dir('.')`, 'pg_ls_dir() reads files of the server.'],
  [`select pg_file_write('x', 'y', true)`, 'pg_file_write() changes files of the server.'],
  [`select http_get('http://example.com')`, 'http_get() sends a request to another machine.'],
  [`create subscription s connection 'x' publication p`, 'CREATE SUBSCRIPTION connects to another server.'],
  ['alter subscription s refresh publication', 'ALTER SUBSCRIPTION may connect to another server.'],
  ['drop subscription s', 'DROP SUBSCRIPTION may connect to another server.'],
  [
    'create server s foreign data wrapper postgres_fdw',
    'CREATE SERVER makes statements reach another server, or its files.',
  ],
  [
    'create foreign table t (a int) server s',
    'CREATE FOREIGN TABLE makes statements reach another server, or its files.',
  ],
  ['import foreign schema a from server s into b', 'IMPORT FOREIGN SCHEMA connects to another server.'],
  [`create tablespace t location '/x'`, 'CREATE TABLESPACE takes a directory of the server.'],
  [`load 'auto_explain'`, 'LOAD runs the code of a library.'],
  [
    `create function f() returns int language c as 'lib', 'f'`,
    'CREATE FUNCTION in the untrusted language c may do whatever the server may.',
  ],
  [`do language plpython3u $$pass$$`, 'DO in the untrusted language plpython3u may do whatever the server may.'],
  [
    `create function f() returns void language plpgsql as $$ begin perform dblink('x', 'y'); end $$`,
    'dblink() connects to another server. It stands in a text that runs later.',
  ],
  [
    `do $$ begin execute 'copy a to program ''cat'''; end $$`,
    'COPY … PROGRAM starts a program on the server. It stands in a text that runs later.',
  ],
  [
    `do $$ begin copy a to '/tmp/x'; end $$`,
    'COPY reads or writes a file of the server. It stands in a text that runs later.',
  ],
  [
    `create function f() returns text begin atomic select pg_read_file('x'); end`,
    'pg_read_file() reads files of the server.',
  ],
  [`select lo_import('/x') frm a b c`, 'lo_import() reads or writes a file of the server.'],
])('outside: %s', (sql, what) => {
  expect(postgres.sideEffects(sql).map((found) => [found.reach, found.what])).toEqual([['outside', what]])
})

test.each([
  'create role app',
  'create user app',
  'alter role app login',
  `alter role app set search_path to 'x'`,
  'alter role app rename to application',
  'drop role app',
  'grant readers to app',
  'revoke readers from app',
  'reassign owned by app to postgres',
  'drop owned by app',
  'create database other',
  'drop database other',
  `alter database other set work_mem to '1MB'`,
  'alter database other owner to app',
  'grant connect on database other to app',
  `comment on role app is 'x'`,
  `alter system set work_mem to '1MB'`,
  'drop tablespace t',
  'select pg_terminate_backend(1)',
  'select pg_reload_conf()',
  `select pg_create_logical_replication_slot('a', 'b')`,
  `select cron.schedule('* * * * *', 'vacuum')`,
  `do $$ begin if not exists (select from pg_roles where rolname = 'app') then create role app; end if; end $$`,
  `do $$ begin execute 'alter system set x = 1'; end $$`,
])('shared by the whole server: %s', (sql) => {
  expect(postgres.sideEffects(sql).map(({ reach }) => reach)).toEqual(['cluster'])
})

test.each([
  'create table copy_jobs (id int, program text, server text)',
  'copy books from stdin',
  'copy books to stdout',
  `notify changes, 'x'`,
  `select pg_notify('a', 'b'), pg_sleep(0), pg_advisory_xact_lock(1)`,
  'create extension dblink',
  'grant select on books to app',
  'alter table books owner to app',
  'create user mapping for app server s',
  `create function schedule() returns int language sql as 'select 1'`,
  'select schedule(), http_log()',
  `select 'copy a to program'`,
  `comment on table books is 'see dblink()'`,
  `do $$ begin -- no dblink() here\n /* copy a to program */ perform 1; end $$`,
  `create function f() returns int language plpgsql as $$ begin return (select count(*) from users); end $$`,
  'this is no sql',
])('in the database: %s', (sql) => {
  expect(postgres.sideEffects(sql)).toEqual([])
})

test('each is found at its place', () => {
  const sql = `-- é\nselect 1;\nselect 'é', dblink('a', 'b');\ndo $b$ begin\n perform lo_import('x'); end $b$`
  const places = postgres.sideEffects(sql, 100).map(({ span }) => sql.slice(span.start - 100).slice(0, 9))
  expect(places).toEqual(["dblink('a", 'lo_import'])
})
