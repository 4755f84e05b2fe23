import { nameText } from '../../model/name.ts'
import { backfillFile } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { holdsStrongLock, isPrivate } from '../same-name.ts'

export const backfillInOneStatement: Rule = defineRule({
  id: 'backfill-in-one-statement',
  summary: 'An UPDATE or DELETE whose condition may hold for every row does all of it in one transaction.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['blocks-writes', 'bloats'],
  looksAt: ['update', 'delete'],
  sources: [
    'migrationpilot:MP080',
    'migrationpilot:MP088',
    'strong_migrations:backfilling',
    'migrationpilot:MP067',
    'migrationpilot:MP075',
  ],
  why: `A condition such as IS NULL, a comparison with another column or a function limits nothing when it holds for most rows: right after a column was added, IS NULL holds for all of them. One statement then locks every row until its commit, writes the table anew beside the old rows, and lets replicas fall behind. How many rows a condition leaves is not known here, so what compares a column with a constant by = or IN, as to pick out some rows, is not reported, nor is what runs in batches under migrate:backfill. Under a lock of the same transaction it is for data-change-with-schema-change.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text, language text);',
      bad: `update books set language = 'en' where language is null;`,
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set language = 'en' where language is null;

-- migrate:down none because the values go with the column`,
    },
    {
      given: 'create table books (id bigint primary key, title text, added_at timestamptz);',
      bad: `delete from books where added_at < now() - interval '1 year';`,
      good: `delete from books where title in ('Draft', 'Test');`,
    },
  ],
  *check(fact, context) {
    if (fact.where !== 'condition' || fact.picksRows === true || isPrivate(fact.table, context)) return
    if (context.migration.backfill !== undefined || holdsStrongLock(context)) return
    yield {
      at: fact.span,
      message: `The condition may hold for every row of ${nameText(fact.table)}: then all of them stay locked until the commit, and it takes as long as the table is large.`,
      instead: backfillFile(fact.table, context.statement.sql, context),
    }
  },
})
