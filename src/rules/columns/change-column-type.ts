import { listOf } from '../../core/text.ts'
import type { SetColumnType } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'

export const changeColumnType: Rule = defineRule({
  id: 'change-column-type',
  summary: 'Most changes of a column type write the whole table and its indexes anew while reads and writes wait.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'rewrites-table', 'breaks-running-version'],
  looksAt: ['set-column-type'],
  sources: [
    'squawk:changing-column-type',
    'strong_migrations:change_column',
    'online_migrations:change_column',
    'eugene:E5',
    'pgfence:alter-column-type',
    'atlas:PG301',
    'postgres-language-server:changingColumnType',
    'strong_migrations:change_column_constraint',
    'online_migrations:change_column_constraint',
    'pg-schema-diff:ACQUIRES_ACCESS_EXCLUSIVE_LOCK',
    'migrationpilot:MP007',
    'migrationpilot:MP089',
  ],
  why: `Where the stored bytes of the old type are not already valid for the new one, ALTER COLUMN … TYPE converts every row into a new copy of the table and builds all its indexes again, under ACCESS EXCLUSIVE. Some changes only widen what is allowed (varchar(50) to varchar(100) or text, a larger numeric precision, cidr to inet): they touch the catalogue and nothing else, and this rule is silent about them, unless the server must still check or index every row again. Between timestamp and timestamptz nothing is written while the session's time zone is UTC. A domain goes by what it is made of, unless it has constraints of its own to test; an enum is always converted. A change whose old type the history does not show, or that depends on a time zone or a type that nobody knows, is reported as one that may rewrite. A view that uses the column makes the statement fail.`,
  examples: [
    {
      given: 'create table books (id int primary key, pages int);',
      bad: 'alter table books alter column pages type bigint;',
      good: [
        `-- migrate:change books-pages
-- migrate:phase expand

-- migrate:up
alter table books add column pages_wide bigint;
create function books_pages_wide() returns trigger language plpgsql as $$
begin
  new.pages_wide := new.pages;
  return new;
end
$$;
create trigger books_pages_wide before insert or update on books for each row execute function books_pages_wide();

-- migrate:down
drop trigger books_pages_wide on books;
drop function books_pages_wide();
alter table books drop column pages_wide;
-- migrate:down-loses books.pages_wide`,
        `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set pages_wide = pages where pages is not null and pages_wide is null;

-- migrate:down none because the values go with the column`,
      ],
    },
    {
      given: 'create table books (id int primary key, title varchar(200), price numeric(8,2));',
      bad: 'alter table books alter column title type varchar(20);',
      good: `alter table books alter column title type varchar(300);
alter table books alter column title type text;
alter table books alter column price type numeric(12,2);`,
    },
    {
      given: 'create table books (id int primary key, isbn int);',
      bad: 'alter table books alter column isbn type text using isbn::text;',
      good: 'create table editions (id bigint primary key, isbn int);\nalter table editions alter column isbn type text;',
    },
    {
      given: `create table books (id int primary key, title varchar(50));
create view titles as select title from books;`,
      bad: 'alter table books alter column title type varchar(100);',
      good: `drop view titles;
alter table books alter column title type varchar(100);
create view titles as select title from books;`,
      fails: '0A000',
    },
    {
      given: `create table books (id int primary key, title varchar(50) check (title <> ''));`,
      bad: 'alter table books alter column title type varchar(100);',
      good: [
        `alter table books drop constraint books_title_check;
alter table books alter column title type varchar(100);
alter table books add constraint books_title_check check (title <> '') not valid;`,
        'alter table books validate constraint books_title_check;',
      ],
    },
    {
      given: 'create table books (id bigint primary key, added_at timestamp);',
      bad: `set local time zone 'Europe/Berlin';
alter table books alter column added_at type timestamptz;`,
      good: `set local time zone 'UTC';
alter table books alter column added_at type timestamptz;`,
    },
    {
      given: `create domain label as text;
create domain short_label as text check (length(value) < 20);
create table books (id bigint primary key, title text);`,
      bad: 'alter table books alter column title type short_label;',
      good: 'alter table books alter column title type label;',
    },
    {
      given: `create type binding as enum ('paper', 'cloth');
create table books (id bigint primary key, binding binding, pages interval day to hour);`,
      bad: 'alter table books alter column binding type text;',
      good: 'alter table books alter column pages type interval day to second;',
    },
  ],
  *check(change, context) {
    if (isPrivate(change.table, context)) return
    yield* inTheWay(change, context)
    yield* rewriting(change, context)
  },
})

/** Views that use the column: the server refuses the change with 0A000. */
function* inTheWay(change: SetColumnType, context: RuleContext): Iterable<RuleFinding> {
  const views = context.schema.viewsOn(change.table, change.column)
  if (views.length === 0) return
  const names = views.map((view) => shortName(context.schema, view.name))
  yield {
    at: change.span,
    message: `The server refuses to change the type of ${columnText(change.table, change.column)} while ${listOf(names)} ${views.length === 1 ? 'uses' : 'use'} it.`,
    instead: [
      ...views.map(
        (view) => `drop ${view.materialized ? 'materialized view' : 'view'} ${shortName(context.schema, view.name)};`,
      ),
      `alter table ${nameText(change.table)} alter column ${quoteName(change.column)} type ${change.type.sql};`,
      ...views.map(
        (view) =>
          `create ${view.materialized ? 'materialized view' : 'view'} ${shortName(context.schema, view.name)} as …;`,
      ),
    ].join('\n'),
  }
}

function* rewriting(change: SetColumnType, context: RuleContext): Iterable<RuleFinding> {
  const from = context.column(change.table, change.column)?.type
  const verdict = from === undefined ? 'unknown' : context.typeChange(from, change.type, change.using)
  const table = nameText(change.table)
  const column = columnText(change.table, change.column)
  if (verdict === 'no-rewrite') {
    if (!context.effects.some((effect) => effect.scans || effect.rewrites)) return
    yield {
      at: change.span,
      severity: 'warning',
      message: `The rows of ${table} stay as they are, but a check or an index that uses ${column} makes the server read all of them while reads and writes of the table wait.`,
      instead: `-- drop what uses ${column} before, and add it again afterwards: a check NOT VALID and then VALIDATE, an index CONCURRENTLY`,
    }
    return
  }
  const old = from === undefined ? '' : ` from ${from.sql}`
  const sure = verdict === 'rewrite'
  yield {
    at: change.span,
    ...(sure ? {} : { severity: 'warning' as const }),
    message: sure
      ? `Changing ${column}${old} to ${change.type.sql} writes all of ${table} and its indexes anew; every read and write of the table waits until that is done.`
      : `Changing ${column}${old} to ${change.type.sql} may write all of ${table} anew while every read and write of it waits: ${from === undefined ? 'the history does not show its old type' : 'whether it does depends on the session or on a type that is not built in'}.`,
    instead: insteadOf(change),
  }
}

function insteadOf(change: SetColumnType): string {
  const table = nameText(change.table)
  const fresh = quoteName(`${change.column}_new`)
  const value = change.using?.sql ?? `${quoteName(change.column)}::${change.type.sql}`
  return [
    `alter table ${table} add column ${fresh} ${change.type.sql};`,
    '-- keep both columns equal with a trigger, and fill the rows there are in batches:',
    `update ${table} set ${fresh} = ${value} where ${fresh} is null;`,
    `-- let the application use ${fresh}, then drop ${quoteName(change.column)} in a contract migration.`,
    '-- `migrate plan` writes all of these files for this statement.',
  ].join('\n')
}
