import type { Fact, FactOf } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'

const looksAt = [
  'create-table',
  'drop-table',
  'add-column',
  'drop-column',
  'rename-table',
  'rename-column',
  'add-constraint',
  'drop-constraint',
  'create-type',
  'create-schema',
  'create-sequence',
  'create-index',
  'drop-index',
] as const

export const notRepeatableStatement: Rule = defineRule({
  id: 'not-repeatable-statement',
  summary:
    'Outside a transaction, a statement that has run stays when a later one fails, and the next attempt stops at it.',
  severity: 'info',
  preset: 'strict',
  hazards: ['not-repeatable', 'fails'],
  looksAt,
  sources: [
    'squawk:prefer-robust-stmts',
    'pgfence:prefer-robust-statements',
    'postgres-language-server:preferRobustStmts',
    'migrationpilot:MP023',
  ],
  why: `A file that runs without a transaction is not taken back when it fails halfway. Most runners then begin with its first statement again, which fails because its table or column is there already. IF NOT EXISTS and IF EXISTS let it pass; a file with one statement has no such halfway. For an index IF NOT EXISTS is not the way: it also passes over the INVALID index that a failed build leaves. The last statement of a file is not reported, nor is anything where the runner resumes at the statement that failed.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `alter table books add column isbn text;
create index concurrently books_isbn_idx on books (isbn);`,
      good: `alter table books add column if not exists isbn text;
create index concurrently books_isbn_idx on books (isbn);`,
      transaction: false,
      runnerSets: ['lock_timeout'],
    },
    {
      given: 'create table books (id bigint primary key, title text, isbn text);',
      bad: `create index concurrently books_title_idx on books (title);
create index concurrently books_isbn_idx on books (isbn);`,
      good: [
        'create index concurrently books_title_idx on books (title);',
        'create index concurrently books_isbn_idx on books (isbn);',
      ],
      transaction: false,
      runnerSets: ['lock_timeout'],
    },
  ],
  *check(fact, context) {
    if (context.transaction.open || context.migration.runnerDoes?.includes('resumes') === true) return
    if (context.facts[0] !== fact || isGuarded(fact) || !hasWorkBelow(context)) return
    const instead = guardOf(fact, context)
    yield {
      at: fact.span,
      message: `When a statement below fails, this one has run and stays; the next attempt then fails here.`,
      instead,
    }
  },
})

function isGuarded(fact: FactOf<(typeof looksAt)[number]>): boolean {
  if ('ifNotExists' in fact) return fact.ifNotExists
  return 'ifExists' in fact && fact.ifExists
}

/** Statements that only set something do not fail as a rule. */
function hasWorkBelow(context: RuleContext): boolean {
  return context.later.some((later: Fact) => later.kind !== 'set-setting' && later.kind !== 'transaction')
}

function guardOf(fact: FactOf<(typeof looksAt)[number]>, { statement }: RuleContext): string {
  switch (fact.kind) {
    case 'create-index':
      return fact.index === undefined
        ? `-- in a file of its own:\n${statement.sql};`
        : `-- in a file of its own, or with what an earlier attempt left taken away first:\ndrop index concurrently if exists ${nameText({ ...fact.table, name: fact.index })};\n${statement.sql};`
    case 'create-table':
    case 'create-schema':
    case 'create-sequence':
    case 'add-column':
      return `-- with IF NOT EXISTS, or in a transaction:\n${statement.sql};`
    case 'drop-table':
    case 'drop-column':
    case 'drop-constraint':
    case 'drop-index':
      return `-- with IF EXISTS, or in a transaction:\n${statement.sql};`
    default:
      return `-- in a file of its own:\n${statement.sql};`
  }
}
