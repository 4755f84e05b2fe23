import { nameText, quoteName } from '../../model/name.ts'
import { columnText, isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isNewColumn, isPrivate } from '../same-name.ts'

export const dropNotNull: Rule = defineRule({
  id: 'drop-not-null',
  summary: 'After DROP NOT NULL the running version can meet a NULL where it has never seen one.',
  severity: 'warning',
  preset: 'strict',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['drop-not-null'],
  sources: [
    'squawk:ban-drop-not-null',
    'pgfence:drop-not-null',
    'postgres-language-server:banDropNotNull',
    'migrationpilot:MP029',
  ],
  why: `The statement only changes the catalogue, and what reads the column has to be ready before it: code that takes the value for granted, NOT IN over the column, a sum that turns into NULL. It is also hard to take back, because the NULLs that were written meanwhile stand in the way. The rule is silent about a column that had no NOT NULL, and in a contract step behind a gate, where a column loses it before it is dropped.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text not null);',
      bad: 'alter table books alter column title drop not null;',
      good: `-- migrate:change books-title-optional
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books alter column title drop not null;

-- migrate:down none because there may be NULLs by then`,
    },
    {
      given: 'create table books (id bigint primary key, title text, isbn text not null);',
      bad: 'alter table books alter column isbn drop not null, alter column title drop not null;',
      good: `alter table books alter column title drop not null;
alter table books add column pages int not null default 0;
alter table books alter column pages drop not null;`,
    },
  ],
  *check(drop, context) {
    if (isPrivate(drop.table, context) || isPlannedContract(context)) return
    if (isNewColumn(drop, drop.table, drop.column, context)) return
    if (context.column(drop.table, drop.column)?.notNull === false) return
    const table = nameText(drop.table)
    yield {
      at: drop.span,
      message: `${columnText(drop.table, drop.column)} can be NULL from now on, and the running version may take a value for granted.`,
      instead: [
        `-- migrate:phase contract`,
        `-- migrate:gate approval`,
        '',
        '-- migrate:up',
        '-- when every running version that reads the column is ready for NULL:',
        `alter table ${table} alter column ${quoteName(drop.column)} drop not null;`,
        '',
        '-- migrate:down none because <reason>',
      ].join('\n'),
    }
  },
})
