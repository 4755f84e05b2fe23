import type { DropConstraint } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Constraint } from '../../model/schema.ts'
import { addedHere } from '../brought-constraints.ts'
import { addThenValidate, checkSql } from '../constraint-sql.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName } from '../same-name.ts'

export const dropCheckConstraint: Rule = defineRule({
  id: 'drop-check-constraint',
  summary: 'From a dropped CHECK or exclusion constraint on, rows get in that code and queries take for impossible.',
  severity: 'info',
  preset: 'strict',
  direction: 'up',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['drop-constraint'],
  sources: ['pgfence:drop-constraint', 'pg-schema-diff:ACQUIRES_ACCESS_EXCLUSIVE_LOCK'],
  why: `The drop takes ACCESS EXCLUSIVE for an instant, and nothing tests new rows after it. To add the constraint again, the rows that came in meanwhile have to be found and mended first. A wider constraint that is added, NOT VALID, before or beside the old one's drop leaves no gap, and the rule is then silent; so it is about a CHECK that only proved a column to be NOT NULL once the column is NOT NULL itself.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, price int constraint books_price_check check (price > 0));',
      bad: 'alter table books drop constraint books_price_check;',
      good: 'alter table books drop constraint books_price_check, add constraint books_price_check check (price >= 0) not valid;',
    },
    {
      given: [
        'create table books (id bigint primary key, title text, pages int);',
        'alter table books add constraint books_title_there check (title is not null);\nalter table books add constraint books_pages_check check (pages > 0);',
      ],
      bad: 'alter table books drop constraint if exists books_pages_check;',
      good: `alter table books alter column title set not null;
alter table books drop constraint books_title_there;`,
    },
  ],
  *check(fact, context) {
    const constraint = context.table(fact.table)?.constraints.get(fact.constraint)
    if (constraint?.type !== 'check' && constraint?.type !== 'exclude') return
    if (isPrivate(fact.table, context) || isPlannedContract(context) || addedHere(constraint, context)) return
    if (isReplaced(fact, constraint, context) || isProvenBy(fact, constraint, context)) return
    const table = nameText(fact.table)
    const tested = constraint.type === 'check' ? ` for ${constraint.expression.sql}` : ''
    yield {
      at: fact.span,
      message: `From now on rows of ${table} are no longer tested${tested}.`,
      instead:
        constraint.type === 'check'
          ? `-- put a wider one beside it first:\n${addThenValidate(fact.table, `${fact.constraint}_2`, checkSql(constraint))}`
          : `-- make sure first that nothing relies on it:\nalter table ${table} drop constraint ${quoteName(fact.constraint)};`,
    }
  },
})

/** Another constraint of its type over one of its columns, in this section. */
function isReplaced(fact: DropConstraint, dropped: Constraint, context: RuleContext): boolean {
  const columns = columnsOf(dropped)
  const here = context.statements.flatMap((statement) => statement.facts)
  return here.some(
    (other) =>
      other.kind === 'add-constraint' &&
      other.constraint.type === dropped.type &&
      sameName(context.schema, other.table, fact.table) &&
      columnsOf(other.constraint).some((column) => columns.includes(column)),
  )
}

function columnsOf(constraint: Constraint | Omit<Constraint, 'name'>): readonly string[] {
  if (constraint.type === 'check' && 'expression' in constraint) return constraint.expression.columns
  return 'columns' in constraint ? constraint.columns : []
}

/** A check about nothing but columns that are NOT NULL by now, or that this statement makes so. */
function isProvenBy(fact: DropConstraint, dropped: Constraint, context: RuleContext): boolean {
  if (dropped.type !== 'check') return false
  const { columns, provesNotNull } = dropped.expression
  return (
    columns.every((column) => provesNotNull.includes(column)) &&
    provesNotNull.every(
      (column) =>
        context.column(fact.table, column)?.notNull === true ||
        context.facts.some((other) => other.kind === 'set-not-null' && other.column === column),
    )
  )
}
