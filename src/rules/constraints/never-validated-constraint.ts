import type { ConstraintDefinition } from '../../model/constraint.ts'
import type { Fact } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Constraint } from '../../model/schema.ts'
import { broughtConstraints } from '../brought-constraints.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName } from '../same-name.ts'

const looksAt = [
  'add-column',
  'drop-column',
  'set-column-type',
  'set-not-null',
  'set-default',
  'add-constraint',
  'create-index',
] as const

export const neverValidatedConstraint: Rule = defineRule({
  id: 'never-validated-constraint',
  summary: 'A constraint was added NOT VALID some time ago and never validated: the old rows may break it.',
  severity: 'info',
  preset: 'strict',
  direction: 'up',
  options: {
    migrations: { default: 5, summary: 'After how many migrations a constraint should be validated.' },
  },
  hazards: ['fails'],
  looksAt,
  sources: ['lockstep:never-validated-constraint'],
  why: `NOT VALID tests new rows only. Until VALIDATE CONSTRAINT has run, nobody knows about the old ones: an UPDATE of one that breaks the constraint fails years later, SET NOT NULL and the planner do not rely on it, and a dump of such rows cannot be restored. The validation belongs into the migration after the one that adds the constraint, and when that one is judged nothing is wrong yet. So the rule speaks when several migrations have passed, once, in the first that changes the table again.`,
  examples: [
    {
      given: [
        'create table books (id bigint primary key, price int);',
        'alter table books add constraint books_price_check check (price > 0) not valid;',
        'create schema archive;',
        'create schema reports;',
        'create schema staging;',
        'create schema sales;',
      ],
      bad: 'alter table books add column isbn text;',
      good: 'alter table books validate constraint books_price_check;\nalter table books add column isbn text;',
    },
    {
      given: [
        `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint);
create index books_author_id_idx on books (author_id);`,
        'alter table books add foreign key (author_id) references authors not valid;',
        'alter table authors add column born int;',
        'create schema archive;',
        'create schema reports;',
        'create schema staging;',
      ],
      bad: `alter table books alter column author_id set default 1;`,
      good: `alter table authors add column died int;`,
    },
  ],
  *check(fact, context, { migrations }) {
    if (isPrivate(fact.table, context) || !isFirst(fact, context)) return
    for (const constraint of context.table(fact.table)?.constraints.values() ?? []) {
      if (constraint.valid || !constraint.enforced || isSettledHere(constraint, context)) continue
      const passed = migrationsSince(constraint, fact.table, context)
      if (passed === undefined || passed < migrations) continue
      if (touchedBefore(fact.table, passed - migrations, context)) continue
      yield {
        at: fact.span,
        message: `${quoteName(constraint.name)} of ${nameText(fact.table)} was added NOT VALID ${passed} migrations ago and is still not validated: the rows from before it may break it.`,
        instead: `-- in a migration of its own:\nalter table ${nameText(fact.table)} validate constraint ${quoteName(constraint.name)};`,
      }
    }
  },
})

/** The first change of the table in this section. */
function isFirst(fact: Fact & { readonly table: Name }, context: RuleContext): boolean {
  const facts = context.statements.flatMap((statement) => statement.facts)
  return facts.find((other) => changes(other, fact.table, context)) === fact
}

function changes(fact: Fact, table: Name, context: RuleContext): boolean {
  return isLookedAt(fact) && sameName(context.schema, fact.table, table)
}

function isLookedAt(fact: Fact): fact is Extract<Fact, { readonly kind: (typeof looksAt)[number] }> {
  return looksAt.some((kind) => kind === fact.kind)
}

function isSettledHere(constraint: Constraint, context: RuleContext): boolean {
  return context.statements
    .flatMap((statement) => statement.facts)
    .some(
      (other) =>
        (other.kind === 'validate-constraint' || other.kind === 'drop-constraint') &&
        other.constraint === constraint.name,
    )
}

/** How many migrations ago a constraint was added; undefined where none shows it. */
function migrationsSince(constraint: Constraint, table: Name, context: RuleContext): number | undefined {
  const added = context.history
    .earlierOnTable(table.name)
    .flatMap(({ fact, migrationsAgo }) =>
      fact.kind === 'add-constraint' ? broughtConstraints(fact).map((written) => ({ written, migrationsAgo })) : [],
    )
  // One that was read of a database stands nowhere in the history: what is like it is meant.
  const meant =
    added.findLast(({ written }) => isSame(written, constraint)) ??
    added.findLast(({ written }) => isLike(written, constraint))
  return meant?.migrationsAgo
}

function isSame(written: ConstraintDefinition, constraint: Constraint): boolean {
  return written.span.start === constraint.span.start && isLike(written, constraint)
}

/** By its name; without one, by what it is over. */
function isLike(written: ConstraintDefinition, constraint: Constraint): boolean {
  if (written.type !== constraint.type) return false
  return written.name === undefined ? columns(written) === columns(constraint) : written.name === constraint.name
}

function columns(constraint: ConstraintDefinition): string {
  const named = 'columns' in constraint ? constraint.columns : []
  return (constraint.type === 'check' ? constraint.expression.columns.toSorted() : named).join('\0')
}

/** Whether one of the last `count` migrations before this one has changed the table, and so has said it already. */
function touchedBefore(table: Name, count: number, context: RuleContext): boolean {
  return context.history
    .earlierOnTable(table.name)
    .some(({ fact, migrationsAgo }) => migrationsAgo <= count && changes(fact, table, context))
}
