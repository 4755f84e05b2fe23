import { listOf } from '../../core/text.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { holdsStrongLock, isPrivate } from '../same-name.ts'

export const insertSelectOfTable: Rule = defineRule({
  id: 'insert-select-of-table',
  summary: 'A whole table is copied in one statement, which takes as long as the table is large.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['bloats'],
  looksAt: ['insert'],
  sources: ['lockstep:insert-select-of-table'],
  why: `INSERT … SELECT without WHERE or LIMIT reads every row and writes it again in one transaction: replicas fall behind, all the write-ahead log comes at once, and what was deleted meanwhile cannot be vacuumed anywhere in the database. Rows that the application writes while it runs are not in the copy. Batches by key, with a trigger for the new rows, copy without that. A query over tables of the same migration, and one that groups into few rows, is not reported; under a lock of the same transaction other rules report it.`,
  examples: [
    {
      given:
        'create table books (id bigint primary key, title text);\ncreate table titles (id bigint primary key, title text);',
      bad: 'insert into titles select id + 5000, title from books;',
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
insert into titles (id, title) select id, title from books on conflict do nothing;

-- migrate:down none because the copies go with the table`,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `create table titles (id bigint primary key, title text);
insert into titles select id, title from books;`,
      good: `create table titles (id bigint primary key, title text);
insert into titles select id, title from books where id < 100;`,
    },
  ],
  *check(fact, context) {
    if (fact.copiesAll !== true || context.migration.backfill !== undefined || holdsStrongLock(context)) return
    const read = fact.reads.filter(({ table }) => !isPrivate(table, context)).map(({ table }) => nameText(table))
    if (read.length === 0) return
    yield {
      at: fact.span,
      message: `This copies every row of ${listOf([...new Set(read)])} in one transaction.`,
      instead: `-- in batches, as a migration of its own:\n-- migrate:backfill table:${read[0] ?? '…'} key:id\n${context.statement.sql};`,
    }
  },
})
