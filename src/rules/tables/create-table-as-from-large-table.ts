import { listOf } from '../../core/text.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const createTableAsFromLargeTable: Rule = defineRule({
  id: 'create-table-as-from-large-table',
  summary: 'CREATE TABLE AS copies a whole table in one transaction, which runs as long as the copy takes.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['bloats'],
  looksAt: ['create-table-as'],
  sources: ['lockstep:create-table-as-from-large-table'],
  why: `The query reads with ACCESS SHARE and stops nobody, but it is one transaction: while it runs VACUUM cannot remove any row version of the database that is newer than its start, a standby falls behind, and rows that are written meanwhile are missing in the copy. How many rows the table has is not known here, so the rule is asked for in the preset strict only. An empty table that is filled in batches keeps each transaction short.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create table books_copy as select id, title from books;',
      good: `create table books_copy (id bigint primary key, title text);`,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'select id, title into books_copy from books;',
      good: `create table books_copy as select id, title from books with no data;
create temporary table found as select id from books;`,
    },
  ],
  *check(fact, context) {
    if (!fact.withData || fact.temporary) return
    const read = fact.reads.map(({ table }) => table).filter((table) => !isPrivate(table, context))
    const sources = read.filter((table) => context.schema.view(table) === undefined).map(nameText)
    if (sources.length === 0) return
    const table = nameText(fact.table)
    yield {
      at: fact.span,
      message: `One transaction copies ${listOf(sources)} into ${table}: as long as it runs, no dead rows are removed anywhere in the database.`,
      instead: `create table ${table} (like ${sources[0] ?? table});\n-- then, as a backfill of its own, in batches:\ninsert into ${table} select * from ${sources[0] ?? table};`,
    }
  },
})
