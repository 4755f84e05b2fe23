import { expect, test } from 'vitest'
import { flywayChecksum } from '../../src/journals/hashes/flyway-checksum.ts'
import { liquibaseChecksums } from '../../src/journals/hashes/liquibase-checksum.ts'
import { sqitchChangeIds } from '../../src/journals/hashes/sqitch-change-ids.ts'

/** The ids are what `sqitch plan` of sqitch 1.3.1 prints. */
test('ids of sqitch: dependencies, conflicts, notes with escapes, letters beyond ASCII, a reworked change', () => {
  const plan = `%syntax-version=1.0.0
%project=garage
%uri=https://example.test/garage

cars 2024-03-01T08:00:00Z Anna Müller <anna@example.test> # The first\\ntable \\# 1
reports/count [cars !bikes] 2024-03-02T08:00:00Z Anna <anna@example.test>
@v1.0 2024-03-03T08:00:00Z Anna <anna@example.test> # First release

+ cars_index [cars other:x] 2024-03-04T08:00:00Z Ben <ben@example.test> # An index
reports/count [reports/count@v1.0] 2024-03-05T08:00:00Z Ben <ben@example.test> # Counts other cars
`
  expect(sqitchChangeIds(plan)).toEqual([
    { id: 'ce52e0e6c30325b87e858b5a63d2b0d71e9969bb', script: 'cars' },
    { id: 'ff42fa96f47414734cd6702a0e19751082ad5303', script: 'reports/count@v1.0' },
    { id: 'ad6a545f217f4f738dc4f39b7efafcf48e14e31d', script: 'cars_index' },
    { id: 'fb3b93981ab5bcc28f9db2ab576238ab14080fe9', script: 'reports/count' },
  ])
})

/** 626055720 is CRC32 of the two lines, by zlib of Python. */
test('the checksum of Flyway does not depend on line ends, nor on a byte order mark', () => {
  const text = 'create index books_title_idx\n  on books (title);\n'
  for (const same of [
    text,
    text.replaceAll('\n', '\r\n'),
    text.replaceAll('\n', '\r'),
    `\uFEFF${text}`,
    text.trimEnd(),
  ])
    expect(flywayChecksum(Buffer.from(same))).toBe(626_055_720)
  expect(flywayChecksum(Buffer.from(text.toUpperCase()))).not.toBe(626_055_720)
})

/** By hashlib of Python: MD5 of the text without blanks, and of that with its version. */
test('the checksum of Liquibase does not depend on blanks, nor on line ends', () => {
  const sum = '9:abc9362b77eabe7e4d5e6232cbac9593'
  const sql = 'create index books_title_idx\n  on books (title);\n-- why\n'
  for (const same of [sql, sql.replaceAll('\n', '\r\n'), sql.replaceAll('\n', ' \n\t\n'), sql.trimEnd()]) {
    const found = liquibaseChecksums(`--liquibase formatted sql\n--changeset anna:8 splitStatements:false\n${same}`)
    expect(found).toEqual(new Map([['anna:8', { sum, allowed: [] }]]))
  }
})

/** The sums are what Liquibase 4.28.0 wrote into databasechangelog when it applied these files. */
test('checksums that Liquibase itself wrote', () => {
  const books = `--liquibase formatted sql

--changeset anna:1
create table books (id bigint primary key, title text);
--rollback drop table books;

--changeset anna:2 splitStatements:false
-- why: a comment that stays
create index books_title_idx
\ton books  (title);

--changeset ben:1 runOnChange:true stripComments:false
--comment: what a view is
--validCheckSum: 9:1
/* a block
   comment */
create or replace view titles as select title from books where title <> '--x';
--rollback drop view titles;

--changeset ben:2 endDelimiter:/ splitStatements:true
create table a (id int)
/
create table b (t text default 'ä;ö')
/
/* liquibase rollback
drop table a;
drop table b;
*/

--changeset "carl x":"3 a" context:dev
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 select count(*) from a
create table   c ( x int );   


--ignoreLines:start
drop table c;
--ignoreLines:end
insert into c values (1);

--changeset dora:1 labels:none onFail:MARK_RAN
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:5 select count(*) from a
create table never ();

--changeset dora:2
create function f() returns int language sql as 'select 1';
--rollback drop function f();
--changeset dora:3
--rollback not required
 alter table books add column isbn text; alter table books add column pages int;
`
  const win =
    '--liquibase formatted sql\r\n--changeset win:1\r\ncreate table w (\r\n  id int\r\n);\r\n--changeset win:2\r\n\r\n  insert into w values (1);\r\n'
  const sums = [...liquibaseChecksums(books), ...liquibaseChecksums(win)].map(([id, { sum }]) => [id, sum])
  expect(Object.fromEntries(sums)).toEqual({
    'anna:1': '9:1847e0f3c5a670482e27f1c089a6f05d',
    'anna:2': '9:ce26137eaa2aa894151f8999f4113e98',
    'ben:1': '9:50fe3e2061df68060eeeeab1facf73a2',
    'ben:2': '9:3833ecfad074f30553f0a4f796411af8',
    'carl x:3 a': '9:b50e687e0d2e833c32c473e7e6b3f33d',
    'dora:1': '9:8557ebcaf754c8536ed78ed8fe14c2e2',
    'dora:2': '9:5f60aa62cdd74352c454b5c3100d1071',
    'dora:3': '9:2ec66bdd84e7d9f227f69edf1f68e57d',
    'win:1': '9:b62f3f489f9c731ffed56bccb4e70b6e',
    'win:2': '9:406508fbd0f451ceca0e3594dc19d9d5',
  })
})

test('lines that are for Liquibase count for nothing in its checksum, comments do', () => {
  const sql = 'create table a ();\n-- why\n'
  const sums = (text: string): unknown => [...liquibaseChecksums(`\uFEFF--liquibase formatted sql\n${text}`).values()]
  const [plain] = [...liquibaseChecksums(`--changeset a:1\n${sql}`).values()]
  const dressed = `--property name:x value:y
-- changeset a:1 runOnChange:true
--validCheckSum: 9:1
--validCheckSum ANY
--comment: a table
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 select count(*) from b
${sql}--ignoreLines:start
drop table a;
--ignoreLines:end
--ignoreLines:1
drop table b;
--rollback drop table a;
/* liquibase rollback
drop table a;
*/
--changeset "b c":"2 3"
select '\${x}';
`
  expect(sums(dressed)).toEqual([
    { sum: plain?.sum, allowed: ['9:1', 'ANY'] },
    { sum: undefined, allowed: [] },
  ])
  expect(sums(`--changeset a:1\ncreate table a ();\n`)).not.toEqual([plain])
})
