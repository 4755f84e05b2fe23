import type { FactOf } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

/** Kinds of which some forms refuse to run inside a transaction block. */
const looksAt = [
  'create-index',
  'drop-index',
  'reindex',
  'detach-partition',
  'refresh-materialized-view',
  'vacuum',
  'cluster',
  'drop-object',
  'alter-sequence',
  'add-enum-value',
  'other-ddl',
  'other-statement',
] as const

export const concurrentlyInTransaction: Rule = defineRule({
  id: 'concurrently-in-transaction',
  summary: 'The statement cannot run inside a transaction, so the migration fails.',
  severity: 'error',
  hazards: ['fails'],
  looksAt,
  sources: [
    'squawk:ban-concurrent-index-creation-in-transaction',
    'strong_migrations:disable_ddl_transaction',
    'pgfence:concurrent-in-transaction',
    'atlas:PG103',
    'postgres-language-server:banConcurrentIndexCreationInTransaction',
    'pgsafe:concurrently-in-transaction',
    'online_migrations:disable_ddl_transaction',
    'migrationpilot:MP025',
  ],
  why: `CREATE INDEX CONCURRENTLY and its relatives commit several times while they run, because each pass has to wait until every transaction sees what the pass before it did. Inside a transaction block there is nothing they could commit, so the server refuses them with SQLSTATE 25001; VACUUM, CREATE DATABASE and ALTER SYSTEM are refused for similar reasons. The transaction may be the file's own BEGIN or the one that the runner opens around the file.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'begin;\ncreate index concurrently books_title_idx on books (title);\ncommit;',
      good: 'create index concurrently books_title_idx on books (title);',
      transaction: false,
      fails: '25001',
    },
    {
      given: 'create table books (id int primary key, title text);\ncreate index books_title_idx on books (title);',
      bad: 'begin;\ndrop index concurrently books_title_idx;\ncommit;',
      good: 'begin;\nrollback;\ndrop index concurrently books_title_idx;',
      transaction: false,
      fails: '25001',
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'begin;\nvacuum books;\ncommit;',
      good: 'vacuum books;',
      transaction: false,
      fails: '25001',
    },
  ],
  *check(fact, context) {
    if (!context.statement.needsNoTransaction || !context.transaction.open) return
    if (context.facts[0] !== fact) return
    yield {
      at: fact.span,
      message: `The server refuses to run ${describe(fact)} inside a transaction: run as it is written, this migration fails and nothing of it stays.`,
      instead: `-- migrate:up transaction:false\n${context.statement.sql};`,
      fix: { kind: 'own-transaction' },
    }
  },
})

function describe(fact: FactOf<(typeof looksAt)[number]>): string {
  switch (fact.kind) {
    case 'create-index':
      return `CREATE INDEX CONCURRENTLY on ${nameText(fact.table)}`
    case 'drop-index':
      return `DROP INDEX CONCURRENTLY of ${nameText(fact.index)}`
    case 'reindex':
      return `REINDEX of ${fact.name === undefined ? `the ${fact.target}` : nameText(fact.name)}`
    case 'detach-partition':
      return `DETACH PARTITION … CONCURRENTLY of ${nameText(fact.partition)}`
    case 'vacuum':
      return `VACUUM${fact.tables.length === 0 ? '' : ` of ${fact.tables.map(nameText).join(', ')}`}`
    case 'cluster':
      return `CLUSTER${fact.table === undefined ? '' : ` of ${nameText(fact.table)}`}`
    case 'drop-object':
      return `DROP ${fact.object.toUpperCase().replaceAll('-', ' ')} ${nameText(fact.name)}`
    case 'other-ddl':
    case 'other-statement':
      return fact.tag
    default:
      return 'this statement'
  }
}
