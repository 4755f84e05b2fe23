import { beforeAll, describe, expect, test } from 'vitest'
import { exampleHistory, exampleMigration } from '../../scripts/measure/example-migrations.ts'
import { postgres } from '../../src/dialects/postgres/postgres.ts'
import { lint } from '../../src/lint/lint.ts'
import type { Connection } from '../../src/model/database.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { ParsedMigration } from '../../src/model/migration.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { rules } from '../../src/rules/registry.gen.ts'
import type { RuleExample } from '../../src/rules/rule.ts'
import { createDatabase, serverMajor } from '../support/postgres.ts'
import { kinds } from './kinds.ts'
import type { KindCase } from './kinds.ts'
import { snapshotOf } from './snapshot-of.ts'

beforeAll(() => postgres.load())

interface Judged {
  readonly given: readonly ParsedMigration[]
  readonly judged: readonly ParsedMigration[]
  readonly oneRelease?: boolean | undefined
}

/** Judged on the history, or on what a database holds in which the migrations that are given have run. */
function findings({ given, judged, oneRelease }: Judged, snapshot?: Snapshot): readonly string[] {
  const report = new Set(judged.map(({ id }) => id))
  const released = oneRelease === true ? report : undefined
  const input = { history: [...given, ...judged], report, released, rules, dialect: postgres, target: serverMajor() }
  const applied = given.map(({ id }) => id)
  return lint({
    ...input,
    ...(snapshot === undefined ? {} : { snapshot: { ...snapshot, applied, tables: [] } }),
  }).findings.map(
    ({ rule, severity, message, instead }: Finding) => `${rule} ${severity}: ${message}\n${instead ?? ''}`,
  )
}

async function databaseWith(migrations: readonly ParsedMigration[]): Promise<Snapshot> {
  const database = await createDatabase()
  for (const { upSql } of migrations) {
    const connection = await database.connect()
    for (const statement of upSql.statements) await connection.run(statement.sql)
    await connection.close()
  }
  const connection = await database.connect()
  const snapshot = await snapshotOf(connection)
  await dropSubscriptions(connection)
  return snapshot
}

/** The server does not drop a database that has one. */
async function dropSubscriptions(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ name: string }>(
    `select s.subname as name from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database()`,
  )
  for (const { name } of rows) await connection.run(`drop subscription ${name}`)
}

function isHere({ versions }: RuleExample): boolean {
  return (versions?.from ?? 0) <= serverMajor() && serverMajor() <= (versions?.to ?? serverMajor())
}

/** What the catalogue has forgotten. */
const otherwise: ReadonlyMap<string, string> = new Map([
  [
    'add-column-under-star-view',
    'The server puts the columns in the place of * before it keeps a view: neither its text nor its tree says that there was one. A view that happens to have all columns may have been written with their names, so that live nothing is said.',
  ],
])

describe('what a database holds is judged as its history is, in the examples of', () => {
  test.each(rules.map((rule) => ({ id: rule.id, rule })))('$id', async ({ id, rule }) => {
    const pairs: Record<'live' | 'replayed', (readonly string[])[]> = { live: [], replayed: [] }
    for (const example of rule.examples.filter(isHere)) {
      const cases = (['bad', 'good'] as const).map((which) => exampleHistory(example, which))
      const snapshot = await databaseWith(cases[0]?.given ?? [])
      for (const { given, judged } of cases) {
        const one = { given, judged, oneRelease: example.oneRelease }
        pairs.live.push(findings(one, snapshot))
        pairs.replayed.push(findings(one))
      }
    }
    if (otherwise.has(id)) expect(pairs.live).not.toEqual(pairs.replayed)
    else expect(pairs.live).toEqual(pairs.replayed)
  })
})

const domains = `create domain level as int default 1; create domain deep as level; create domain bare as level default null;
create domain checked as text check (length(value) > 0) not null; create table books (id bigint primary key, at level);`

const functions = `create function token() returns text language plpgsql volatile as 'begin return random()::text; end';
create function fixed() returns text language sql immutable as $$ select 'x' $$;
create table books (id bigint primary key, title text, constraint titled check (title <> token()));
create index by_fixed on books ((fixed() || title)); create domain short as text check (length(value) < length(token()));
create aggregate longest (text) (sfunc = text_larger, stype = text);`

const using = `create table authors (id bigint primary key, name text, active boolean);
create table books (id bigint primary key, title text, author bigint, pages int);
create table log (line text, at timestamptz);
alter table books enable row level security;
create function visible(a bigint) returns boolean language sql stable as 'select true';
create policy own on books using (author in (select a.id from authors a where a.active)) with check (pages > 0 and visible(author));
create policy added on books for insert with check (title is not null);
create rule keep as on delete to books do also insert into log (line) values (old.title);
create rule quiet as on update to authors where new.name = '' do instead nothing;
create function titles(a bigint) returns setof text language sql begin atomic select title from books where author = a; end;
create function count_all() returns bigint language sql return (select count(name) from authors);`

const published =
  'create publication feed for table authors (id, active) where (active), tables in schema public, log (line);'

/** What a rule knows of one kind only through another. */
const through: readonly (readonly [title: string, given: string, texts: readonly string[]])[] = [
  [
    'defaults of domains',
    domains,
    ['level', 'deep', 'bare', 'checked', 'level default 2'].map(
      (type) => `alter table books add column added ${type} not null;`,
    ),
  ],
  [
    'constraints of domains',
    domains,
    [
      'alter domain level set not null;',
      'alter domain deep add check (value > 0);',
      'alter domain checked drop constraint checked_check;',
      'drop domain level cascade;',
    ],
  ],
  [
    'volatility of functions',
    functions,
    [
      'alter table books add column added text default token();',
      'alter table books add column added text default fixed();',
      'alter table books add column added text not null default public.token();',
      'alter table books add constraint long check (title <> fixed());',
      `create or replace function fixed() returns text language sql immutable as $$ select 'y' $$;`,
      'create function fixed(n int) returns text language sql as $$ select $$;',
      'drop function token() cascade;',
      'drop function fixed() cascade;',
      'drop aggregate longest (text);',
    ],
  ],
  [
    'what policies, rules, bodies and publications use',
    serverMajor() < 15 ? using : `${using} ${published}`,
    [
      'alter table authors drop column active;',
      'alter table authors drop column name cascade;',
      'alter table books drop column title;',
      'alter table books rename column author to writer;',
      'alter table books alter column pages type bigint;',
      'alter table log drop column line;',
      'drop table authors cascade;',
      'drop function visible(bigint) cascade;',
      'drop policy own on books;',
    ],
  ],
  [
    'what heirs have',
    'create table p (a int, b int, k int check (k > 0)); create table c (a int) inherits (p); create table d () inherits (c);',
    [
      'alter table p drop column a;',
      'alter table p drop column b;',
      'alter table p drop constraint p_k_check;',
      'alter table c no inherit p;',
      'alter table p add column more int;',
      'drop table p cascade;',
    ],
  ],
]

describe('what a database holds is judged as its history is, by', () => {
  test.each(through)('%s', async (_, given, texts) => {
    const before = [exampleMigration(given, 1000, true)]
    const snapshot = await databaseWith(before)
    const all = texts.map((text) => {
      const one = { given: before, judged: [exampleMigration(text, 2000, true)] }
      const found = findings(one)
      expect({ text, found: findings(one, snapshot) }).toEqual({ text, found })
      return found
    })
    expect(all.flat()).not.toEqual([])
  })
})

/** Names of what belongs to the whole server. */
const named = (sql: string): string => sql.replaceAll('$a', 'first').replaceAll('$b', 'second')

/** What belongs to the whole server is in no snapshot, and made in no test. */
const cases = Object.entries(kinds).flatMap(([type, one]): readonly (readonly [string, KindCase])[] => {
  const isWhole = type === 'OBJECT_DATABASE' || type === 'OBJECT_ROLE' || type === 'OBJECT_TABLESPACE'
  return typeof one === 'string' || isWhole || (one.from ?? 0) > serverMajor()
    ? []
    : [[type.replace('OBJECT_', ''), one]]
})

describe('what a database holds is judged as its history is, when a migration drops', () => {
  test.each(cases)('%s', async (_, one) => {
    const made = named(`create schema other; ${one.given ?? ''} ${one.create}; ${one.users ?? ''}`)
    const moved = [one.rename, one.move].flatMap((sql) => (sql === undefined ? [] : [`${sql};\n`])).join('')
    const texts = [
      `${moved}${one.drop};`,
      `-- migrate:up\n${moved}${one.drop};\n\n-- migrate:down\n${one.create};`,
      `-- migrate:up\n${moved}${one.drop};\n\n-- migrate:down\nselect 1;`,
      ...(one.cascade === undefined ? [] : [`${one.cascade};`]),
    ].map(named)
    const given = [exampleMigration(made, 1000, true)]
    const snapshot = await databaseWith(given)
    for (const text of texts) {
      const one = { given, judged: [exampleMigration(text, 2000, true)] }
      expect({ text, found: findings(one, snapshot) }).toEqual({ text, found: findings(one) })
    }
  })
})
