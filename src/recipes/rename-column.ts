import { nameText, quoteName } from '../model/name.ts'
import type { RenameColumn } from '../model/fact.ts'
import type { PlanStep, SqlStep } from '../model/plan.ts'
import type { Expression } from '../model/type.ts'
import { addColumn } from './dual-column/add-column.ts'
import { fillAndProve, tighten } from './dual-column/after-backfill.ts'
import { agreementName, columnCopy, notNullName } from './dual-column/column-copy.ts'
import type { ColumnCopy } from './dual-column/column-copy.ts'
import { differ } from './dual-column/compare.ts'
import { dropOld, renameCarried } from './dual-column/drop-old.ts'
import type { OldColumn, Return } from './dual-column/drop-old.ts'
import { impossible } from './dual-column/impossible.ts'
import { unknownNotes } from './dual-column/obstacles.ts'
import { alterColumn, dropConstraint, lines } from './dual-column/sql.ts'
import { oneWay, twoWays } from './dual-column/sync.ts'
import type { Sync } from './dual-column/sync.ts'
import { defineRecipe } from './recipe.ts'
import type { Recipe, RecipeContext } from './recipe.ts'

/** Both names are there, and the same, from the first step to the last: either version reads and writes its own. */
export const renameColumn: Recipe = defineRecipe({
  id: 'rename-column',
  title: 'Rename a column',
  summary:
    'A new column beside the old one, kept the same by triggers both ways, filled, and the old one dropped at the end.',
  looksAt: ['rename-column'],
  why: 'After RENAME COLUMN every statement of the version that still runs fails, until the last of its processes is gone; and so do those of the new version until then. With both columns there, each version finds its own, and either version can be rolled back.',
  examples: [
    {
      given: `create table books (
  id bigint generated always as identity primary key,
  title text not null check (title <> ''),
  price integer
);
create index books_title_idx on books (title, price);`,
      rows: `insert into books (title, price) select 'Book ' || n, n from generate_series(1, 60) as n;`,
      change: 'alter table books rename column title to headline;',
      oldQueries: [
        "select id, title from books where title = 'Book 3';",
        `insert into books (title, price) values ('Old version', 1);`,
        `update books set title = 'Changed by the old version' where id = 2;`,
        'update books set price = 5 where id = 3;',
      ],
      newQueries: [
        "select id, headline from books where headline = 'Book 3';",
        `insert into books (headline, price) values ('New version', 1);`,
        `update books set headline = 'Changed by the new version' where id = 2;`,
      ],
    },
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author bigint references authors (id) on delete set null, stock integer default 7);
create index books_author_idx on books (author);`,
      rows: `insert into authors values (1, 'Ada'), (2, 'Grace');
insert into books select n, case when n % 3 = 0 then null else 1 + n % 2 end, n from generate_series(1, 50) as n;`,
      change: 'alter table books rename column author to author_id;',
      oldQueries: [
        'select author from books;',
        'insert into books (id, author) values (1001, 2);',
        'insert into books (id) values (1002);',
        'update books set author = null where id = 4;',
        'delete from authors where id = 2;',
      ],
      newQueries: [
        'select author_id from books;',
        'insert into books (id, author_id) values (1003, 2);',
        'update books set author_id = null where id = 4;',
        'delete from authors where id = 2;',
      ],
    },
    {
      given: `create schema "Shop";
create table "Shop"."Order Items" ("Id" uuid primary key, "User" character varying(40) default 'nobody', "select" numeric(10, 2) unique);`,
      rows: `insert into "Shop"."Order Items" select md5(n::text)::uuid, case when n % 4 = 0 then null else 'é' || n end, n from generate_series(1, 40) as n;`,
      change: 'alter table "Shop"."Order Items" rename column "User" to "order";',
      oldQueries: [
        'select "User" from "Shop"."Order Items";',
        `insert into "Shop"."Order Items" ("Id") values ('00000000-0000-0000-0000-000000000001');`,
        `insert into "Shop"."Order Items" ("Id", "User") values ('00000000-0000-0000-0000-000000000002', null);`,
        `update "Shop"."Order Items" set "User" = 'x''y';`,
      ],
      newQueries: [
        'select "order" from "Shop"."Order Items";',
        `insert into "Shop"."Order Items" ("Id", "order") values ('00000000-0000-0000-0000-000000000003', null);`,
        `update "Shop"."Order Items" set "order" = null;`,
      ],
    },
    {
      given: `create table users (id integer primary key, email text not null, age smallint not null default 18, unique (email), check (length(email) > age));`,
      rows: `insert into users select n, 'reader' || n || '@a-long-enough-host.example' from generate_series(1, 30) as n;`,
      change: 'alter table users rename email to mail;',
      oldQueries: [
        'select email from users;',
        `insert into users (id, email) values (900, 'somebody.new@an.example.org') on conflict (email) do update set age = 19;`,
        `update users set email = email || 'x';`,
      ],
      newQueries: [
        'select mail from users;',
        `insert into users (id, mail) values (901, 'somebody.else@an.example.org') on conflict (mail) do update set age = 19;`,
        `update users set mail = mail || 'x';`,
      ],
    },
  ],
  *steps(fact, context) {
    const copy = copyFor(fact, context)
    const sync = syncFor(copy)
    yield addNewName(copy, sync)
    yield* fillAndProve(copy)
    yield deploy(copy)
    yield* tighten(copy)
    yield* dropOld(oldColumn(copy, sync))
  },
  notes(fact, context) {
    const table = context.schema.table(fact.table)
    const notes = table === undefined ? [] : [...unknownNotes(context.schema, table)]
    if (table !== undefined && isUnique(fact, context))
      notes.push(
        'While both unique indexes are there, two sessions that upsert one new key at the same moment can get a unique violation (23505) where one of them would have waited: retry it.',
      )
    return notes
  },
})

function isUnique(fact: RenameColumn, context: RecipeContext): boolean {
  const indexes = context.schema.table(fact.table)?.indexes.values() ?? []
  return [...indexes].some(({ unique, columns }) => unique && columns.includes(fact.column))
}

function copyFor(fact: RenameColumn, context: RecipeContext): ColumnCopy {
  const copy = columnCopy({
    schema: context.schema,
    dialect: context.dialect,
    change: context.change,
    table: fact.table,
    column: fact.column,
    to(table) {
      if (!table.columns.has(fact.to)) return fact.to
      throw impossible(
        `Table ${nameText(fact.table)} has a column ${quoteName(fact.to)} already.`,
        'Choose another name, or drop that column first.',
      )
    },
  })
  const value = copy.column.default
  if (value !== undefined && !isComparable(value) && !copy.column.notNull) {
    throw impossible(
      `Column ${quoteName(copy.from)} may be NULL and has the default ${value.sql}, which is another value each time: a trigger cannot tell a NULL that was written from one that was not.`,
      'Make the column NOT NULL, or drop its default, in a migration before the plan.',
    )
  }
  return copy
}

/** The default is the same for both columns of one row, so that a trigger can see which of them was written. */
function isComparable(value: Expression): boolean {
  return value.volatility === 'constant' || value.volatility === 'stable'
}

function sharedDefault(copy: ColumnCopy): string | undefined {
  const value = copy.column.default
  return value !== undefined && isComparable(value) ? value.sql : undefined
}

function syncFor(copy: ColumnCopy): Sync {
  const shared = sharedDefault(copy)
  return twoWays({
    table: copy.table,
    prefix: copy.prefix,
    from: copy.from,
    to: copy.to,
    fallback: shared === undefined ? undefined : `(${shared})::${copy.type.sql}`,
    differ: (left, right) => differ(left, right, copy.type, copy.collation),
  })
}

function addNewName(copy: ColumnCopy, sync: Sync): SqlStep {
  const shared = sharedDefault(copy)
  return addColumn(copy, sync, {
    title: `Add ${quoteName(copy.to)}, kept the same as ${quoteName(copy.from)}`,
    why: `Column, triggers and checks come in one transaction, so there is no write that the triggers miss. ${shared === undefined ? '' : 'The default is set after the column is added, so that rows that were there before stay recognisable. '}The check ${agreementName(copy)} makes sure that the columns can never come apart unnoticed.`,
    afterwards: shared === undefined ? [] : [alterColumn(copy.table, copy.to, `set default ${shared}`)],
  })
}

function deploy(copy: ColumnCopy): PlanStep {
  return {
    kind: 'deploy',
    id: 'deploy',
    phase: 'expand',
    title: `Release the version that reads and writes ${quoteName(copy.to)} only`,
    why: `The version before it goes on with ${quoteName(copy.from)} meanwhile. Before the contract phase, nothing may name ${quoteName(copy.from)} any more.`,
  }
}

function oldColumn(copy: ColumnCopy, sync: Sync): OldColumn {
  const { table, column, carried } = copy
  const late = column.default !== undefined && sharedDefault(copy) === undefined ? column.default.sql : undefined
  return {
    table,
    name: copy.from,
    type: column.type,
    collation: column.collation,
    items: carried.map((item) => ({ carried: item, name: item.name, definition: item.onOld })),
    stop: lines(sync.remove, dropConstraint(table, agreementName(copy))),
    after: [
      ...carried.map((item) => renameCarried(table, item.kind, item.temporary, item.name)),
      ...(late === undefined ? [] : [alterColumn(table, copy.to, `set default ${late}`)]),
    ],
    before: carried.map((item) => renameCarried(table, item.kind, item.name, item.temporary)),
    back: wayBack(copy, sync, late !== undefined),
    loses: [],
  }
}

/** While the rows are being filled only the new column is written: both ways, an unfilled row would empty it. */
function wayBack(copy: ColumnCopy, sync: Sync, isLate: boolean): Return {
  const { table, column, from, to } = copy
  const following = oneWay({
    table,
    prefix: `${copy.prefix}_return`,
    to: from,
    value: `new.${quoteName(to)}`,
    stale: differ(`new.${quoteName(from)}`, `new.${quoteName(to)}`, copy.type, copy.collation),
  })
  return {
    value: quoteName(to),
    stale: differ(quoteName(from), quoteName(to), copy.type, copy.collation),
    follow: following.install,
    default: column.default?.sql,
    notNull: column.notNull ? notNullName(copy) : undefined,
    keep: [sync.install, following.remove, ...(isLate ? [alterColumn(table, to, 'drop default')] : [])],
    agreement: { name: agreementName(copy), definition: `check (${copy.agrees})` },
  }
}
