import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const refreshMaterializedView: Rule = defineRule({
  id: 'refresh-materialized-view',
  summary: 'REFRESH MATERIALIZED VIEW makes every read of the view wait until its query has run.',
  severity: 'error',
  hazards: ['blocks-reads', 'rewrites-table'],
  looksAt: ['refresh-materialized-view'],
  sources: [
    'pgfence:refresh-matview-blocking',
    'postgres-language-server:requireConcurrentRefreshMatview',
    'migrationpilot:MP033',
    'migrationpilot:MP096',
  ],
  why: `The new rows are written into another file under ACCESS EXCLUSIVE on the view, which is held from before the query starts until the commit. CONCURRENTLY works the rows out first and then changes those that differ, under EXCLUSIVE, which reads pass; it needs a unique index over plain columns without a WHERE, or it fails with SQLSTATE 55000, and the view must have been filled before. A view that this migration makes is read by nobody and is not reported.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text);
create materialized view titles as select id, title from books;
create unique index titles_id on titles (id);`,
      bad: 'refresh materialized view titles;',
      good: 'refresh materialized view concurrently titles;',
    },
    {
      given: `create table books (id bigint primary key, title text);
create materialized view titles as select id, title from books;`,
      bad: 'refresh materialized view titles with no data;',
      good: `create materialized view sizes as select id, length(title) as size from books with no data;
refresh materialized view sizes;`,
    },
  ],
  *check(fact, context) {
    if (fact.concurrently || context.isNew(fact.view)) return
    const view = nameText(fact.view)
    yield {
      at: fact.span,
      message: fact.withData
        ? `Every read of ${view} waits until its query has run and the transaction has ended.`
        : `${view} is emptied, and every read of it fails until it is refreshed with data.`,
      instead: `-- needs a unique index over plain columns of ${view}:\nrefresh materialized view concurrently ${view};`,
    }
  },
})
