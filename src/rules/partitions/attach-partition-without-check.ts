import type { AttachPartition } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import { boundComparisons, boundText, provesBound } from '../../model/partition.ts'
import { addThenValidate, comparisonsSql } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const attachPartitionWithoutCheck: Rule = defineRule({
  id: 'attach-partition-without-check',
  summary: 'ATTACH PARTITION reads the whole table under ACCESS EXCLUSIVE, unless a CHECK proves that its rows fit.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['attach-partition'],
  sources: [
    'pgfence:attach-partition',
    'postgres-language-server:avoidAttachingPartition',
    'migrationpilot:MP072',
    'migrationpilot:MP094',
  ],
  why: `The server must know that every row of the new partition fits its bounds, and reads them all while it holds ACCESS EXCLUSIVE on that table and SHARE UPDATE EXCLUSIVE on the parent. A validated CHECK that says the same, with the key NOT NULL, spares it the reading; such a CHECK is added NOT VALID and validated without blocking anybody. Where the table or the partition key is not known from the history, nothing says that there is such a CHECK.`,
  examples: [
    {
      given: `create table sales (id int, sold_on int not null) partition by range (sold_on);
create table sales_1 (id int, sold_on int not null);`,
      bad: 'alter table sales attach partition sales_1 for values from (0) to (1000);',
      good: [
        'alter table sales_1 add constraint sales_1_fits check (sold_on >= 0 and sold_on < 1000) not valid;',
        'alter table sales_1 validate constraint sales_1_fits;',
        'alter table sales attach partition sales_1 for values from (0) to (1000);',
      ],
    },
    {
      given: `create table sales (id int, sold_on date not null) partition by range (sold_on);
create table sales_2026 (id int, sold_on date not null check (sold_on >= '2025-01-01'));`,
      bad: `alter table sales attach partition sales_2026 for values from ('2026-01-01') to ('2027-01-01');`,
      good: `create table sales_2027 (like sales including all);
alter table sales attach partition sales_2027 for values from ('2027-01-01') to ('2028-01-01');`,
    },
  ],
  *check(attach, context) {
    const { table, partition } = attach
    if (isPrivate(partition, context)) return
    if (!context.effects.some(({ table: locked, scans }) => scans && isPartition(locked, attach, context))) return
    const parent = context.table(table)
    const child = context.table(partition)
    const columns = parent?.partitionBy ?? []
    if (child !== undefined && provesBound(child, columns, attach.bound)) return
    const name = nameText(partition)
    yield {
      at: attach.span,
      message: `All of ${name} is read to see whether its rows fit into ${nameText(table)}; every read and write of ${name} waits meanwhile.`,
      instead: `${checkFirst(attach, context)}\n-- then:\nalter table ${nameText(table)} attach partition ${name} ${boundText(attach.bound) ?? '…'};`,
    }
  },
})

function isPartition(name: AttachPartition['partition'], attach: AttachPartition, context: RuleContext): boolean {
  const wanted = context.schema.resolve(attach.partition)
  return name.name === wanted.name && name.schema === wanted.schema
}

function checkFirst({ table, partition, bound }: AttachPartition, context: RuleContext): string {
  const columns = context.table(table)?.partitionBy ?? []
  const comparisons = boundComparisons(columns, bound)
  const notNull = columns.filter((column) => context.column(partition, column)?.notNull !== true)
  const condition = comparisons === undefined ? '…' : comparisonsSql(comparisons, notNull)
  return addThenValidate(partition, `${partition.name}_fits`, `check (${condition})`)
}
