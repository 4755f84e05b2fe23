import { nameText } from '../../model/name.ts'
import { foreignKeysOf, visibleParents } from '../foreign-keys.ts'
import { hasLockTimeout } from '../lock-timeout.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const createTableWithForeignKey: Rule = defineRule({
  id: 'create-table-with-foreign-key',
  summary:
    'A foreign key in CREATE TABLE needs a lock on the table that it references, and all writes to that one queue behind it.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['blocks-writes'],
  looksAt: ['create-table'],
  sources: ['migrationpilot:MP074'],
  why: `The new table is nobody's yet, but the referenced one gets triggers and is locked with SHARE ROW EXCLUSIVE until the commit. The lock has to wait for every open transaction that has written to that table, and every later write queues up behind it meanwhile. The work itself takes an instant, so a lock_timeout makes it harmless: the rule is silent after SET lock_timeout. Several referenced tables are reported by several-foreign-keys-at-once.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: `create table reviews (id int primary key, book_id int references books (id));
create index reviews_book_id_idx on reviews (book_id);`,
      good: `set local lock_timeout = '2s';
create table reviews (id bigint primary key, book_id int references books (id));
create index reviews_book_id_idx on reviews (book_id);`,
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: `create table reviews (id int primary key, book_id int, foreign key (book_id) references books);
create index reviews_book_id_idx on reviews (book_id);`,
      good: `create table shelves (id bigint primary key);
create table rooms (id bigint primary key, shelf_id int references shelves (id), next_id int references rooms (id));
create index rooms_shelf_id_idx on rooms (shelf_id);
create index rooms_next_id_idx on rooms (next_id);`,
    },
  ],
  *check(fact, context) {
    const keys = foreignKeysOf(fact)
    const [parent, ...others] = visibleParents(fact.table, keys, context)
    const key = keys.find(({ references }) => references === parent)
    if (parent === undefined || key === undefined || others.length > 0) return
    if (context.effects.length === 0 || fact.temporary || hasLockTimeout(fact, context)) return
    yield {
      at: key.span,
      message: `Until the commit, every write to ${nameText(parent)} waits, and before that for each open transaction that has written to it; no lock_timeout ends the wait.`,
      instead: `set local lock_timeout = '2s';\n${context.statement.sql};`,
    }
  },
})
