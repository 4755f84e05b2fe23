import { nameText } from '../../model/name.ts'
import { isAnalyzed } from '../is-analyzed.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const expressionIndexWithoutAnalyze: Rule = defineRule({
  id: 'expression-index-without-analyze',
  summary:
    'An index over an expression has no statistics until ANALYZE, so the planner may not use it, or use it wrongly.',
  severity: 'info',
  preset: 'strict',
  direction: 'up',
  hazards: ['slows-queries'],
  looksAt: ['create-index'],
  sources: ['strong_migrations:auto_analyze', 'migrationpilot:MP088'],
  why: `What the values of an expression look like is counted only for expressions that an index has, and only by an ANALYZE that comes after it; until then the planner takes a fixed guess for a condition on the expression. Autovacuum does not come for that, since it counts rows that were changed, and building an index changes none. ANALYZE reads a sample and holds no lock that reads or writes wait for. The rule looks for it later in the same migration.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create index concurrently books_lower_title_idx on books (lower(title));',
      good: `create index concurrently books_lower_title_idx on books (lower(title));
analyze books;`,
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key, title text, pages int);',
      bad: 'create index concurrently books_sheets_idx on books ((pages / 2), title);',
      good: `create table drafts (id bigint primary key, title text);
create index drafts_lower_title_idx on drafts (lower(title));`,
      transaction: false,
    },
  ],
  *check(fact, context) {
    if (!fact.columns.includes('') || isPrivate(fact.table, context) || isAnalyzed(fact.table, context)) return
    const table = nameText(fact.table)
    yield {
      at: fact.span,
      message: `Nothing is known about the values of this index until the next ANALYZE of ${table}, and the migration has none behind it.`,
      instead: `${context.statement.sql};\nanalyze ${table};`,
    }
  },
})
