import { listOf } from '../../core/text.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Table } from '../../model/schema.ts'
import { constraintName } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const primaryKeyOverNullableIndex: Rule = defineRule({
  id: 'primary-key-over-nullable-index',
  summary: 'PRIMARY KEY USING INDEX still reads the whole table while reads and writes wait if a column may be NULL.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['add-constraint'],
  sources: ['eugene:W14', 'atlas:PG304'],
  why: `USING INDEX saves building the index, but a primary key also makes its columns NOT NULL, and for that the server looks at each row under ACCESS EXCLUSIVE. It skips that for a column that is NOT NULL already, or that a validated CHECK constraint proves to hold no NULL. Where the history does not show the index or its columns, the rule says so at level info.`,
  examples: [
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
      given: [
        'create table books (shelf int not null, place int);\ncreate unique index books_place on books (shelf, place);',
        'alter table books add constraint books_place_there check (place is not null) not valid;',
      ],
      bad: 'alter table books add primary key using index books_place;',
      good: [
        'alter table books validate constraint books_place_there;',
        'alter table books add primary key using index books_place;',
      ],
    },
  ],
  *check(fact, context) {
    const { constraint } = fact
    if (constraint.type !== 'primary-key' || constraint.usingIndex === undefined) return
    if (isPrivate(fact.table, context)) return
    const table = context.table(fact.table)
    const index = table?.indexes.get(constraint.usingIndex)
    const [name, indexName] = [nameText(fact.table), quoteName(constraint.usingIndex)]
    if (table === undefined || index === undefined) {
      yield {
        at: fact.span,
        severity: 'info',
        message: `The history does not show the columns of ${indexName}: if one of them may be NULL, every row of ${name} is read while all reads and writes of the table wait.`,
        instead: `-- make sure that its columns are NOT NULL, or that a validated check says so`,
      }
      return
    }
    const open = index.columns.filter((column) => column !== '' && !isProven(table, column))
    if (open.length === 0) return
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
        `alter table ${name} add constraint ${quoteName(constraint.name ?? constraint.usingIndex)} primary key using index ${indexName};`,
      ].join('\n'),
    }
  },
})

function isProven(table: Table, column: string): boolean {
  if (table.columns.get(column)?.notNull === true) return true
  return [...table.constraints.values()].some(
    (check) =>
      check.type === 'check' && check.valid && check.enforced && check.expression.provesNotNull.includes(column),
  )
}
