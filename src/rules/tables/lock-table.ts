import { listOf } from '../../core/text.ts'
import { blocksReads, blocksWrites } from '../../model/lock.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const lockTable: Rule = defineRule({
  id: 'lock-table',
  summary: 'LOCK TABLE makes everything that the application does on the table wait until the transaction ends.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['lock-table'],
  sources: ['migrationpilot:MP065'],
  why: `Without a mode the command asks for ACCESS EXCLUSIVE, the one mode that stops plain reads; SHARE and all stronger modes stop writes. The lock can be given up only by ending the transaction, so that everything which follows in the migration is added to the time that others wait. Each DDL statement takes the weakest lock that it needs by itself, and modes up to SHARE UPDATE EXCLUSIVE are not reported.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'lock table books;',
      good: 'create table drafts (id bigint primary key);\nlock table drafts;',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'lock table books in share mode;',
      good: 'lock table books in share update exclusive mode;',
    },
  ],
  *check(lock, context) {
    if (!blocksWrites(lock.mode)) return
    const visible = lock.tables.filter((table) => !isPrivate(table, context))
    if (visible.length === 0) return
    const tables = listOf(visible.map(nameText))
    yield {
      at: lock.span,
      message: `${blocksReads(lock.mode) ? 'Reads and writes' : 'Writes'} of ${tables} wait from here until the commit.`,
      instead: `-- leave it out: each statement takes the lock that it needs; to keep other migrations away:\nlock table ${visible.map(nameText).join(', ')} in share update exclusive mode;`,
    }
  },
})
