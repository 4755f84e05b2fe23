import { defaultOf } from '../../model/domain.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { constraintName } from '../constraint-sql.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const addRequiredColumn: Rule = defineRule({
  id: 'add-required-column',
  summary:
    'A NOT NULL column without a default cannot be added to a table with rows, and breaks inserts of the running version.',
  severity: 'error',
  hazards: ['fails', 'breaks-running-version'],
  looksAt: ['add-column'],
  sources: [
    'squawk:adding-required-field',
    'pgfence:add-column-not-null-no-default',
    'atlas:MF103',
    'postgres-language-server:addingRequiredField',
    'migrationpilot:MP084',
  ],
  why: `The rows that exist would get NULL in the new column, which its constraint forbids, so the server refuses the statement with SQLSTATE 23502 as soon as there is one row. On an empty table it succeeds, and then each INSERT of the version that is still running fails, because it does not know the column. A default that is constant serves both; it costs nothing since it is kept in the catalogue.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'alter table books add column pages int not null;',
      good: 'alter table books add column pages int not null default 0;',
      fails: '23502',
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'alter table books add column isbn text not null default null;',
      good: [
        'alter table books add column isbn text;',
        `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set isbn = 'unknown' where isbn is null;

-- migrate:down none because the values go with the column`,
        'alter table books add constraint books_isbn_not_null check (isbn is not null) not valid;',
        'alter table books validate constraint books_isbn_not_null;',
        'alter table books alter column isbn set not null;\nalter table books drop constraint books_isbn_not_null;',
      ],
      fails: '23502',
    },
    {
      given: `create table books (id int primary key, title text);
create domain stars as int default 3;
create domain mark as int;`,
      bad: 'alter table books add column mark mark not null;',
      good: 'alter table books add column stars stars not null;',
      fails: '23502',
    },
  ],
  *check(add, context) {
    const { column } = add
    if (!column.notNull || isPrivate(add.table, context)) return
    if (column.generated !== undefined || column.identity !== undefined) return
    if (/^(small|big)?serial$/.test(column.type.name)) return
    if (defaultOf(column, context.schema)?.isNull === false) return
    const table = nameText(add.table)
    const name = quoteName(column.name)
    const check = quoteName(constraintName(add.table, [column.name], 'not_null'))
    yield {
      at: add.span,
      message: `${columnText(add.table, column.name)} is NOT NULL and has no default: this fails when ${table} has a row, and the inserts of the running version fail when it has none.`,
      instead: [
        `alter table ${table} add column ${name} ${column.type.sql};`,
        '-- fill it (a backfill of its own), then in later migrations:',
        `alter table ${table} add constraint ${check} check (${name} is not null) not valid;`,
        `alter table ${table} validate constraint ${check};`,
        `alter table ${table} alter column ${name} set not null;`,
        `alter table ${table} drop constraint ${check};`,
      ].join('\n'),
    }
  },
})
