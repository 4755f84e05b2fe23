import type { ForeignKeyConstraint } from '../../model/constraint.ts'
import type { Fact, FactOf } from '../../model/fact.ts'
import { listOf } from '../../core/text.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { columnList, constraintName } from '../constraint-sql.ts'
import { bringsConstraints, broughtConstraints, broughtOf } from '../brought-constraints.ts'
import { laterOnTable } from '../later-migrations.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isNewColumn, sameName } from '../same-name.ts'

export const foreignKeyWithoutIndex: Rule = defineRule({
  id: 'foreign-key-without-index',
  summary: 'A foreign key without an index makes each DELETE in the referenced table read the whole referencing table.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['blocks-writes', 'scans-table'],
  looksAt: bringsConstraints,
  sources: ['eugene:E15', 'pgfence:fk-missing-index', 'migrationpilot:MP016', 'pgsafe:foreign-key-without-index'],
  why: `When a row of the referenced table is deleted, or its key changes, the server looks for rows that reference it. It makes no index for that: without one whose first columns are those of the key, every such look reads the whole table, and the deleting transaction holds its row locks for as long. An index with a WHERE clause does not serve. An index that this migration or a later one makes counts. Not judged are a table that the history does not show, and a column that the migration adds to a table in use, since its index can only be built CONCURRENTLY after it.`,
  examples: [
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint);`,
      bad: 'alter table books add foreign key (author_id) references authors not valid;',
      good: [
        'create index concurrently books_author_id_idx on books (author_id);',
        'alter table books add foreign key (author_id) references authors not valid;',
      ],
      transaction: false,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `create table reviews (id bigint primary key, book_id bigint references books (id), withdrawn boolean);
create index reviews_book_id_idx on reviews (book_id) where not withdrawn;`,
      good: `create table reviews (id bigint primary key, book_id bigint references books (id), withdrawn boolean);
create index reviews_book_id_idx on reviews (book_id, id);
create table ratings (book_id bigint references books (id), reader text, primary key (book_id, reader));`,
    },
  ],
  *check(fact, context) {
    const known = fact.kind === 'create-table' || context.table(fact.table) !== undefined
    if (!known || isTemporary(fact, context)) return
    for (const key of broughtOf(fact, 'foreign-key')) {
      // What later files make is asked last.
      if (!key.enforced || isOnNewColumn(key.columns, fact, context) || isIndexed(key.columns, fact, context)) continue
      const [table, parent] = [nameText(fact.table), nameText(key.references)]
      const index = quoteName(constraintName(fact.table, key.columns, 'idx'))
      const isThere = context.table(fact.table) !== undefined && !context.isNew(fact.table)
      yield {
        at: key.span,
        message: `No index of ${table} starts with ${listOf(key.columns.map(quoteName))}: each DELETE of a row of ${parent} reads all of ${table} to find the rows that reference it.`,
        instead: isThere
          ? `-- in a migration of its own, outside a transaction:\ncreate index concurrently ${index} on ${table} ${columnList(key.columns)};`
          : `create index ${index} on ${table} ${columnList(key.columns)};`,
      }
    }
  },
})

/** A column that this migration adds to a table in use. */
function isOnNewColumn(
  columns: ForeignKeyConstraint['columns'],
  fact: FactOf<(typeof bringsConstraints)[number]>,
  context: RuleContext,
): boolean {
  if (fact.kind === 'create-table' || context.isNew(fact.table)) return false
  return fact.kind === 'add-column' || columns.some((column) => isNewColumn(fact, fact.table, column, context))
}

function isTemporary(fact: FactOf<(typeof bringsConstraints)[number]>, context: RuleContext): boolean {
  return fact.kind === 'create-table' ? fact.temporary : context.table(fact.table)?.temporary === true
}

/** By an index that is there, or by one that this migration or a later one makes. */
function isIndexed(
  columns: ForeignKeyConstraint['columns'],
  fact: FactOf<(typeof bringsConstraints)[number]>,
  context: RuleContext,
): boolean {
  const indexes = [...(context.table(fact.table)?.indexes.values() ?? [])]
  if (indexes.some((index) => !index.partial && serves(index.columns, columns))) return true
  const following = [...context.facts, ...context.later].filter(
    (other) => 'table' in other && other.table !== undefined && sameName(context.schema, other.table, fact.table),
  )
  const isServed = (other: Fact): boolean => indexesOf(other).some((index) => serves(index, columns))
  return following.some(isServed) || laterOnTable(fact.table, context, columns).some(isServed)
}

/** Whether the first columns of an index are those of the key, in any order. */
function serves(index: readonly string[], columns: readonly string[]): boolean {
  const first = index.slice(0, columns.length)
  return columns.every((column) => first.includes(column))
}

/** The columns of the indexes that a fact makes, its keys' included. */
function indexesOf(fact: Fact): readonly (readonly string[])[] {
  if (fact.kind === 'create-index') return fact.where === undefined ? [fact.columns] : []
  return broughtConstraints(fact).flatMap((constraint) =>
    constraint.type === 'primary-key' || constraint.type === 'unique' ? [constraint.columns] : [],
  )
}
