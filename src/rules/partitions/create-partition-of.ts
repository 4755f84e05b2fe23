import type { CreateTable } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { boundText } from '../../model/partition.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const createPartitionOf: Rule = defineRule({
  id: 'create-partition-of',
  summary: 'CREATE TABLE … PARTITION OF blocks reads and writes of the whole partitioned table.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['create-table'],
  sources: ['lockstep:create-partition-of'],
  why: `CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the parent: it waits for every transaction that uses any of its partitions, and all new queries queue behind it. A table made with LIKE and then attached becomes the same partition under SHARE UPDATE EXCLUSIVE, which lets reads and writes of the parent through; being new and empty it is attached at once. A parent that is not known from the history counts as one in use.`,
  examples: [
    {
      given: `create table sales (id int, sold_on int not null) partition by range (sold_on);
create table sales_1 partition of sales for values from (0) to (1000);`,
      bad: 'create table sales_2 partition of sales for values from (1000) to (2000);',
      good: `create table sales_2 (like sales including all);
alter table sales attach partition sales_2 for values from (1000) to (2000);`,
    },
    {
      given: `create table sales (id int generated always as identity, shop text not null) partition by list (shop);
create table sales_north partition of sales for values in ('north');
create table sales_rest partition of sales default;`,
      bad: `create table if not exists sales_south partition of sales for values in ('south');`,
      good: `create table returns (id int, shop text, primary key (id, shop)) partition by list (shop);
create table returns_north partition of returns for values in ('north');`,
    },
  ],
  *check(create, context) {
    const parent = create.partitionOf
    if (parent === undefined || isPrivate(parent, context)) return
    if (create.ifNotExists && context.table(create.table) !== undefined) return
    yield {
      at: create.span,
      message: `Every read and write of ${nameText(parent)} and of all its partitions waits while ${nameText(create.table)} is made, and for as long as the statement waits for its lock.`,
      instead: likeThenAttach(create, parent, context),
    }
  },
})

function likeThenAttach(create: CreateTable, parent: Name, context: RuleContext): string {
  const columns = [...(context.table(parent)?.columns.values() ?? [])]
  // A table with an identity column of its own cannot be attached since PostgreSQL 17.
  const identity = columns.some((column) => column.identity !== undefined) ? ' excluding identity' : ''
  const partitions = create.partitionBy === undefined ? '' : ' partition by …'
  const bound = create.partitionBound === undefined ? undefined : boundText(create.partitionBound)
  return `create table ${nameText(create.table)} (like ${nameText(parent)} including all${identity})${partitions};
alter table ${nameText(parent)} attach partition ${nameText(create.table)} ${bound ?? '…'};`
}
