import { listOf } from '../../core/text.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Table } from '../../model/schema.ts'
import { hasLockTimeout } from '../lock-timeout.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'

/** More names than this are counted instead. */
const named = 5

export const addColumnToPartitionedTable: Rule = defineRule({
  id: 'add-column-to-partitioned-table',
  summary: 'A column of a partitioned table is added to every partition: all of them must be free at the same moment.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['add-column'],
  sources: ['migrationpilot:MP110', 'lockstep:add-column-to-partitioned-table'],
  why: `ADD COLUMN takes ACCESS EXCLUSIVE on the parent and then on each partition or heir, one after the other, and keeps what it has while it waits for the next. One long query on an old partition is enough to stop the reads and writes of all. The more partitions there are the longer the wait becomes, which a short lock_timeout bounds: where the file sets one before the statement the rule is silent. Partitions that the history does not show, such as those that a job creates, are locked as well.`,
  examples: [
    {
      given: `create table sales (id bigint, day date not null) partition by range (day);
create table sales_2025 partition of sales for values from ('2025-01-01') to ('2026-01-01');
create table sales_2026 partition of sales for values from ('2026-01-01') to ('2027-01-01');`,
      bad: 'alter table sales add column note text;',
      good: `set local lock_timeout = '2s';\nalter table sales add column note text;`,
      runnerSets: [],
    },
    {
      given: `create table events (id bigint primary key, at timestamptz);
create table clicks (target text) inherits (events);`,
      bad: 'alter table events add column note text;',
      good: `set local lock_timeout = '2s';\nalter table clicks add column note text;`,
      runnerSets: [],
    },
  ],
  *check(add, context) {
    if (isPrivate(add.table, context) || hasLockTimeout(context)) return
    const table = context.table(add.table)
    if (table === undefined) return
    const followers = followersOf(table, context)
    if (followers.length === 0 && table.partitionBy === undefined) return
    const parent = nameText(add.table)
    yield {
      at: add.span,
      message: `Reads and writes of ${parent} and of ${followersText(followers, context)} wait until the statement has the lock on all of them.`,
      instead: `set local lock_timeout = '2s';\nalter table ${parent} add column ${quoteName(add.column.name)} ${add.column.type.sql};`,
    }
  },
})

/** Partitions and heirs, and theirs. */
function followersOf(table: Table, context: RuleContext): readonly Table[] {
  return [...table.partitions, ...table.heirs].flatMap((name) => {
    const child = context.table(name)
    return child === undefined ? [] : [child, ...followersOf(child, context)]
  })
}

function followersText(followers: readonly Table[], context: RuleContext): string {
  if (followers.length === 0) return 'all its partitions'
  if (followers.length > named) return `${followers.length} partitions`
  return listOf(followers.map(({ name }) => shortName(context.schema, name)))
}
