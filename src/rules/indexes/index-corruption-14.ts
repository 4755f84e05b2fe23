import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

/** PostgreSQL 14.0 to 14.3; 14.4 mends it (release notes of 14.4). */
const affectedMajor = 14

export const indexCorruption14: Rule = defineRule({
  id: 'index-corruption-14',
  summary: 'CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY may build broken indexes on PostgreSQL 14.0 to 14.3.',
  severity: 'info',
  preset: 'strict',
  hazards: ['corrupts-index'],
  looksAt: ['create-index', 'reindex'],
  sources: ['strong_migrations:add_index_corruption', 'online_migrations:add_index_corruption'],
  why: `In PostgreSQL 14.0 to 14.3 VACUUM and page pruning did not respect the snapshot of a concurrent index build, so that rows which were updated meanwhile could be missing in the new index. PostgreSQL 14.4 mends it. Which minor version the server has is not known here; on 14.4 or newer the rule is switched off with a line in the configuration.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create index concurrently books_title_idx on books (title);',
      good: 'create table drafts (id bigint primary key, title text);\ncreate index drafts_title_idx on drafts (title);',
      transaction: false,
      versions: { to: affectedMajor },
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'reindex table concurrently books;',
      good: 'create table drafts (id bigint primary key);\nreindex table drafts;',
      transaction: false,
      versions: { to: affectedMajor },
    },
  ],
  *check(fact, context) {
    if (!fact.concurrently || context.target !== affectedMajor) return
    if (fact.kind === 'create-index' && isPrivate(fact.table, context)) return
    yield {
      at: fact.span,
      message: 'On PostgreSQL 14.0 to 14.3 the index may lack rows that are updated while it is built.',
      instead: `-- before it, on the server:\nshow server_version; -- 14.4 or newer\n${context.statement.sql};`,
    }
  },
})
