import { nameText } from '../../model/name.ts'
import { boundComparisons, defaultPartition } from '../../model/partition.ts'
import { addThenValidate, comparisonsSql } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'

export const scanOfDefaultPartition: Rule = defineRule({
  id: 'scan-of-default-partition',
  summary: 'A new partition makes the server read the whole DEFAULT partition under ACCESS EXCLUSIVE.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['attach-partition', 'create-table'],
  sources: ['lockstep:scan-of-default-partition', 'migrationpilot:MP072'],
  why: `Rows that belong into the new partition may lie in the DEFAULT partition, so the server locks that one with ACCESS EXCLUSIVE and reads all of it; if it finds such a row, the statement fails. A validated CHECK on the DEFAULT partition that excludes the new bounds spares it the reading. The CHECK is added NOT VALID and validated without blocking anybody, and dropped again when the partition is there.`,
  examples: [
    {
      given: `create table sales (id int, sold_on int not null) partition by range (sold_on);
create table sales_rest partition of sales default;`,
      bad: `create table sales_2 (like sales including all);
alter table sales attach partition sales_2 for values from (1000) to (2000);`,
      good: [
        'alter table sales_rest add constraint sales_rest_without check (not (sold_on >= 1000 and sold_on < 2000)) not valid;',
        'alter table sales_rest validate constraint sales_rest_without;',
        `create table sales_2 (like sales including all);
alter table sales attach partition sales_2 for values from (1000) to (2000);`,
      ],
    },
    {
      given: `create table sales (id int, shop text) partition by list (shop);
create table sales_rest partition of sales default;`,
      bad: `create table sales_south partition of sales for values in ('south');`,
      good: `create table returns (id int, shop text, primary key (id, shop)) partition by list (shop);
create table returns_south partition of returns for values in ('south');`,
    },
  ],
  *check(fact, context) {
    const [table, bound] =
      fact.kind === 'create-table' ? [fact.partitionOf, fact.partitionBound] : [fact.table, fact.bound]
    const parent = table === undefined ? undefined : context.table(table)
    const rest = parent === undefined ? undefined : defaultPartition(parent, context.schema)
    if (parent === undefined || rest === undefined || bound === undefined || isPrivate(rest, context)) return
    if (
      !context.effects.some(({ table: read, scans }) => scans && read.name === rest.name && read.schema === rest.schema)
    )
      return
    const name = shortName(context.schema, rest)
    const comparisons = boundComparisons(parent.partitionBy ?? [], bound)
    const excluded = comparisons === undefined ? '…' : comparisonsSql(comparisons, [])
    yield {
      at: fact.span,
      message: `All of ${name} is read to see whether it holds rows of ${nameText(fact.kind === 'create-table' ? fact.table : fact.partition)}; every read and write of ${name} waits meanwhile.`,
      instead: `${addThenValidate({ name }, `${rest.name}_without`, `check (not (${excluded}))`)}\n-- then:\n${context.statement.sql};`,
    }
  },
})
