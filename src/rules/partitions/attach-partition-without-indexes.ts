import { listOf } from '../../core/text.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { boundText, missingIndexes } from '../../model/partition.ts'
import { columnList, constraintName } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const attachPartitionWithoutIndexes: Rule = defineRule({
  id: 'attach-partition-without-indexes',
  summary: 'ATTACH PARTITION builds the indexes that the table lacks, under ACCESS EXCLUSIVE.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['attach-partition'],
  sources: ['lockstep:attach-partition-without-indexes'],
  why: `A partition has an index for each index of its parent. What matches is taken over at once; what is missing is built while the statement holds ACCESS EXCLUSIVE on the table. An index built beforehand with CREATE INDEX CONCURRENTLY, unique where the parent's is, spares that. A table that the history does not know is left to attach-partition-without-check.`,
  examples: [
    {
      given: `create table sales (id int, sold_on int not null) partition by range (sold_on);
create index sales_id_idx on sales (id);
create table sales_1 (id int, sold_on int not null check (sold_on >= 0 and sold_on < 1000));`,
      bad: 'alter table sales attach partition sales_1 for values from (0) to (1000);',
      good: `create index concurrently sales_1_id_idx on sales_1 (id);
alter table sales attach partition sales_1 for values from (0) to (1000);`,
      transaction: false,
    },
    {
      given: `create table sales (id int, sold_on int, primary key (id, sold_on)) partition by range (sold_on);
create table sales_1 (id int not null, sold_on int not null check (sold_on >= 0 and sold_on < 1000));`,
      bad: 'alter table sales attach partition sales_1 for values from (0) to (1000);',
      good: `create table sales_2 (like sales including all);
alter table sales attach partition sales_2 for values from (1000) to (2000);`,
    },
  ],
  *check(attach, context) {
    const { table, partition, bound } = attach
    const [parent, child] = [context.table(table), context.table(partition)]
    if (parent === undefined || child === undefined || isPrivate(partition, context)) return
    const missing = missingIndexes(parent, child)
    if (missing.length === 0) return
    const name = nameText(partition)
    const names = missing.map((index) => quoteName(index.name.name))
    const building = missing.map((index) => {
      const keys = index.plain === true || index.constraint !== undefined ? columnList(index.columns) : '(…)'
      const own = quoteName(constraintName(partition, index.columns, 'idx'))
      return `create ${index.unique ? 'unique ' : ''}index concurrently ${own} on ${name} ${keys};`
    })
    yield {
      at: attach.span,
      message: `Every read and write of ${name} waits while ${missing.length === 1 ? 'an index is' : 'indexes are'} built to match ${listOf(names)} of ${nameText(table)}.`,
      instead: `-- in a migration of its own, outside a transaction:\n${building.join('\n')}\n-- then:\nalter table ${nameText(table)} attach partition ${name} ${boundText(bound) ?? '…'};`,
    }
  },
})
