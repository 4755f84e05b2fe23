import { listOf } from '../../core/text.ts'
import type { DropColumn } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Constraint, Index, Table } from '../../model/schema.ts'
import { columnList } from '../constraint-sql.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { isNewColumn, isPrivate } from '../same-name.ts'

type Check = Constraint & { readonly type: 'check' }

export const dropColumnLosesIndex: Rule = defineRule({
  id: 'drop-column-loses-index',
  summary: 'DROP COLUMN takes every index and constraint along that contains the column, also those of other columns.',
  severity: 'warning',
  direction: 'up',
  hazards: ['slows-queries', 'loses-data'],
  looksAt: ['drop-column'],
  sources: ['online_migrations:remove_column', 'safe-pg-migrations:remove_column', 'lockstep:drop-column-loses-index'],
  why: `An index over (title, subtitle) also serves queries by title alone; it is gone with subtitle, without a word, and these queries read the whole table from the commit on. A CHECK or UNIQUE over several columns stops protecting the ones that stay. What takes their place has to be there before: an index over the columns that are left makes the rule silent about the old index. It speaks in a contract step as well, since that is when it happens; what concerns the dropped column alone is not reported.`,
  examples: [
    {
      given: `create table books (id bigint primary key, title text, subtitle text);
create index books_titles_idx on books (subtitle, title);`,
      bad: 'alter table books drop column subtitle;',
      good: [
        `-- migrate:up transaction:false
create index concurrently books_title_idx on books (title);

-- migrate:down transaction:false
drop index concurrently books_title_idx;`,
        `-- migrate:change books-subtitle
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books drop column subtitle;

-- migrate:down transaction:false
alter table books add column subtitle text;
create index concurrently books_titles_idx on books (subtitle, title);
-- migrate:down-loses books.subtitle`,
      ],
    },
    {
      given: 'create table offers (id bigint primary key, price int, rebate int, check (rebate <= price));',
      bad: 'alter table offers drop column rebate;',
      good: `alter table offers add column note text, add column remark text;
alter table offers drop column remark;`,
    },
  ],
  *check(drop, context) {
    const table = context.table(drop.table)
    if (table === undefined || isPrivate(drop.table, context)) return
    if (isNewColumn(drop, drop.table, drop.column, context)) return
    yield* lostIndexes(drop, table, context)
    yield* lostChecks(drop, table)
  },
})

/** Indexes of several columns, those of unique constraints among them, without another that serves the same queries. */
function* lostIndexes(drop: DropColumn, table: Table, context: RuleContext): Iterable<RuleFinding> {
  const lost = [...table.indexes.values()].filter(
    (index) =>
      contains(index, drop.column) && left(index, drop.column).length > 0 && !isServed(index, drop.column, table),
  )
  const remaining = lost.filter((index) => !isCreatedLater(index, drop, context))
  if (remaining.length === 0) return
  yield {
    at: drop.span,
    message: `With ${columnText(drop.table, drop.column)} ${remaining.length === 1 ? 'goes the index' : 'go the indexes'} ${listOf(remaining.map(({ name }) => quoteName(name.name)))}, and ${listOf([...new Set(remaining.flatMap((index) => left(index, drop.column)))].map(quoteName))} ${remaining.length === 1 ? 'loses' : 'lose'} what ${remaining.length === 1 ? 'it serves' : 'they serve'}.`,
    instead: [
      '-- before, outside a transaction:',
      ...remaining.map(
        (index) =>
          `create ${index.unique ? 'unique ' : ''}index concurrently on ${nameText(drop.table)} ${columnList(left(index, drop.column))};`,
      ),
    ].join('\n'),
  }
}

function contains(index: Index, column: string): boolean {
  return index.columns.includes(column) || index.usesColumns.includes(column)
}

/** The key columns that stay. */
function left(index: Index, column: string): readonly string[] {
  return index.columns.filter((key) => key !== column && key !== '')
}

/** Another index without the column begins with the columns that stay, or has another one in its place. */
function isServed(index: Index, column: string, table: Table): boolean {
  const wanted = left(index, column)
  return [...table.indexes.values()].some((other) => {
    if (contains(other, column) || (other.partial && !index.partial)) return false
    return wanted.every((key, position) => other.columns[position] === key) || takesPlace(other, index, column)
  })
}

function takesPlace(other: Index, index: Index, column: string): boolean {
  return (
    other.columns.length === index.columns.length &&
    index.columns.every((key, position) => key === column || key === other.columns[position])
  )
}

function isCreatedLater(index: Index, drop: DropColumn, context: RuleContext): boolean {
  const wanted = left(index, drop.column)
  return context.later.some(
    (fact) =>
      fact.kind === 'create-index' &&
      fact.table.name === drop.table.name &&
      fact.where === undefined &&
      wanted.every((key, position) => fact.columns[position] === key),
  )
}

/** Checks of several columns, which stop checking those that stay. */
function* lostChecks(drop: DropColumn, table: Table): Iterable<RuleFinding> {
  const checks = [...table.constraints.values()].filter(
    (constraint): constraint is Check => constraint.type === 'check',
  )
  const lost = checks
    .flatMap((constraint) => othersOf(constraint, drop.column))
    .filter(({ columns }) => !checks.some(({ expression }) => isCheckedBy(expression.columns, columns, drop.column)))
  if (lost.length === 0) return
  yield {
    at: drop.span,
    message: `With ${columnText(drop.table, drop.column)} ${lost.length === 1 ? 'goes the check' : 'go the checks'} ${listOf(lost.map(({ name }) => quoteName(name)))}, which nothing checks ${listOf([...new Set(lost.flatMap(({ columns }) => columns))].map(quoteName))} by any more.`,
    instead: `-- before, what must still hold for the columns that stay:\nalter table ${nameText(drop.table)} add check (…) not valid;`,
  }
}

/** Another check is about the columns that stay as well, and not about the one that goes. */
function isCheckedBy(other: readonly string[], columns: readonly string[], dropped: string): boolean {
  return !other.includes(dropped) && columns.every((column) => other.includes(column))
}

function othersOf(
  constraint: Check,
  column: string,
): readonly { readonly name: string; readonly columns: readonly string[] }[] {
  if (!constraint.expression.columns.includes(column)) return []
  const columns = constraint.expression.columns.filter((other) => other !== column)
  return columns.length === 0 ? [] : [{ name: constraint.name, columns }]
}
