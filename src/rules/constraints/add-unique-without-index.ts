import type { AddColumn, AddConstraint } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import {
  constraintName,
  constraintsOf,
  indexThenConstraint,
  keyPerPartition,
  partitionsHaveKey,
} from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const addUniqueWithoutIndex: Rule = defineRule({
  id: 'add-unique-without-index',
  summary: 'Adding a UNIQUE constraint builds its index while reads and writes wait.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['add-constraint', 'add-column'],
  sources: [
    'squawk:disallowed-unique-constraint',
    'strong_migrations:add_unique_constraint',
    'online_migrations:add_unique_constraint',
    'eugene:E7',
    'pgfence:add-constraint-unique',
    'atlas:PG105',
    'postgres-language-server:disallowUniqueConstraint',
    'atlas:MF101',
    'pg-schema-diff:ACQUIRES_ACCESS_EXCLUSIVE_LOCK',
    'migrationpilot:MP027',
  ],
  why: `A unique constraint is an index with a name in the catalogue. Added in one statement, the index is built under ACCESS EXCLUSIVE: the table is read and sorted while nobody can even SELECT, and a duplicate found at the end makes all of it in vain. CREATE UNIQUE INDEX CONCURRENTLY builds the same index beside the traffic, and ADD CONSTRAINT … USING INDEX then only gives it its name. A partitioned table takes neither; its constraint takes over those of its partitions, which can be built that way.`,
  examples: [
    {
      given: 'create table books (id int primary key, isbn text);',
      bad: 'alter table books add constraint books_isbn_key unique (isbn);',
      good: [
        'create unique index concurrently books_isbn_key on books (isbn);',
        'alter table books add constraint books_isbn_key unique using index books_isbn_key;',
      ],
      transaction: false,
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'alter table books add column isbn text unique;',
      good: [
        'alter table books add column isbn text;',
        'create unique index concurrently books_isbn_key on books (isbn);',
        'alter table books add constraint books_isbn_key unique using index books_isbn_key;',
      ],
      transaction: false,
    },
    {
      given: `create table sales (id bigint, day date not null) partition by range (day);
create table sales_1 partition of sales for values from ('2020-01-01') to ('2050-01-01');`,
      bad: 'alter table sales add constraint sales_key unique (id, day);',
      good: [
        'create unique index concurrently sales_1_id_day_key on sales_1 (id, day);',
        'alter table sales_1 add constraint sales_1_id_day_key unique using index sales_1_id_day_key;',
        'alter table sales add constraint sales_key unique (id, day);',
      ],
      transaction: false,
    },
    {
      given: `create table sales (id bigint, day date not null) partition by range (day);
create table sales_1 partition of sales for values from ('2020-01-01') to ('2050-01-01');`,
      bad: 'alter table sales add unique (day);',
      good: [
        'alter table only sales add constraint sales_key unique (id, day);',
        'create unique index concurrently sales_1_key on sales_1 (id, day);',
        `alter table sales_1 add constraint sales_1_key unique using index sales_1_key;
alter index sales_key attach partition sales_1_key;`,
      ],
      transaction: false,
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context)) return
    if (fact.kind === 'add-constraint') yield* added(fact, context)
    // A unique key of a partitioned table holds the partition key, so none can be inline here: unique-without-partition-key.
    else if (context.table(fact.table)?.partitionBy === undefined) yield* addedInline(fact)
  },
})

function* added(fact: AddConstraint, context: RuleContext): Iterable<RuleFinding> {
  const { constraint } = fact
  const table = nameText(fact.table)
  if (constraint.type !== 'unique' || constraint.usingIndex !== undefined) return
  const name = constraintName(fact.table, constraint.columns, 'key', constraint.name)
  const state = context.table(fact.table)
  const isPartitioned = state?.partitionBy !== undefined
  if (isPartitioned && fact.only === true) return
  const partitions = isPartitioned ? state.partitions : []
  if (partitions.length > 0 && partitionsHaveKey(partitions.map(context.table), constraint)) return
  yield {
    at: fact.span,
    message: `The index of this constraint is built while all reads and writes of ${table} wait; building it reads the whole table.`,
    instead: isPartitioned
      ? keyPerPartition(fact.table, partitions, {
          columns: constraint.columns,
          kind: 'unique',
          ...(constraint.name === undefined ? {} : { name: constraint.name }),
        })
      : indexThenConstraint(fact.table, name, constraint.columns, 'unique', constraint.saysMore),
  }
}

function* addedInline(fact: AddColumn): Iterable<RuleFinding> {
  for (const constraint of constraintsOf(fact.column.constraints, 'unique')) {
    const name = constraintName(fact.table, [fact.column.name], 'key', constraint.name)
    yield {
      at: constraint.span,
      message: `UNIQUE inside ADD COLUMN builds an index over all of ${nameText(fact.table)} while all reads and writes of the table wait.`,
      instead: [
        `alter table ${nameText(fact.table)} add column ${quoteName(fact.column.name)} ${fact.column.type.sql};`,
        indexThenConstraint(fact.table, name, [fact.column.name], 'unique'),
      ].join('\n'),
    }
  }
}
