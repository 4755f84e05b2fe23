import type { AddConstraint, CreateIndex, Fact } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Index } from '../../model/schema.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { earlierFacts } from '../same-name.ts'

export const constraintOverUnusableIndex: Rule = defineRule({
  id: 'constraint-over-unusable-index',
  summary: 'USING INDEX fails over an index that is not unique, has a WHERE clause or an expression, or is INVALID.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['add-constraint'],
  sources: [
    'lockstep:constraint-over-unusable-index',
    'strong_migrations:remove_invalid_indexes',
    'online_migrations:remove_invalid_indexes',
    'safe-pg-migrations:add_index',
    'migrationpilot:MP070',
  ],
  why: `A constraint takes over only an index that it could have built itself: unique, over bare columns in their default order, of all rows, and valid; anything else is refused with SQLSTATE 42809 or 55000, and on a partitioned table USING INDEX is not supported at all (0A000). A CREATE UNIQUE INDEX CONCURRENTLY that fails half way leaves an INVALID index behind, and IF NOT EXISTS then passes over it: that is reported at level info, since it only may be so. Where the history does not show the index the rule is silent.`,
  examples: [
    {
      given: `create table books (id bigint primary key, isbn text, withdrawn boolean);
create unique index books_isbn_key on books (isbn) where not withdrawn;`,
      bad: 'alter table books add constraint books_isbn_key unique using index books_isbn_key;',
      good: [
        'create unique index concurrently books_isbn_all on books (isbn);',
        'alter table books add constraint books_isbn_unique unique using index books_isbn_all;',
      ],
      transaction: false,
      fails: '42809',
    },
    {
      given: `create table books (id bigint primary key, isbn text);
create index books_isbn_key on books (isbn);`,
      bad: 'alter table books add constraint books_isbn_key unique using index books_isbn_key;',
      good: [
        'drop index concurrently books_isbn_key;',
        'create unique index concurrently books_isbn_idx on books (isbn);',
        'alter table books add constraint books_isbn_key unique using index books_isbn_idx;',
      ],
      transaction: false,
      fails: '42809',
    },
    {
      given: `create table books (id bigint, isbn text, year int) partition by range (year);
create table books_all partition of books default;
create unique index books_key on books (id, year);`,
      bad: 'alter table books add constraint books_key unique using index books_key;',
      good: `create table essays (id bigint, isbn text, primary key (id));
create unique index essays_isbn_idx on essays (isbn);
alter table essays add constraint essays_isbn_key unique using index essays_isbn_idx;`,
      fails: '0A000',
    },
  ],
  *check(fact, context) {
    const { constraint } = fact
    if ((constraint.type !== 'unique' && constraint.type !== 'primary-key') || constraint.usingIndex === undefined)
      return
    const index = context.table(fact.table)?.indexes.get(constraint.usingIndex)
    if (index === undefined) return
    const name = quoteName(constraint.usingIndex)
    const reason = refusal(fact, index, context)
    if (reason !== undefined) {
      yield {
        at: fact.span,
        message: `The server refuses ${name} for this constraint: ${reason}.`,
        instead: `-- with an index over all rows and bare columns, built outside a transaction:\ncreate unique index concurrently <name> on ${nameText(fact.table)} (<columns>);`,
      }
    } else if (mayBeInvalid(constraint.usingIndex, fact, context)) {
      yield {
        at: fact.span,
        severity: 'info',
        message: `${name} was built CONCURRENTLY with IF NOT EXISTS: if an earlier attempt failed, it is INVALID, and the server refuses it for this constraint.`,
        instead: `-- before the index is built:\ndrop index concurrently if exists ${name};`,
      }
    }
  },
})

function refusal(fact: AddConstraint, index: Index, context: RuleContext): string | undefined {
  if (context.table(fact.table)?.partitionBy !== undefined) return `${nameText(fact.table)} is partitioned`
  if (!index.unique) return 'it is not unique'
  if (index.partial) return 'it has a WHERE clause'
  if (index.columns.includes('')) return 'it is over an expression'
  if (index.valid === false) return 'it is INVALID in the database that was looked at'
  return index.constraint === undefined ? undefined : 'it belongs to a constraint already'
}

/** The last that was said of the index is CREATE … CONCURRENTLY IF NOT EXISTS, with no DROP before it in that file. */
function mayBeInvalid(name: string, fact: AddConstraint, context: RuleContext): boolean {
  const here = earlierFacts(fact, context)
  const isCreation = (other: Fact): other is CreateIndex => other.kind === 'create-index' && other.index === name
  const before = context.history.earlierOnTable(fact.table.name).findLast((one) => isCreation(one.fact))
  const facts = here.some(isCreation) ? here : (before?.migration.upSql.statements ?? []).flatMap((one) => one.facts)
  const made = facts.findLastIndex(isCreation)
  const creation = facts[made]
  if (creation?.kind !== 'create-index') return false
  const dropped = facts.slice(0, made).some((other) => other.kind === 'drop-index' && other.index.name === name)
  return creation.concurrently && creation.ifNotExists && !dropped
}
