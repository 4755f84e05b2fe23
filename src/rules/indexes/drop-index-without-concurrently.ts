import type { DropIndex } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'
import { mendedOutside, outsideTransaction } from '../without-transaction.ts'

export const dropIndexWithoutConcurrently: Rule = defineRule({
  id: 'drop-index-without-concurrently',
  summary:
    'DROP INDEX without CONCURRENTLY blocks reads and writes of the table, and everything that queues behind it.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['drop-index'],
  sources: [
    'squawk:require-concurrent-index-deletion',
    'strong_migrations:remove_index',
    'online_migrations:remove_index',
    'pgfence:drop-index-not-concurrent',
    'atlas:PG102',
    'postgres-language-server:requireConcurrentIndexDeletion',
    'safe-pg-migrations:remove_index',
    'migrationpilot:MP009',
  ],
  why: `Dropping an index takes an ACCESS EXCLUSIVE lock on the index and on its table. The work itself is short, but the lock has to wait for every transaction that has touched the table, and all new queries on the table queue behind the waiting statement. DROP INDEX CONCURRENTLY marks the index unusable first and waits for old transactions without blocking anybody; it takes one index at a time, no CASCADE, and no index of a partitioned table. An index whose table is not known counts as one on a table in use.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);\ncreate index books_title_idx on books (title);',
      bad: 'drop index books_title_idx;',
      good: 'drop index concurrently books_title_idx;',
      transaction: false,
    },
    {
      given: `create table books (id int primary key, title text, isbn text);
create index books_title_idx on books (title);
create index books_isbn_idx on books (isbn);`,
      bad: 'drop index books_title_idx, books_isbn_idx;',
      good: 'drop index concurrently books_title_idx;\ndrop index concurrently if exists books_isbn_idx;',
      transaction: false,
    },
    {
      given: 'create table books (id int primary key, title text);\ncreate index books_title_idx on books (title);',
      bad: 'drop index if exists books_title_idx cascade;',
      good: `create table drafts (id bigint primary key, title text);
create index drafts_title_idx on drafts (title);
drop index drafts_title_idx;`,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `-- migrate:up transaction:false
create index concurrently books_title_idx on books (title);

-- migrate:down
drop index books_title_idx;`,
      good: `-- migrate:up
set local statement_timeout = '5s';
-- migrate:allow create-index-without-concurrently because the table holds a hundred rows
create index books_title_idx on books (title);

-- migrate:down
drop index books_title_idx;`,
    },
  ],
  *check(drop, context) {
    if (drop.concurrently || isBuiltAlike(drop, context)) return
    const index = context.schema.index(drop.index)
    if (index !== undefined && isPrivate(index.table, context)) return
    // The server refuses it: drop-index-of-constraint says so.
    if (index?.constraint !== undefined) return
    const table = index === undefined ? undefined : context.table(index.table)
    const on = index === undefined ? `the table of ${nameText(drop.index)}` : shortName(context.schema, index.table)
    if (table?.partitionBy !== undefined) {
      yield {
        at: drop.span,
        message: `Every read and write of ${on} and of its partitions waits while ${nameText(drop.index)} is dropped, and for as long as the statement waits for its locks.`,
        instead: `-- the index of a partitioned table cannot be dropped concurrently: let it give up early, and try again\nset local lock_timeout = '2s';\ndrop index ${nameText(drop.index)};`,
      }
      return
    }
    const safe = safeForm(context)
    yield {
      at: drop.span,
      message: `Every read and write of ${on} waits while ${nameText(drop.index)} is dropped, and for as long as the statement waits for its lock.`,
      instead: outsideTransaction(safe, context),
      ...(drop.cascade ? {} : mendedOutside(safe, context)),
    }
  },
})

/** The downgrade of a CREATE INDEX without CONCURRENTLY: what is reported there, or allowed, is not said twice. */
function isBuiltAlike(drop: DropIndex, { direction, migration }: RuleContext): boolean {
  if (direction !== 'down') return false
  return migration.upSql.statements.some(({ facts }) =>
    facts.some((fact) => fact.kind === 'create-index' && !fact.concurrently && fact.index === drop.index.name),
  )
}

/** One statement an index: DROP INDEX CONCURRENTLY takes no list. */
function safeForm(context: RuleContext): string {
  return context.facts
    .filter((fact) => fact.kind === 'drop-index')
    .map((fact) => `drop index concurrently ${fact.ifExists ? 'if exists ' : ''}${nameText(fact.index)}`)
    .join(';\n')
}
