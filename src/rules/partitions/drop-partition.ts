import { nameText } from '../../model/name.ts'
import { defaultPartition } from '../../model/partition.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const dropPartition: Rule = defineRule({
  id: 'drop-partition',
  summary: 'Dropping a partition blocks reads and writes of the whole partitioned table.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['drop-table'],
  sources: ['lockstep:drop-partition'],
  why: `DROP TABLE of a partition takes ACCESS EXCLUSIVE on the partition, its parent and the DEFAULT partition: it waits for every transaction that uses any of them, and all new queries on the parent queue behind it. Detached with CONCURRENTLY first, the table stands alone, and dropping it concerns nobody else. A table of which the history does not know that it is a partition is left to drop-table.`,
  examples: [
    {
      given: `create table sales (id int, sold_on int not null) partition by range (sold_on);
create table sales_1 partition of sales for values from (0) to (1000);`,
      bad: 'drop table sales_1;',
      good: [
        'alter table sales detach partition sales_1 concurrently;',
        `-- migrate:change sales-1-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop table sales_1;

-- migrate:down none because the rows are archived elsewhere`,
      ],
      transaction: false,
    },
    {
      given: `create table sales (id int, sold_on int not null) partition by range (sold_on);
create table sales_1 partition of sales for values from (0) to (1000);
create table sales_rest partition of sales default;`,
      bad: 'drop table if exists sales_1;',
      good: `create table returns (id int, sold_on int, primary key (id, sold_on)) partition by range (sold_on);
create table returns_1 partition of returns for values from (0) to (1000);
drop table returns_1;`,
    },
  ],
  *check(drop, context) {
    const parent = context.table(drop.table)?.partitionOf
    if (parent === undefined || isPrivate(parent, context)) return
    const { schema } = context
    if (context.facts.some((fact) => fact.kind === 'drop-table' && sameName(schema, fact.table, parent))) return
    const [table, name] = [nameText(drop.table), shortName(schema, parent)]
    const parentTable = context.table(parent)
    const hasDefault = parentTable !== undefined && defaultPartition(parentTable, schema) !== undefined
    yield {
      at: drop.span,
      message: `Every read and write of ${name} and of all its partitions waits while ${table} is dropped, and for as long as the statement waits for its locks.`,
      instead: hasDefault
        ? `-- with a DEFAULT partition there is no DETACH … CONCURRENTLY: let it give up early, and try again\nset local lock_timeout = '2s';\ndrop table ${table};`
        : `-- in a migration of its own, outside a transaction:\nalter table ${name} detach partition ${table} concurrently;\n-- in the next migration:\ndrop table ${table};`,
    }
  },
})
