import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const setTablespace: Rule = defineRule({
  id: 'set-tablespace',
  summary: 'SET TABLESPACE copies the whole table to another place while reads and writes wait.',
  severity: 'error',
  hazards: ['rewrites-table', 'blocks-reads', 'blocks-writes'],
  looksAt: ['change-table'],
  sources: ['migrationpilot:MP095'],
  why: `The table's files are copied block by block into the other tablespace, and each block goes through the write-ahead log, under ACCESS EXCLUSIVE; indexes stay where they are. For as long as the copy takes nobody reads or writes the table. A tablespace belongs to the server and not to the database, so the statement fails (SQLSTATE 42704) wherever nobody has made it. A table without rows of its own, such as a partitioned one, only notes the place for later.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books set tablespace archive;',
      good: 'create table drafts (id bigint primary key);\nalter table drafts set tablespace pg_default;',
      fails: '42704',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table books add column isbn text, set tablespace archive;',
      good: 'alter table books add column isbn text;',
      fails: '42704',
    },
  ],
  *check(fact, context) {
    if (fact.action !== 'set-tablespace' || isPrivate(fact.table, context)) return
    if (context.table(fact.table)?.partitionBy !== undefined) return
    const table = nameText(fact.table)
    yield {
      at: fact.span,
      message: `Reads and writes of ${table} wait while all its rows are copied to the tablespace ${fact.to ?? '…'}.`,
      instead: `-- pg_repack moves a table while it is in use:\n-- pg_repack --table=${table} --tablespace=${fact.to ?? '…'}`,
    }
  },
})
