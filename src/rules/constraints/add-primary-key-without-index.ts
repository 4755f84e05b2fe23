import type { KeyConstraint } from '../../model/constraint.ts'
import type { AddColumn, AddConstraint } from '../../model/fact.ts'
import { listOf } from '../../core/text.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { constraintName, constraintsOf, indexThenConstraint } from '../constraint-sql.ts'
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
    'eugene:W14',
    'pgfence:add-pk-without-using-index',
    'atlas:PG104',
    'atlas:PG304',
    'postgres-language-server:addingPrimaryKeyConstraint',
    'pgsafe:add-primary-key-without-index',
  ],
  why: `ADD PRIMARY KEY takes ACCESS EXCLUSIVE, builds a unique index over the whole table, and makes the key columns NOT NULL, which reads the table once more. The index can be built beforehand with CREATE UNIQUE INDEX CONCURRENTLY and taken over with USING INDEX. That alone is not enough when a key column may still be NULL: the scan for NULLs remains, unless the column is NOT NULL or a validated check proves it. Where the history does not show the index or its columns, the rule says so at level info.`,
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
      given: 'create table books (id int, title text);\ncreate unique index books_pkey on books (id);',
      bad: 'alter table books add constraint books_pkey primary key using index books_pkey;',
      good: [
        'alter table books add constraint books_id_not_null check (id is not null) not valid;',
        'alter table books validate constraint books_id_not_null;',
        'alter table books add constraint books_pkey primary key using index books_pkey;',
      ],
    },
    {
      given: 'create table books (title text);',
      bad: 'alter table books add primary key (title);',
      good: 'create table shelves (id bigint);\nalter table shelves add primary key (id);\nalter table shelves add column label text;',
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context)) return
    if (fact.kind === 'add-column') yield* addedInline(fact)
    else if (fact.constraint.type === 'primary-key') yield* added(fact, fact.constraint, context)
  },
})

function* added(fact: AddConstraint, constraint: KeyConstraint, context: RuleContext): Iterable<RuleFinding> {
  const table = nameText(fact.table)
  if (constraint.usingIndex !== undefined) {
    yield* nullable(fact, constraint.usingIndex, context)
    return
  }
  const name = constraintName(fact.table, constraint.columns, 'pkey', constraint.name)
  yield {
    at: fact.span,
    message: `The index of this primary key is built while all reads and writes of ${table} wait; building it reads the whole table.`,
    instead: indexThenConstraint(fact.table, name, constraint.columns, 'primary key', constraint.saysMore),
  }
}

/** `USING INDEX`: nothing is built, but a column that may be NULL is still looked at in each row. */
function* nullable(fact: AddConstraint, indexName: string, context: RuleContext): Iterable<RuleFinding> {
  const table = context.table(fact.table)
  const index = table?.indexes.get(indexName)
  const name = nameText(fact.table)
  if (table === undefined || index === undefined) {
    yield {
      at: fact.span,
      severity: 'info',
      message: `The history does not show the columns of ${quoteName(indexName)}: if one of them may be NULL, every row of ${name} is read while all reads and writes of the table wait.`,
      instead: `-- make sure that its columns are NOT NULL, or that a validated check says so`,
    }
    return
  }
  const open = index.columns.filter((column) => {
    if (table.columns.get(column)?.notNull === true) return false
    return ![...table.constraints.values()].some(
      (check) =>
        check.type === 'check' && check.valid && check.enforced && check.expression.provesNotNull.includes(column),
    )
  })
  const first = open[0]
  if (first === undefined) return
  yield {
    at: fact.span,
    message: `${listOf(open.map(quoteName))} of ${name} may be NULL, so every row is read while all reads and writes of the table wait.`,
    instead: [
      ...open.flatMap((column) => {
        const check = quoteName(constraintName(fact.table, [column], 'not_null'))
        return [
          `alter table ${name} add constraint ${check} check (${quoteName(column)} is not null) not valid;`,
          '-- in the next migration:',
          `alter table ${name} validate constraint ${check};`,
        ]
      }),
      '-- and in the one after that:',
      `alter table ${name} add constraint ${quoteName(indexName)} primary key using index ${quoteName(indexName)};`,
    ].join('\n'),
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
