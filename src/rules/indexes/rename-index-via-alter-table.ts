import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'

export const renameIndexViaAlterTable: Rule = defineRule({
  id: 'rename-index-via-alter-table',
  summary: 'ALTER TABLE renames an index under ACCESS EXCLUSIVE; ALTER INDEX does the same without blocking queries.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['rename-table'],
  sources: ['lockstep:rename-index-via-alter-table'],
  why: `ALTER TABLE accepts the name of an index and takes ACCESS EXCLUSIVE on it; a query needs a lock on every index of its tables to be planned, so all of them wait. ALTER INDEX … RENAME takes SHARE UPDATE EXCLUSIVE since PostgreSQL 12, which no query waits for. An index that is not known from the history cannot be told from a table.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);\ncreate index books_title_idx on books (title);',
      bad: 'alter table books_title_idx rename to books_by_title;',
      good: 'alter index books_title_idx rename to books_by_title;',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'alter table if exists public.books_pkey rename to books_key;',
      good: 'alter index if exists public.books_pkey rename to books_key;',
    },
  ],
  *check(rename, context) {
    const index = context.schema.index(rename.table)
    if (index === undefined || isPrivate(index.table, context)) return
    const { sql } = context.statement
    const start = /^alter\s+table\b/i.exec(sql)?.[0]
    const plain = `alter index ${nameText(rename.table)} rename to ${quoteName(rename.to)}`
    const safe = start === undefined ? plain : `alter index${sql.slice(start.length)}`
    yield {
      at: rename.span,
      message: `Every query of ${shortName(context.schema, index.table)} waits for the lock on ${nameText(rename.table)}: ALTER TABLE takes a stronger one than ALTER INDEX.`,
      instead: `${safe};`,
      rewrite: safe,
    }
  },
})
