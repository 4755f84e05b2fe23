import { nameText, quoteName } from '../../model/name.ts'
import { hasLockTimeout } from '../lock-timeout.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const dropForeignKey: Rule = defineRule({
  id: 'drop-foreign-key',
  summary: 'Dropping a foreign key makes reads and writes of both tables wait, the referenced one included.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['drop-constraint'],
  sources: ['pgfence:drop-constraint', 'atlas:CD101', 'safe-pg-migrations:remove_foreign_key'],
  why: `A foreign key has triggers on both tables, and removing them takes ACCESS EXCLUSIVE on both until the commit. The work takes an instant, but the lock has to wait for every open transaction that has so much as read the referenced table, often the busiest of the database, and all other queries of that table queue up behind it. A lock_timeout ends the wait, so the rule is silent where the file or the runner sets one, and about constraints that the history does not show.`,
  examples: [
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint references authors (id));
create index books_author_id_idx on books (author_id);`,
      bad: 'alter table books drop constraint books_author_id_fkey;',
      good: `set local lock_timeout = '2s';
alter table books drop constraint books_author_id_fkey;`,
      runnerSets: [],
    },
    {
      given: `create table books (id bigint primary key, sequel_id bigint references books (id));
create index books_sequel_id_idx on books (sequel_id);`,
      bad: 'alter table books drop constraint if exists books_sequel_id_fkey;',
      good: `create table shelves (id bigint primary key);
create table rooms (id bigint primary key references shelves (id));
alter table rooms drop constraint rooms_id_fkey;`,
      runnerSets: [],
    },
  ],
  *check(fact, context) {
    const constraint = context.table(fact.table)?.constraints.get(fact.constraint)
    if (constraint?.type !== 'foreign-key' || isPlannedContract(context) || hasLockTimeout(context)) return
    const visible = [fact.table, constraint.references].filter((name) => !isPrivate(name, context))
    const [first, second] = visible
    if (first === undefined) return
    const both = second !== undefined && !sameName(context.schema, first, second)
    const tables = both
      ? `${shortName(context.schema, first)} and also of ${shortName(context.schema, second)}, which it references,`
      : shortName(context.schema, first)
    yield {
      at: fact.span,
      message: `All reads and writes of ${tables} wait until the commit, and before that for each open transaction that has used ${both ? 'one of the two' : 'it'}; no lock_timeout ends the wait.`,
      instead: `set local lock_timeout = '2s';\nalter table ${nameText(fact.table)} drop constraint ${quoteName(fact.constraint)};`,
    }
  },
})
