import { nameText } from '../../model/name.ts'
import { defaultPartition } from '../../model/partition.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'
import { outsideTransaction } from '../without-transaction.ts'

/** PostgreSQL 14 brought DETACH PARTITION … CONCURRENTLY. */
const firstWithConcurrently = 14

export const detachPartitionWithoutConcurrently: Rule = defineRule({
  id: 'detach-partition-without-concurrently',
  summary: 'DETACH PARTITION without CONCURRENTLY blocks reads and writes of the whole partitioned table.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['detach-partition'],
  sources: [
    'squawk:require-concurrent-partition-detach',
    'pgfence:detach-partition',
    'postgres-language-server:requireConcurrentDetachPartition',
    'migrationpilot:MP046',
    'pgfence:detach-partition-concurrent',
  ],
  why: `A plain DETACH PARTITION takes ACCESS EXCLUSIVE on the parent, the partition and the DEFAULT partition: it waits for every transaction that uses any of them, and all new queries on the parent queue behind it. With CONCURRENTLY, since PostgreSQL 14, the parent is only locked with SHARE UPDATE EXCLUSIVE and the statement waits for old queries beside the traffic; it cannot run in a transaction, nor where there is a DEFAULT partition. If it is interrupted, DETACH PARTITION … FINALIZE brings it to its end. The table that was a partition keeps a CHECK with its former bounds.`,
  examples: [
    {
      given: `create table sales (id int, sold_on int not null) partition by range (sold_on);
create table sales_1 partition of sales for values from (0) to (1000);`,
      bad: 'alter table sales detach partition sales_1;',
      good: 'alter table sales detach partition sales_1 concurrently;',
      transaction: false,
    },
    {
      given: `create table sales (id int, sold_on int not null) partition by range (sold_on);
create table sales_1 partition of sales for values from (0) to (1000);
create table sales_rest partition of sales default;`,
      bad: 'alter table sales detach partition sales_1;',
      good: `create table returns (id int, sold_on int, primary key (id, sold_on)) partition by range (sold_on);
create table returns_1 partition of returns for values from (0) to (1000);
alter table returns detach partition returns_1;`,
    },
  ],
  *check(detach, context) {
    if (detach.concurrently || detach.finalize || context.target < firstWithConcurrently) return
    if (isPrivate(detach.table, context)) return
    const [table, partition] = [nameText(detach.table), nameText(detach.partition)]
    const parent = context.table(detach.table)
    const message = `Every read and write of ${table} and of all its partitions waits while ${partition} is detached, and for as long as the statement waits for its locks.`
    if (parent !== undefined && defaultPartition(parent, context.schema) !== undefined) {
      yield {
        at: detach.span,
        message,
        instead: `-- with a DEFAULT partition there is no CONCURRENTLY: let it give up early, and try again\nset local lock_timeout = '2s';\n${context.statement.sql};`,
      }
      return
    }
    // No rewrite: a machine that takes it would leave another schema, with the CHECK.
    const safe = `alter table ${table} detach partition ${partition} concurrently`
    yield {
      at: detach.span,
      message,
      instead: outsideTransaction(safe, context),
    }
  },
})
