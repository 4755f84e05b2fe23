import { listOf } from '../../core/text.ts'
import type { DropConstraint, Fact } from '../../model/fact.ts'
import { quoteName } from '../../model/name.ts'
import type { Constraint, Table } from '../../model/schema.ts'
import { addedHere } from '../brought-constraints.ts'
import { columnList } from '../constraint-sql.ts'
import { changeName, contractFile, isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const dropUniqueConstraint: Rule = defineRule({
  id: 'drop-unique-constraint',
  summary:
    'Dropping a UNIQUE constraint breaks every ON CONFLICT that relies on it, lets duplicates in and removes its index.',
  severity: 'warning',
  direction: 'up',
  hazards: ['breaks-running-version', 'blocks-reads'],
  looksAt: ['drop-constraint'],
  sources: ['pgfence:drop-constraint', 'migrationpilot:MP097', 'pg-schema-diff:INDEX_DROPPED'],
  why: `INSERT … ON CONFLICT (columns) needs a unique index over just these columns, and fails with SQLSTATE 42P10 when there is none. The index goes with the constraint, so queries that found rows by it read the whole table from now on, and rows that come in twice meanwhile stand in the way of adding the constraint again. The rule is silent where another unique index over the same columns stays, where the migration makes one, and in a contract step behind a gate.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, isbn text unique);',
      bad: 'alter table books drop constraint books_isbn_key;',
      good: `-- migrate:change books-isbn-not-unique
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books drop constraint books_isbn_key;

-- migrate:down none because there may be duplicates by then`,
    },
    {
      given: `create table books (id bigint primary key, isbn text, edition int, unique (isbn, edition));`,
      bad: 'alter table books drop constraint if exists books_isbn_edition_key;',
      good: `create table shelves (id bigint primary key, label text unique);
alter table shelves drop constraint shelves_label_key;`,
    },
    {
      given: `create table books (id bigint primary key, isbn text unique);
create unique index books_isbn_idx on books (isbn);`,
      bad: `alter table books drop constraint books_isbn_key;
drop index books_isbn_idx;`,
      good: 'alter table books drop constraint books_isbn_key;',
    },
  ],
  *check(fact, context) {
    const table = context.table(fact.table)
    const constraint = table?.constraints.get(fact.constraint)
    if (table === undefined || constraint?.type !== 'unique') return
    if (isPrivate(fact.table, context) || isPlannedContract(context) || addedHere(constraint, context)) return
    if (staysUnique(fact, constraint.columns, context)) return
    const keys = blockingKeys(table, constraint.columns, context)
    const columns = columnList(constraint.columns)
    const depend = keys.length === 0 || fact.cascade ? '' : ` The server refuses as long as there is ${listOf(keys)}.`
    yield {
      at: fact.span,
      message: `ON CONFLICT ${columns} on ${shortName(context.schema, table.name)} fails in the running version from now on, duplicates get in, and the index over ${columns} is gone.${depend}`,
      instead: contractFile(
        changeName(fact.table, fact.constraint, 'drop'),
        [`alter table ${shortName(context.schema, table.name)} drop constraint ${quoteName(fact.constraint)};`],
        ['-- migrate:down none because <reason>'],
      ),
    }
  },
})

/** Another unique index over the same columns, that stays or that this migration makes. */
function staysUnique(fact: DropConstraint, columns: readonly string[], context: RuleContext): boolean {
  const following = [...context.facts, ...context.later]
  const dropped = new Set(following.flatMap((other) => (other.kind === 'drop-index' ? [other.index.name] : [])))
  const same = (other: readonly string[]): boolean =>
    other.length === columns.length && other.every((column) => columns.includes(column))
  const indexes = [...(context.table(fact.table)?.indexes.values() ?? [])]
  const stays = indexes.some(
    (index) =>
      index.constraint !== fact.constraint &&
      index.unique &&
      !index.partial &&
      same(index.columns) &&
      !dropped.has(index.name.name),
  )
  return stays || following.some((other) => makesUnique(other, fact, same, context))
}

function makesUnique(
  other: Fact,
  fact: DropConstraint,
  same: (columns: readonly string[]) => boolean,
  context: RuleContext,
): boolean {
  if (other.kind === 'create-index')
    return (
      other.unique &&
      other.where === undefined &&
      same(other.columns) &&
      sameName(context.schema, other.table, fact.table)
    )
  if (other.kind !== 'add-constraint' || !sameName(context.schema, other.table, fact.table)) return false
  const { constraint } = other
  return (constraint.type === 'unique' || constraint.type === 'primary-key') && same(constraint.columns)
}

/** Foreign keys that need the constraint. */
function blockingKeys(table: Table, columns: readonly string[], context: RuleContext): readonly string[] {
  const needs = (constraint: Constraint): boolean =>
    constraint.type === 'foreign-key' &&
    constraint.referencedColumns.length === columns.length &&
    constraint.referencedColumns.every((column) => columns.includes(column))
  return context.schema
    .foreignKeysTo(table.name)
    .filter(({ constraint }) => needs(constraint))
    .map(
      ({ table: other, constraint }) =>
        `the foreign key ${quoteName(constraint.name)} of ${shortName(context.schema, other.name)}`,
    )
}
