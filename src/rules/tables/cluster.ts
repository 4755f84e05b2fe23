import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const cluster: Rule = defineRule({
  id: 'cluster',
  summary: 'CLUSTER writes the whole table anew in the order of an index while reads and writes wait.',
  severity: 'error',
  hazards: ['rewrites-table', 'blocks-reads', 'blocks-writes'],
  looksAt: ['cluster'],
  sources: ['migrationpilot:MP032', 'squawk:prefer-repack'],
  why: `The rows are copied into a new file in the order of the index and every index is built again, all under ACCESS EXCLUSIVE. Rows that are written later do not follow the order, so the gain goes away again. Programs such as pg_repack sort a table while it is in use. ALTER TABLE … CLUSTER ON only notes the index and is not reported.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'cluster books using books_pkey;',
      good: 'alter table books cluster on books_pkey;',
    },
    {
      given: 'create table books (id bigint primary key, title text);\nalter table books cluster on books_pkey;',
      bad: 'cluster books;',
      good: 'create table drafts (id bigint primary key);\ncluster drafts using drafts_pkey;',
    },
  ],
  *check(fact, context) {
    if (fact.table !== undefined && isPrivate(fact.table, context)) return
    const table = fact.table === undefined ? undefined : nameText(fact.table)
    yield {
      at: fact.span,
      message: `Reads and writes of ${table ?? 'every clustered table of the database'} wait while all rows and indexes are written anew.`,
      instead: `-- sorts a table while it is in use:\n-- pg_repack${table === undefined ? '' : ` --table=${table}`} --order-by=…`,
    }
  },
})
