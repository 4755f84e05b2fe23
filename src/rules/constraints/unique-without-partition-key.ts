import { listOf } from '../../core/text.ts'
import type { Span } from '../../core/span.ts'
import type { FactOf } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { broughtOf } from '../brought-constraints.ts'
import { columnList } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'

const looksAt = ['create-table', 'add-column', 'add-constraint', 'create-index'] as const

export const uniqueWithoutPartitionKey: Rule = defineRule({
  id: 'unique-without-partition-key',
  summary: 'A primary key or unique index of a partitioned table must have all columns of the partition key.',
  severity: 'error',
  hazards: ['fails'],
  looksAt,
  sources: ['migrationpilot:MP049'],
  why: `Each partition has an index of its own, and no index spans them. So the server can only tell that a value is unique where equal values are bound to lie in one partition, that is, where the key holds the whole partition key; otherwise it answers with SQLSTATE 0A000. Where the partition key is an expression there is no such key at all. Uniqueness over fewer columns has to be kept by a table of its own.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create table events (id bigint primary key, happened_at timestamptz) partition by range (happened_at);',
      good: 'create table events (id bigint, happened_at timestamptz, primary key (id, happened_at)) partition by range (happened_at);',
      fails: '0A000',
    },
    {
      given: `create table events (id bigint, happened_at timestamptz, primary key (id, happened_at)) partition by range (happened_at);
create table events_all partition of events default;`,
      bad: 'create unique index events_id_idx on events (id);',
      good: 'create unique index events_id_idx on only events (happened_at, id);',
      fails: '0A000',
    },
  ],
  *check(fact, context) {
    const partitionBy = fact.kind === 'create-table' ? fact.partitionBy : context.table(fact.table)?.partitionBy
    if (partitionBy === undefined) return
    for (const { at, columns } of keysOf(fact, context)) {
      const missing = partitionBy.filter((column) => !columns.includes(column))
      if (missing.length === 0) continue
      const table = nameText(fact.table)
      const expression = missing.includes('')
      yield {
        at,
        message: expression
          ? `${table} is partitioned by an expression, so the server refuses every unique key on it.`
          : `${table} is partitioned by ${listOf(partitionBy.map(quoteName))}, so the server refuses a unique key without ${listOf(missing.map(quoteName))}.`,
        instead: expression
          ? '-- on each partition, a key of its own'
          : columnList([...columns.filter((column) => column !== ''), ...missing]),
      }
    }
  },
})

interface Key {
  readonly at: Span
  readonly columns: readonly string[]
}

function keysOf(fact: FactOf<(typeof looksAt)[number]>, context: RuleContext): readonly Key[] {
  if (fact.kind === 'create-index') {
    const known = fact.ifNotExists && fact.index !== undefined && context.table(fact.table)?.indexes.has(fact.index)
    return fact.unique && known !== true ? [{ at: fact.span, columns: fact.columns }] : []
  }
  return [...broughtOf(fact, 'primary-key'), ...broughtOf(fact, 'unique')]
    .filter(({ usingIndex }) => usingIndex === undefined)
    .map(({ span, columns }) => ({ at: span, columns }))
}
