import { nameText } from '../../model/name.ts'
import { backfillFile } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const updateWithoutWhere: Rule = defineRule({
  id: 'update-without-where',
  summary: 'UPDATE of every row in one statement holds all row locks until the commit and doubles the table.',
  severity: 'error',
  hazards: ['blocks-writes', 'bloats'],
  looksAt: ['update'],
  sources: ['pgfence:update-in-migration', 'postgres-language-server:banUpdateWithoutWhere', 'migrationpilot:MP011'],
  why: `An UPDATE writes a second version of each row and locks the row until the transaction ends, so writers of the same rows wait for the whole of it, the table grows to twice its size, and replicas fall behind. WHERE true is no limit. Under a migrate:backfill directive the statement is cut into short batches, and the rule is silent; it is silent too about a table of the same migration. Without a snapshot nobody knows how many rows a table has, so a small one counts as a large one.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text, price int);',
      bad: 'update books set price = 1;',
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set price = 1;

-- migrate:down none because the old prices are not known`,
    },
    {
      given: 'create table books (id int primary key, title text, price int);',
      bad: 'update only books as b set price = price + 1 where 1 = 1;',
      good: `create table prices (id bigint primary key, amount int);
insert into prices select id, price from books where id < 10;
update prices set amount = amount * 100;`,
    },
  ],
  *check(fact, context) {
    if (fact.where === 'condition' || isPrivate(fact.table, context)) return
    if (context.migration.backfill !== undefined) return
    const table = nameText(fact.table)
    const limit = fact.where === 'always-true' ? ' (its WHERE is always true)' : ''
    yield {
      at: fact.span,
      message: `This updates every row of ${table}${limit} in one transaction: writers of these rows wait until it commits, and the table doubles in size.`,
      instead: backfillFile(fact.table, context.statement.sql, context),
    }
  },
})
