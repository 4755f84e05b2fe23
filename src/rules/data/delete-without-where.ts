import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const deleteWithoutWhere: Rule = defineRule({
  id: 'delete-without-where',
  summary: 'DELETE without a condition loses every row of the table.',
  severity: 'error',
  hazards: ['loses-data', 'blocks-writes', 'bloats'],
  looksAt: ['delete'],
  sources: ['pgfence:delete-without-where', 'postgres-language-server:banDeleteWithoutWhere', 'migrationpilot:MP067'],
  why: `A DELETE without WHERE marks every row as gone, fires the triggers and foreign keys of each, and holds their locks until the commit; only a backup has them afterwards, and the file keeps its size until it is vacuumed. WHERE true and WHERE 1 = 1 are no condition. The rule is silent about a table of the same migration and about a temporary one, and under a migrate:backfill directive, which cuts the statement into batches and says that it is meant.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'delete from books where true;',
      good: `delete from books where title = 'draft';`,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'delete from only books as b;',
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
delete from books;

-- migrate:down none because the rows are lost on purpose`,
    },
  ],
  *check(fact, context) {
    if (fact.where === 'condition' || isPrivate(fact.table, context)) return
    if (context.migration.backfill !== undefined) return
    const table = nameText(fact.table)
    const limit = fact.where === 'always-true' ? ' (its WHERE is always true)' : ''
    yield {
      at: fact.span,
      message: `This deletes every row of ${table}${limit}.`,
      instead: `delete from ${table} where …;`,
    }
  },
})
