import type { CreateIndex, DetachPartition, DropIndex, Reindex } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import { defaultPartition } from '../../model/partition.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { shortName } from '../same-name.ts'

interface Refusal {
  readonly message: string
  readonly instead: string
}

export const concurrentlyRefused: Rule = defineRule({
  id: 'concurrently-refused',
  summary: 'The server has no CONCURRENTLY for what this does, so the migration fails.',
  severity: 'error',
  hazards: ['fails'],
  looksAt: ['create-index', 'drop-index', 'detach-partition', 'reindex'],
  sources: ['migrationpilot:MP092', 'lockstep:concurrently-refused'],
  why: `An index of a partitioned table is created and dropped with one statement for all partitions, and PostgreSQL has no concurrent form of that; nor has it one for several indexes at once, for CASCADE, for the system catalogues, and for DETACH PARTITION where there is a DEFAULT partition. It refuses such statements with an error before anything happens. For a partitioned table the way is an index on each partition, built concurrently and attached to an empty one of the parent.`,
  examples: [
    {
      given: `create table sales (id int, sold_on int) partition by range (sold_on);
create table sales_1 partition of sales for values from (0) to (1000);`,
      bad: 'create index concurrently sales_id_idx on sales (id);',
      good: `create index sales_id_idx on only sales (id);
create index concurrently sales_1_id_idx on sales_1 (id);
alter index sales_id_idx attach partition sales_1_id_idx;`,
      transaction: false,
      fails: '0A000',
    },
    {
      given: `create table books (id bigint primary key, title text, isbn text);
create index books_title_idx on books (title);
create index books_isbn_idx on books (isbn);`,
      bad: 'drop index concurrently books_title_idx, books_isbn_idx;',
      good: 'drop index concurrently books_title_idx;\ndrop index concurrently books_isbn_idx;',
      transaction: false,
      fails: '0A000',
    },
    {
      given: `create table sales (id int, sold_on int) partition by range (sold_on);
create table sales_1 partition of sales for values from (0) to (1000);
create table sales_rest partition of sales default;`,
      bad: 'alter table sales detach partition sales_1 concurrently;',
      good: 'select count(*) from sales_rest;',
      transaction: false,
      fails: '55000',
    },
    {
      given: `create table sales (id int, sold_on int) partition by range (sold_on);
create index sales_id_idx on sales (id);`,
      bad: 'drop index concurrently sales_id_idx;',
      good: 'drop index concurrently if exists sales_idx;',
      transaction: false,
      fails: '0A000',
    },
  ],
  *check(fact, context) {
    if (!fact.concurrently || context.facts[0] !== fact) return
    const refusal = refusalOf(fact, context)
    if (refusal !== undefined) yield { at: fact.span, ...refusal }
  },
})

function refusalOf(
  fact: CreateIndex | DropIndex | DetachPartition | Reindex,
  context: RuleContext,
): Refusal | undefined {
  switch (fact.kind) {
    case 'create-index':
      return context.table(fact.table)?.partitionBy === undefined
        ? undefined
        : {
            message: `The server refuses CREATE INDEX CONCURRENTLY on ${nameText(fact.table)}, which is partitioned.`,
            instead: `-- an empty index of the parent, then one on each partition, attached to it:\ncreate index … on only ${nameText(fact.table)} (…);\ncreate index concurrently … on … (…);\nalter index … attach partition …;`,
          }
    case 'drop-index':
      return dropRefusal(fact, context)
    case 'detach-partition':
      return detachRefusal(fact, context)
    case 'reindex':
      return reindexRefusal(fact)
  }
}

function dropRefusal(fact: DropIndex, context: RuleContext): Refusal | undefined {
  const names = context.facts.flatMap((other) => (other.kind === 'drop-index' ? [nameText(other.index)] : []))
  const ifExists = fact.ifExists ? 'if exists ' : ''
  if (names.length > 1 || fact.cascade)
    return {
      message: `The server refuses DROP INDEX CONCURRENTLY ${names.length > 1 ? 'of several indexes at once' : 'with CASCADE'}.`,
      instead: names.map((name) => `drop index concurrently ${ifExists}${name};`).join('\n'),
    }
  const index = context.schema.index(fact.index)
  if (index === undefined || context.table(index.table)?.partitionBy === undefined) return undefined
  return {
    message: `The server refuses to drop ${nameText(fact.index)} concurrently: it is an index of ${shortName(context.schema, index.table)}, which is partitioned.`,
    instead: `-- it blocks the table for a moment: let it give up early, and try again\nset lock_timeout = '2s';\ndrop index ${ifExists}${nameText(fact.index)};`,
  }
}

function detachRefusal(fact: DetachPartition, context: RuleContext): Refusal | undefined {
  const parent = context.table(fact.table)
  const rest = parent === undefined ? undefined : defaultPartition(parent, context.schema)
  if (rest === undefined) return undefined
  return {
    message: `The server refuses to detach a partition of ${nameText(fact.table)} concurrently as long as ${shortName(context.schema, rest)} is its DEFAULT partition.`,
    instead: `-- it blocks the table for a moment: let it give up early, and try again\nset lock_timeout = '2s';\nalter table ${nameText(fact.table)} detach partition ${nameText(fact.partition)};`,
  }
}

function reindexRefusal(fact: Reindex): Refusal | undefined {
  if (fact.target !== 'system') return undefined
  return {
    message: 'The server refuses to rebuild the indexes of system catalogues concurrently.',
    instead: '-- in a maintenance window:\nreindex system;',
  }
}
