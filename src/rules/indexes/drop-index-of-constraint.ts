import { nameText, quoteName } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { shortName } from '../same-name.ts'

export const dropIndexOfConstraint: Rule = defineRule({
  id: 'drop-index-of-constraint',
  summary: 'The index of a primary key, unique or exclusion constraint cannot be dropped: the migration fails.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['drop-index'],
  sources: ['migrationpilot:MP097', 'lockstep:drop-index-of-constraint'],
  why: `A primary key, a unique and an exclusion constraint each own the index that enforces them, and the server refuses to drop it alone, with SQLSTATE 2BP01, also with CASCADE and IF EXISTS. Dropping the constraint drops its index.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, isbn text unique);',
      bad: 'drop index books_isbn_key;',
      good: 'create table drafts (id bigint primary key, isbn text unique);\nalter table drafts drop constraint drafts_isbn_key;',
      fails: '2BP01',
    },
    {
      given: `create table books (id bigint primary key, isbn text);
create unique index books_isbn_idx on books (isbn);
alter table books add constraint books_isbn unique using index books_isbn_idx;`,
      bad: 'drop index if exists books_isbn cascade;',
      good: 'drop index concurrently if exists books_isbn_idx;',
      transaction: false,
      fails: '2BP01',
    },
  ],
  *check(drop, context) {
    const index = context.schema.index(drop.index)
    if (index?.constraint === undefined) return
    const table = shortName(context.schema, index.table)
    yield {
      at: drop.span,
      message: `The server refuses to drop ${nameText(drop.index)}: it enforces the constraint ${quoteName(index.constraint)} of ${table}.`,
      instead: `alter table ${table} drop constraint ${quoteName(index.constraint)};`,
    }
  },
})
