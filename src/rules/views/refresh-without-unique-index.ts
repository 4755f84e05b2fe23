import { nameText } from '../../model/name.ts'
import type { Index } from '../../model/schema.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const refreshWithoutUniqueIndex: Rule = defineRule({
  id: 'refresh-without-unique-index',
  summary: 'REFRESH MATERIALIZED VIEW CONCURRENTLY fails where the view has no unique index over plain columns.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['refresh-materialized-view'],
  sources: [
    'pgfence:refresh-matview-concurrent',
    'postgres-language-server:concurrentRefreshMatviewLock',
    'lockstep:refresh-without-unique-index',
  ],
  why: `To find out which rows differ, the server matches the new ones with the old ones by a unique index, and it refuses with SQLSTATE 55000 where there is none. An index over an expression or with a WHERE does not count, since it does not tell all rows apart. The rule speaks where the history shows the view; where SQL that cannot be read may have made an index, it only warns.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text);
create materialized view titles as select id, title from books;`,
      bad: 'refresh materialized view concurrently titles;',
      good: [
        'create unique index concurrently titles_id_idx on titles (id);',
        'refresh materialized view concurrently titles;',
      ],
      transaction: false,
      fails: '55000',
    },
    {
      given: `create table books (id bigint primary key, title text);
create materialized view titles as select id, title from books;
create unique index titles_id_idx on titles (id) where title is not null;
create unique index titles_title_idx on titles (lower(title));`,
      bad: 'refresh materialized view concurrently titles;',
      good: `create materialized view sizes as select id, length(title) as size from books;
create unique index sizes_id_idx on sizes (id);
refresh materialized view concurrently sizes;`,
      fails: '55000',
    },
  ],
  *check(fact, context) {
    const view = fact.concurrently ? context.schema.view(fact.view) : undefined
    if (view === undefined || context.schema.indexesOf(view.name).some(tellsRowsApart)) return
    const name = nameText(fact.view)
    yield {
      at: fact.span,
      severity: context.schema.complete ? 'error' : 'warning',
      message: `${name} has no unique index over plain columns, so the server refuses to refresh it concurrently.`,
      instead: `-- over columns that are unique in the view, outside a transaction, before this:\ncreate unique index concurrently … on ${name} (…);`,
    }
  },
})

function tellsRowsApart(index: Index): boolean {
  return index.unique && !index.partial && !index.columns.includes('')
}
