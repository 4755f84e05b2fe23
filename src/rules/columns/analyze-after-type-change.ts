import { nameText, quoteName } from '../../model/name.ts'
import { isAnalyzed } from '../is-analyzed.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const analyzeAfterTypeChange: Rule = defineRule({
  id: 'analyze-after-type-change',
  summary: 'A type change throws the statistics of the column away, and queries are planned blindly until ANALYZE.',
  severity: 'info',
  preset: 'strict',
  direction: 'up',
  hazards: ['slows-queries'],
  looksAt: ['set-column-type'],
  sources: [
    'pg-schema-diff:IMPACTS_DATABASE_PERFORMANCE',
    'lockstep:analyze-after-type-change',
    'strong_migrations:auto_analyze',
  ],
  why: `The planner estimates from the statistics how many rows a condition leaves, and without them it guesses; a query that used an index may read the whole table. Autovacuum does not come to help soon, since it counts rows that were changed by statements, and a rewrite by ALTER TABLE does not count. ANALYZE of the one column holds no lock that reads or writes wait for. The rule looks for it later in the same migration.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, pages int);',
      bad: 'alter table books alter column pages type bigint;',
      good: `-- migrate:up
set local statement_timeout = '5s';
-- migrate:allow change-column-type because the table holds a hundred rows
alter table books alter column pages type bigint;
analyze books (pages);

-- migrate:down none because the wider type does no harm`,
    },
    {
      given: 'create table books (id bigint primary key, isbn int);',
      bad: 'alter table books alter column isbn type text using isbn::text;',
      good: `create table editions (id bigint primary key, isbn int);
alter table editions alter column isbn type text;`,
    },
  ],
  *check(change, context) {
    if (isPrivate(change.table, context)) return
    if (!context.effects.some((effect) => effect.rewrites)) return
    if (isAnalyzed(change.table, context)) return
    const table = nameText(change.table)
    yield {
      at: change.span,
      message: `The statistics of ${columnText(change.table, change.column)} are gone after this, and the migration has no ANALYZE of ${table}.`,
      instead: `-- after the change:\nanalyze ${table} (${quoteName(change.column)});`,
    }
  },
})
