import { listOf } from '../../core/text.ts'
import { nameText } from '../../model/name.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const truncate: Rule = defineRule({
  id: 'truncate',
  summary: 'TRUNCATE loses every row for good and makes all reads and writes of the table wait.',
  severity: 'error',
  hazards: ['loses-data', 'blocks-reads', 'blocks-writes'],
  looksAt: ['truncate'],
  sources: ['pgfence:truncate', 'postgres-language-server:banTruncate'],
  why: `TRUNCATE gives the table a new, empty file under ACCESS EXCLUSIVE, without looking at the rows and without firing row triggers; after the commit only a backup has them. A row-by-row DELETE in batches holds no lock that stops others, fires triggers and checks foreign keys. With CASCADE the rule truncate-cascade reports instead. In a migration that declares itself a contract step and waits behind a gate the rule is silent.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'truncate books;',
      good: `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
delete from books where title like 'draft%';

-- migrate:down none because the rows are lost on purpose`,
    },
    {
      given: 'create table books (id int primary key);\ncreate table shelves (id int primary key);',
      bad: 'truncate table books, shelves restart identity;',
      good: `create table numbers (id bigint primary key);
insert into numbers values (1);
truncate numbers;
create temporary table wanted (id int);
truncate wanted;`,
    },
  ],
  *check(fact, context) {
    if (fact.cascade || isPlannedContract(context)) return
    const visible = fact.tables.filter((table) => !isPrivate(table, context)).map(nameText)
    if (visible.length === 0) return
    yield {
      at: fact.span,
      message: `All rows of ${listOf(visible)} are lost, and reads and writes of ${visible.length === 1 ? 'it' : 'them'} wait until the commit.`,
      instead: [
        '-- in batches, as a backfill of its own:',
        ...visible.map((table) => `delete from ${table} where …;`),
      ].join('\n'),
    }
  },
})
