import { plural } from '../../core/text.ts'
import type { CreateIndex } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Table } from '../../model/schema.ts'
import { columnList, constraintName } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'
import { mendedOutside, outsideTransaction } from '../without-transaction.ts'

export const createIndexWithoutConcurrently: Rule = defineRule({
  id: 'create-index-without-concurrently',
  summary: 'CREATE INDEX without CONCURRENTLY blocks every write to the table until the index is built.',
  severity: 'error',
  hazards: ['blocks-writes', 'scans-table'],
  looksAt: ['create-index'],
  sources: [
    'squawk:require-concurrent-index-creation',
    'strong_migrations:add_index',
    'online_migrations:add_index',
    'eugene:E6',
    'pgfence:create-index-not-concurrent',
    'atlas:PG101',
    'postgres-language-server:requireConcurrentIndexCreation',
    'safe-pg-migrations:add_index',
    'pg-schema-diff:ACQUIRES_SHARE_LOCK',
    'migrationpilot:MP001',
  ],
  why: `A plain CREATE INDEX takes a SHARE lock on the table, reads every row and sorts the keys while it holds that lock; each INSERT, UPDATE and DELETE queues behind it. With CONCURRENTLY the server builds the index in two passes under SHARE UPDATE EXCLUSIVE, which lets reads and writes through, at the price of running longer and outside a transaction. A partitioned table does not accept CONCURRENTLY: there the parent gets an empty index with ON ONLY, and each partition one of its own. A table that is not known from the history counts as one that is in use.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'create index books_title_idx on books (title);',
      good: 'create index concurrently books_title_idx on books (title);',
      transaction: false,
    },
    {
      given: `create table sales (id int, sold_on int) partition by range (sold_on);
create table sales_1 partition of sales for values from (0) to (1000);`,
      bad: 'create index sales_id_idx on sales (id);',
      good: [
        'create index sales_id_idx on only sales (id);',
        'create index concurrently sales_1_id_idx on sales_1 (id);',
        'alter index sales_id_idx attach partition sales_1_id_idx;',
      ],
      transaction: false,
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'create unique index on books (lower(title)) where title is not null;',
      good: `create table editions (id bigint primary key, title text);
create index editions_title_idx on editions (title);
create temporary table wanted (id int);
create index wanted_id_idx on wanted (id);`,
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: `do $$
begin
  if to_regclass('books_title_idx') is null then
    execute 'create index books_title_idx on books (title)';
  end if;
end $$;`,
      good: 'create index concurrently books_title_idx on books (title);',
      transaction: false,
    },
  ],
  *check(index, context) {
    if (index.concurrently || isPrivate(index.table, context)) return
    const table = context.table(index.table)
    const partitioned = table?.partitionBy !== undefined
    if (partitioned && index.only) return
    const name = nameText(index.table)
    if (partitioned) {
      yield {
        at: index.span,
        message: `This builds an index on ${name} and on ${plural(table.partitions.length, 'partition')} of it; every INSERT, UPDATE and DELETE on all of them waits until the last one is built.`,
        instead: onEachPartition(index, table, context),
      }
      return
    }
    const safe = withConcurrently(context.statement.sql)
    yield {
      at: index.span,
      message: `Every INSERT, UPDATE and DELETE on ${name} waits until this index is built; building it reads the whole table.`,
      instead: outsideTransaction(safe ?? plainForm(index), context),
      ...(safe === undefined ? {} : mendedOutside(safe, context)),
    }
  },
})

/** The statement with CONCURRENTLY put in; undefined where a comment stands between its first words. */
function withConcurrently(sql: string): string | undefined {
  const start = /^create\s+(?:unique\s+)?index\b/i.exec(sql)?.[0]
  return start === undefined ? undefined : `${start} concurrently${sql.slice(start.length)}`
}

function plainForm(index: CreateIndex): string {
  const unique = index.unique ? 'unique ' : ''
  const name = quoteName(constraintName(index.table, index.columns, 'idx', index.index))
  return `create ${unique}index concurrently ${name} on ${nameText(index.table)} (…)`
}

function onEachPartition(index: CreateIndex, table: Table, context: RuleContext): string {
  const keys = index.columns.includes('') ? '(…)' : columnList(index.columns)
  const unique = index.unique ? 'unique ' : ''
  const parent = constraintName(index.table, index.columns, 'idx', index.index)
  const lines = [`create ${unique}index ${quoteName(parent)} on only ${nameText(index.table)} ${keys};`]
  lines.push('-- for each partition, outside a transaction:')
  for (const partition of table.partitions.slice(0, 3)) {
    const child = quoteName(constraintName(partition, index.columns, 'idx'))
    lines.push(
      `create ${unique}index concurrently ${child} on ${shortName(context.schema, partition)} ${keys};`,
      `alter index ${quoteName(parent)} attach partition ${child};`,
    )
  }
  if (table.partitions.length > 3) lines.push(`-- … and ${table.partitions.length - 3} more`)
  return lines.join('\n')
}
