import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { systemClock } from '../../src/core/time.ts'
import { pglite } from '../../src/shadows/pglite.ts'
import type { ShadowServer } from '../../src/shadows/shadow.ts'
import { url } from '../../src/shadows/url.ts'
import { verify } from '../../src/verify/verify.ts'
import { embeddedTimeoutMs } from '../support/embedded.ts'
import { adminUrl } from '../support/postgres.ts'
import { shadowOptions } from '../support/shadow.ts'
import { dialect, migrations, upDown } from './migrations.ts'

const shop = upDown(
  `create type status as enum ('new', 'paid');
   create table authors (id int primary key, name text);
   create table books (id bigint generated always as identity primary key, title varchar(20) not null, code text unique, price int not null default 0 check (price >= 0),
                       state status not null default 'new', author int references authors, size numeric(6, 1));
   create table logs (line text); create table aside (content jsonb)`,
  'drop table aside; drop table logs; drop table books; drop table authors; drop type status',
)

const orderlyEnum = `alter table books alter state drop default; alter type status rename to old_status;
   create type status as enum ('new', 'paid');
   alter table books alter state type status using state::text::status, alter state set default 'new'; drop type old_status`

/** A column that follows another one by a trigger, both ways or only the old one. */
function follower(add: string, assign: string): string {
  return `alter table books add ${add};
   create function follow() returns trigger language plpgsql as $$ begin ${assign}; return new; end $$;
   create trigger follow before insert or update on books for each row execute function follow()`
}
const unfollow = (column: string): string =>
  `drop trigger follow on books; drop function follow(); alter table books drop ${column}`
const andGoes = (column: string): RegExp =>
  new RegExp(`What the upgrade added goes, with what was written to it: column public\\.books\\.${column}\\.$`)

/** What up and down do, and what is told of the rows written between them. */
const good: readonly (readonly [string, string, RegExp])[] = [
  [
    'a new column',
    upDown('alter table books add isbn text', 'alter table books drop isbn'),
    /kept by the downgrade\. What the upgrade added goes, with what was written to it: column public\.books\.isbn\.$/,
  ],
  [
    'a new column that the old one follows',
    upDown(
      follower(
        'name varchar(20)',
        'if new.name is not null then new.title := new.name; else new.name := new.title; end if',
      ),
      unfollow('name'),
    ),
    /kept by the downgrade\. What was written to column public\.books\.name stays in title\.$/,
  ],
  [
    'a new column of another type that the old one follows',
    upDown(
      follower('cents numeric', 'if new.cents is not null then new.price := new.cents; end if'),
      unfollow('cents'),
    ),
    andGoes('cents'),
  ],
  [
    'a new column of a wider type that the old one follows',
    upDown(follower('cost bigint', 'if new.cost is not null then new.price := new.cost; end if'), unfollow('cost')),
    /What was written to column public\.books\.cost stays in price\.$/,
  ],
  [
    'a new column that follows the old one, and not the other way round',
    upDown(follower('name text', 'new.name := new.title'), unfollow('name')),
    andGoes('name'),
  ],
  [
    'a new column that the old one follows only so far',
    upDown(
      follower('name text', 'if new.name is not null then new.title := left(new.name, 20); end if'),
      unfollow('name'),
    ),
    andGoes('name'),
  ],
  [
    'a new column that happens to hold what another one does',
    upDown('alter table books add copies int', 'alter table books drop copies'),
    andGoes('copies'),
  ],
  [
    'a new table',
    upDown('create table notes (id int primary key, book bigint references books)', 'drop table notes'),
    /: table public\.notes\.$/,
  ],
  [
    'a renamed column',
    upDown('alter table books rename title to name', 'alter table books rename name to title'),
    /kept by the downgrade\.$/,
  ],
  [
    'a renamed table',
    upDown('alter table books rename to works', 'alter table works rename to books'),
    /kept by the downgrade\.$/,
  ],
  [
    'a longer text that the old type refuses',
    upDown('alter table books alter title type varchar(40)', 'alter table books alter title type varchar(20)'),
    /title 'x+': the downgrade refuses, and changes nothing: value too long/,
  ],
  [
    'a wider number',
    upDown('alter table books alter price type bigint', 'alter table books alter price type int'),
    /price '9223372036854775807': the downgrade refuses, and changes nothing: integer out of range/,
  ],
  [
    'NULL where there was none',
    upDown('alter table books alter title drop not null', 'alter table books alter title set not null'),
    /with title null: the downgrade refuses, and changes nothing: column "title" of relation "books" contains null values/,
  ],
  [
    'a second equal row',
    upDown(
      'alter table books drop constraint books_code_key',
      'alter table books add constraint books_code_key unique (code)',
    ),
    /the same code: the downgrade refuses, and changes nothing: could not create unique index/,
  ],
  [
    'a row that a check refused',
    upDown(
      'alter table books drop constraint books_price_check',
      'alter table books add constraint books_price_check check (price >= 0)',
    ),
    /does not meet .*price >= 0.*: the downgrade refuses/,
  ],
  [
    'a dangling key',
    upDown(
      'alter table books drop constraint books_author_fkey',
      'alter table books add constraint books_author_fkey foreign key (author) references authors',
    ),
    /the downgrade refuses, and changes nothing: insert or update on table "books" violates foreign key/,
  ],
  [
    'a new label',
    upDown(`alter type status add value 'sent'`, orderlyEnum),
    /with state 'sent': the downgrade refuses, and changes nothing: invalid input value for enum/,
  ],
  [
    'a number that becomes a flag',
    upDown(
      'alter table books alter price drop default, drop constraint books_price_check; update books set price = least(price, 1); alter table books alter price type boolean using price = 1',
      '-- migrate:down-loses books.price\nalter table books alter price type int using price::int, alter price set default 0, add constraint books_price_check check (price >= 0)',
    ),
    /kept by the downgrade\.$/,
  ],
  [
    'an index outside a transaction',
    upDown('create index concurrently books_title on books (title)', 'drop index concurrently books_title'),
    /kept by the downgrade\.$/,
  ],
  [
    'rows set aside',
    upDown(
      'alter table books drop constraint books_price_check',
      `insert into aside select to_jsonb(books) from books where price < 0; delete from books where price < 0;
       alter table books add constraint books_price_check check (price >= 0)`,
    ),
    /does not meet .*price >= 0.*: set aside in public\.aside\./,
  ],
  [
    'nothing that holds rows',
    upDown('create view titles as select title from books', 'drop view titles'),
    /^proven: The upgrade changes no table/,
  ],
]

const bad: readonly (readonly [string, string, RegExp])[] = [
  [
    'a text that is cut',
    upDown(
      'alter table books alter title type varchar(40)',
      'alter table books alter title type varchar(20) using left(title, 20)',
    ),
    /public\.books\.title is another in \d rows?: 'x+…?' became 'x+'/,
  ],
  [
    'a label that becomes another',
    upDown(
      `alter type status add value 'sent'`,
      `update books set state = 'paid' where state = 'sent'; ${orderlyEnum}`,
    ),
    /public\.books\.state is another in \d rows?: 'sent' became 'paid'/,
  ],
  [
    'a NULL that is filled',
    upDown(
      'alter table books alter title drop not null',
      `update books set title = 'none' where title is null; alter table books alter title set not null`,
    ),
    /title is another in \d rows?: null became 'none'/,
  ],
  [
    'equal rows that are deleted',
    upDown(
      'alter table books drop constraint books_code_key',
      'delete from books a using books b where a.code = b.code and a.id > b.id; alter table books add constraint books_code_key unique (code)',
    ),
    /row of public\.books is gone/,
  ],
  [
    'rows written since that are deleted',
    upDown('alter table books add isbn text', 'delete from books where isbn is not null; alter table books drop isbn'),
    /rows of public\.books are gone/,
  ],
  [
    'a number that is rounded',
    upDown('alter table books alter size type numeric(10, 4)', 'alter table books alter size type numeric(6, 1)'),
    /public\.books\.size is another in \d rows/,
  ],
  [
    'a downgrade that stops half-way',
    `-- migrate:up transaction:false\nalter table books alter title drop not null;\n\n-- migrate:down transaction:false\nupdate books set code = code;\nalter table books alter title set not null;\n`,
    /fails after it has changed something: column "title"/,
  ],
]

describe.each(['server', 'embedded'] as const)('rows written after the upgrade (%s)', (kind) => {
  let server: ShadowServer
  beforeAll(async () => {
    server =
      kind === 'server'
        ? await url.start({ url: adminUrl(), cacheDirectory: '.cache', log: silentLog })
        : await pglite.start(shadowOptions)
  }, embeddedTimeoutMs)
  afterAll(() => server.stop())

  async function levelD4(text: string): Promise<string> {
    const history = await migrations(shop, text)
    const ids = [history.at(-1)?.id ?? '']
    const { results } = await verify({ history, ids, server, dialect, tool: 'test', clock: systemClock })
    const level = results[0]?.proof.levels.find(({ level }) => level === 'D4')
    return `${level?.standing}: ${level?.evidence}`
  }

  test.each(good)(
    '%s',
    async (_title, text, evidence) => {
      const told = await levelD4(text)
      expect(told).toMatch(/^proven: /)
      expect(told).toMatch(evidence)
    },
    embeddedTimeoutMs,
  )

  test.each(bad)(
    'broken: %s',
    async (_title, text, evidence) => {
      const told = await levelD4(text)
      expect(told).toMatch(/^broken: /)
      expect(told).toMatch(evidence)
    },
    embeddedTimeoutMs,
  )

  test(
    'a declared loss is accepted',
    async () => {
      const text = `-- migrate:up\nalter table books alter title type varchar(40);\n\n-- migrate:down\n-- migrate:down-loses books.title\nalter table books alter title type varchar(20) using left(title, 20);\n`
      expect(await levelD4(text)).toMatch(/^proven: .*lost as declared: public\.books\.title is another/)
    },
    embeddedTimeoutMs,
  )
})
