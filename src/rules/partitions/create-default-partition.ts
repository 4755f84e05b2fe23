import { nameText } from '../../model/name.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'

export const createDefaultPartition: Rule = defineRule({
  id: 'create-default-partition',
  summary: 'A DEFAULT partition makes each later partition wait for a scan of it, and rules out DETACH CONCURRENTLY.',
  severity: 'info',
  preset: 'strict',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['create-table', 'attach-partition'],
  sources: ['migrationpilot:MP093'],
  why: `Whatever fits no other partition lands in the DEFAULT partition, where it stays unnoticed. Each partition that is added later has the server read all of it under ACCESS EXCLUSIVE, unless a CHECK excludes the new bounds, and fails if a row in it belongs into the new one. DETACH PARTITION … CONCURRENTLY is refused as long as there is one. Partitions that are made ahead of their time need none; a row without a place is then an error that somebody sees.`,
  examples: [
    {
      given: `create table sales (id int, sold_on int not null) partition by range (sold_on);`,
      bad: `create table sales_rest (like sales including all);
alter table sales attach partition sales_rest default;`,
      good: `create table sales_1 (like sales including all);
alter table sales attach partition sales_1 for values from (0) to (1000);`,
    },
    {
      given: 'create table shops (id int);',
      bad: `create table sales (id int, shop text, primary key (id, shop)) partition by list (shop);
create table sales_rest partition of sales default;`,
      good: `create table sales (id int, shop text, primary key (id, shop)) partition by list (shop);
create table sales_north partition of sales for values in ('north');`,
    },
  ],
  *check(fact) {
    const bound = fact.kind === 'create-table' ? fact.partitionBound : fact.bound
    const parent = fact.kind === 'create-table' ? fact.partitionOf : fact.table
    if (bound?.kind !== 'default' || parent === undefined) return
    const table = nameText(parent)
    yield {
      at: fact.span,
      message: `Each later partition of ${table} has all of ${nameText(fact.kind === 'create-table' ? fact.table : fact.partition)} read under ACCESS EXCLUSIVE, and no partition of ${table} can be detached concurrently.`,
      instead: `-- partitions ahead of their time, made by a job:\ncreate table … (like ${table} including all);\nalter table ${table} attach partition … for values …;`,
    }
  },
})
