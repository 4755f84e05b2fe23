import type { KeyConstraint } from '../../model/constraint.ts'
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

export const addPrimaryKeyWithoutIndex: Rule = defineRule({
  id: 'add-primary-key-without-index',
  summary: 'Adding a primary key builds its index, and checks for NULLs, while reads and writes wait.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['add-constraint', 'add-column'],
  sources: [
    'squawk:adding-serial-primary-key-field',
    'eugene:E7',
    'pgfence:add-pk-without-using-index',
    'atlas:PG104',
    'postgres-language-server:addingPrimaryKeyConstraint',
    'pgsafe:add-primary-key-without-index',
  ],
  why: `ADD PRIMARY KEY takes ACCESS EXCLUSIVE, builds a unique index over the whole table, and makes the key columns NOT NULL, which reads the table once more. The index can be built beforehand with CREATE UNIQUE INDEX CONCURRENTLY and taken over with USING INDEX. A partitioned table takes no USING INDEX, but its partitions do, and its own key then takes over theirs without building anything. Key columns that may still be NULL are reported by primary-key-over-nullable-index.`,
  examples: [
    {
      given: 'create table books (id int not null, title text);',
      bad: 'alter table books add constraint books_pkey primary key (id);',
      good: [
        'create unique index concurrently books_pkey on books (id);',
        'alter table books add constraint books_pkey primary key using index books_pkey;',
      ],
      transaction: false,
    },
    {
      given: 'create table books (title text);',
      bad: 'alter table books add primary key (title);',
      good: 'create table shelves (id bigint);\nalter table shelves add primary key (id);\nalter table shelves add column label text;',
    },
    {
      given: `create table sales (id int not null) partition by range (id);
create table sales_1 partition of sales for values from (0) to (1000);`,
      bad: 'alter table sales add primary key (id);',
      good: [
        'create unique index concurrently sales_1_pkey on sales_1 (id);',
        'alter table sales_1 add constraint sales_1_pkey primary key using index sales_1_pkey;',
        'alter table sales add primary key (id);',
      ],
      transaction: false,
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context)) return
    if (fact.kind === 'add-column') yield* addedInline(fact)
    else if (fact.constraint.type === 'primary-key' && fact.constraint.usingIndex === undefined)
      yield* added(fact, fact.constraint, context)
  },
})

function* added(fact: AddConstraint, constraint: KeyConstraint, context: RuleContext): Iterable<RuleFinding> {
  const state = context.table(fact.table)
  const isPartitioned = state?.partitionBy !== undefined
  if (isPartitioned && fact.only === true) return
  const partitions = isPartitioned ? state.partitions : []
  if (partitions.length > 0 && partitionsHaveKey(partitions.map(context.table), constraint)) return
  const table = nameText(fact.table)
  const name = constraintName(fact.table, constraint.columns, 'pkey', constraint.name)
  yield {
    at: fact.span,
    message: `The index of this primary key is built while all reads and writes of ${table} wait; building it reads the whole table.`,
    instead: isPartitioned
      ? keyPerPartition(fact.table, partitions, { columns: constraint.columns, kind: 'primary key' })
      : indexThenConstraint(fact.table, name, constraint.columns, 'primary key', constraint.saysMore),
  }
}

function* addedInline(fact: AddColumn): Iterable<RuleFinding> {
  const { column } = fact
  for (const constraint of constraintsOf(column.constraints, 'primary-key')) {
    const name = constraintName(fact.table, [column.name], 'pkey', constraint.name)
    yield {
      at: constraint.span,
      message: `PRIMARY KEY inside ADD COLUMN builds an index over all of ${nameText(fact.table)} while all reads and writes of the table wait.`,
      instead: [
        `-- add ${quoteName(column.name)} as a plain column, fill it in batches, make it NOT NULL, then:`,
        indexThenConstraint(fact.table, name, [column.name], 'primary key'),
      ].join('\n'),
    }
  }
}
