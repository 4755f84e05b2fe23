import { beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { replay } from '../../src/lint/replay.ts'
import type { Connection } from '../../src/model/database.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { history } from './history.ts'

beforeAll(() => postgres.load())

const shop = `create table authors (id bigint primary key, name text, active boolean);
create table books (id bigint primary key, title text, author bigint, pages int, note text);
create table log (line text, at timestamptz);
alter table books enable row level security;
create function visible(a bigint) returns boolean language sql stable as 'select true';
create policy own on books using (author in (select a.id from authors a where a.active)) with check (pages > 0 and visible(author));
create rule keep as on delete to books do also insert into log (line) values (old.title);
create rule deaf as on update to authors where new.name = '' do instead nothing;
create function titles(a bigint) returns setof text language sql begin atomic select title from books where author = a; end;
create function bare() returns bigint language sql return (select count(name) from authors);
create function plain() returns text language sql as 'select note from books limit 1';`

const published =
  'create publication out for table authors (id, active) where (active), books; alter publication out add table log (line);'

interface Row {
  readonly line: string
}

/** Columns that policies, rules, publications and functions use, as the server notes them; what a rule is on is left out. */
async function ofServer(connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.query<Row>(`
    select distinct case d.classid
             when 'pg_policy'::regclass then 'policy ' || (select polname from pg_policy where oid = d.objid)
             when 'pg_rewrite'::regclass then 'rule ' || (select rulename from pg_rewrite where oid = d.objid)
             when 'pg_proc'::regclass then 'function ' || (select proname from pg_proc where oid = d.objid)
             else 'publication ' || (select p.pubname from pg_publication p join pg_publication_rel r on r.prpubid = p.oid where r.oid = d.objid)
           end || ' ' || c.relname || '.' || a.attname as line
      from pg_depend d join pg_class c on c.oid = d.refobjid and d.refclassid = 'pg_class'::regclass
      join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid and a.attnum > 0
     where d.classid in ('pg_policy'::regclass, 'pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_publication_rel'::regclass)
       and c.relnamespace = 'public'::regnamespace`)
  return rows.map(({ line }) => line).toSorted()
}

function ofModel(...files: readonly string[]): readonly string[] {
  const schema = replay(history(...files))
  return schema
    .tables()
    .flatMap((table) =>
      [...table.columns.keys()].flatMap((column) =>
        schema
          .dependentsOn(table.name, column)
          .map(({ kind, name }) => `${kind} ${name.name} ${table.name.name}.${column}`),
      ),
    )
    .toSorted()
}

const later = [
  ['as they are made', ''],
  [
    'after renames',
    'alter table books rename to works; alter table works rename column title to name; alter table authors rename column active to here;',
  ],
  ['after drops', 'drop policy own on books; drop rule deaf on authors; drop function titles(bigint);'],
  ['after CASCADE', 'alter table books drop column title cascade; alter table authors drop column active cascade;'],
  ['after a table went', 'drop table books cascade;'],
] as const

describe('what uses a column is what the server notes', () => {
  test.each(later)('%s', async (_, sql) => {
    const files = [serverMajor() >= 15 ? `${shop}\n${published}` : shop, ...(sql === '' ? [] : [sql])]
    const database = await createDatabase()
    const connection = await database.connect()
    for (const file of files) await connection.run(file)
    expect(ofModel(...files)).toEqual(await ofServer(connection))
  })
})
