import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const setAccessMethod: Rule = defineRule({
  id: 'set-access-method',
  summary: 'SET ACCESS METHOD writes the whole table anew while reads and writes wait.',
  severity: 'error',
  hazards: ['rewrites-table', 'blocks-reads', 'blocks-writes'],
  looksAt: ['change-table'],
  sources: ['pgsafe:set-access-method', 'migrationpilot:MP095'],
  why: `Another access method stores rows in another way, so every row is read from the old file and written into a new one, and every index is built again, under ACCESS EXCLUSIVE. PostgreSQL has the action since 15. On a partitioned table it only says what new partitions will use, and is not reported.`,
  examples: [
    {
      given: `create access method heap_too type table handler heap_tableam_handler;
create table books (id bigint primary key, title text);`,
      bad: 'alter table books set access method heap_too;',
      good: `create table drafts (id bigint primary key);
alter table drafts set access method heap_too;`,
      versions: { from: 15 },
    },
    {
      given: `create access method heap_too type table handler heap_tableam_handler;
create table books (id bigint primary key, title text);`,
      bad: 'alter table books add column isbn text, set access method heap_too;',
      good: 'create table books_new (id bigint primary key, title text, isbn text) using heap_too;',
      versions: { from: 15 },
    },
  ],
  *check(fact, context) {
    if (fact.action !== 'set-access-method' || isPrivate(fact.table, context)) return
    if (context.table(fact.table)?.partitionBy !== undefined) return
    const table = nameText(fact.table)
    yield {
      at: fact.span,
      message: `Reads and writes of ${table} wait while all its rows and indexes are written anew.`,
      instead: `-- a table with that access method, filled in batches, that takes over the name at the end:\ncreate table ${nameText({ ...fact.table, name: `${fact.table.name}_new` })} (like ${table} including all) using ${fact.to ?? '…'};`,
    }
  },
})
