import type { DropIndex } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Index } from '../../model/schema.ts'
import { isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'

export const dropUniqueIndex: Rule = defineRule({
  id: 'drop-unique-index',
  summary: 'Without its unique index a table takes duplicates, and INSERT … ON CONFLICT of the running version fails.',
  severity: 'warning',
  direction: 'up',
  hazards: ['breaks-running-version'],
  looksAt: ['drop-index'],
  sources: ['lockstep:drop-unique-index', 'pg-schema-diff:INDEX_DROPPED'],
  why: `A unique index is the only thing that keeps two sessions from inserting the same value at the same time, and ON CONFLICT (columns) needs one over exactly these columns or fails with SQLSTATE 42P10. Once duplicates are there, the index cannot be built again without cleaning up. Another unique index over the same columns, which is there already, takes over both tasks; in a migration that declares itself a contract step and waits behind a gate the rule is silent.`,
  examples: [
    {
      given: `create table books (id bigint primary key, isbn text);
create unique index books_isbn_idx on books (isbn);`,
      bad: 'drop index concurrently books_isbn_idx;',
      good: `create unique index concurrently books_isbn_new on books (isbn);
drop index concurrently books_isbn_idx;`,
      transaction: false,
    },
    {
      given: `create table books (id bigint primary key, isbn text, shop int);
create unique index books_isbn_idx on books (isbn, shop) where isbn is not null;`,
      bad: 'drop index concurrently if exists books_isbn_idx;',
      good: `create table drafts (id bigint primary key, isbn text);
create unique index drafts_isbn_idx on drafts (isbn);
drop index drafts_isbn_idx;`,
      transaction: false,
    },
  ],
  *check(drop, context) {
    const index = context.schema.index(drop.index)
    if (index === undefined || !index.unique || index.constraint !== undefined) return
    if (isPrivate(index.table, context) || isPlannedContract(context) || hasTwin(index, drop, context)) return
    const table = shortName(context.schema, index.table)
    const columns = index.columns.map((column) => (column === '' ? '…' : quoteName(column))).join(', ')
    yield {
      at: drop.span,
      message: `Nothing keeps equal (${columns}) out of ${table} any more, and INSERT … ON CONFLICT (${columns}) of the running version fails.`,
      instead: `-- when no version relies on it any more:\n-- migrate:phase contract\n-- migrate:gate approval\n\n-- migrate:up transaction:false\ndrop index concurrently ${nameText(drop.index)};`,
    }
  },
})

/** Another unique index over the same columns, which keeps the rows apart as well. */
function hasTwin(index: Index, drop: DropIndex, context: RuleContext): boolean {
  const goes = (name: string): boolean =>
    name === index.name.name ||
    context.facts.some((fact) => fact.kind === 'drop-index' && fact !== drop && fact.index.name === name)
  const columns = index.columns.toSorted().join('\0')
  return [...(context.table(index.table)?.indexes.values() ?? [])].some(
    (other) =>
      other.unique && !other.partial && !goes(other.name.name) && other.columns.toSorted().join('\0') === columns,
  )
}
