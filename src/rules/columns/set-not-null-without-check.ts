import type { AddConstraint, SetNotNull } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { Table } from '../../model/schema.ts'
import { constraintName } from '../constraint-sql.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate } from '../same-name.ts'

export const setNotNullWithoutCheck: Rule = defineRule({
  id: 'set-not-null-without-check',
  summary:
    'SET NOT NULL reads the whole table while reads and writes wait, unless a validated check proves it beforehand.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['set-not-null', 'add-constraint'],
  sources: [
    'squawk:adding-not-nullable-field',
    'strong_migrations:change_column_null',
    'online_migrations:change_column_null',
    'eugene:E2',
    'pgfence:alter-column-set-not-null',
    'atlas:PG303',
    'postgres-language-server:addingNotNullField',
    'atlas:MF104',
    'safe-pg-migrations:change_column_null',
    'migrationpilot:MP002',
    'migrationpilot:MP018',
    'migrationpilot:MP081',
  ],
  why: `SET NOT NULL takes ACCESS EXCLUSIVE and then looks at each row for a NULL. The server skips that when a validated CHECK constraint already implies that the column has no NULL, and validating such a constraint needs only SHARE UPDATE EXCLUSIVE. The proof must still be there when SET NOT NULL runs: a DROP CONSTRAINT in the same ALTER TABLE is carried out first, and the scan comes back. A table or a check that the history does not show proves nothing.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'alter table books alter column title set not null;',
      good: [
        'alter table books add constraint books_title_not_null check (title is not null) not valid;',
        'alter table books validate constraint books_title_not_null;',
        'alter table books alter column title set not null;\nalter table books drop constraint books_title_not_null;',
      ],
    },
    {
      given: [
        'create table books (id int primary key, title text);',
        'alter table books add constraint books_title_not_null check (title is not null) not valid;',
        'alter table books validate constraint books_title_not_null;',
      ],
      bad: 'alter table books alter column title set not null, drop constraint books_title_not_null;',
      good: 'alter table books alter column title set not null;\nalter table books drop constraint books_title_not_null;',
    },
    {
      given: [
        'create table books (id int primary key, title text);',
        'alter table books add constraint books_title_not_null check (title is not null) not valid;',
      ],
      bad: 'alter table books alter column title set not null;',
      good: 'create table shelves (id bigint primary key, label text);\nalter table shelves alter column label set not null;',
    },
    {
      given: [
        'create table books (id int primary key, title text not null, pages int);',
        'alter table books add constraint books_pages_check check (pages is not null and pages > 0) not valid;',
        'alter table books validate constraint books_pages_check;',
        'alter table books add constraint books_id_check check (id > 0) not valid;',
        'alter table books alter column title drop not null;',
      ],
      bad: 'alter table books alter column title set not null;',
      good: 'alter table books alter column pages set not null;',
    },
  ],
  *check(fact, context) {
    const column = columnOf(fact)
    if (column === undefined || isPrivate(fact.table, context)) return
    const table = context.table(fact.table)
    if (table?.columns.get(column)?.notNull === true) return
    const proof = table === undefined ? undefined : proofOf(table, column)
    const droppedHere = proof !== undefined && isDroppedHere(proof, fact, context)
    if (proof !== undefined && !droppedHere) return
    const name = nameText(fact.table)
    yield {
      at: fact.span,
      message: droppedHere
        ? `The same ALTER TABLE drops ${quoteName(proof)} first, so every row of ${name} is read for a NULL in ${quoteName(column)} while all reads and writes of the table wait.`
        : `Every row of ${name} is read for a NULL in ${quoteName(column)} while all reads and writes of the table wait; no validated check on ${columnText(fact.table, column)} makes that unnecessary.`,
      instead: droppedHere
        ? `alter table ${name} alter column ${quoteName(column)} set not null;\nalter table ${name} drop constraint ${quoteName(proof)};`
        : insteadOf(fact.table, column, table),
    }
  },
})

/** The column that must not be NULL any more: SET NOT NULL, or `ADD [CONSTRAINT name] NOT NULL column` (PostgreSQL 18). */
function columnOf(fact: SetNotNull | AddConstraint): string | undefined {
  if (fact.kind === 'set-not-null') return fact.column
  return fact.constraint.type === 'not-null' && fact.constraint.valid ? fact.constraint.column : undefined
}

/** The name of a validated check that implies that the column is not NULL. */
function proofOf(table: Table, column: string): string | undefined {
  for (const constraint of table.constraints.values()) {
    if (constraint.type !== 'check' || !constraint.valid || !constraint.enforced) continue
    if (constraint.expression.provesNotNull.includes(column)) return constraint.name
  }
  return undefined
}

function isDroppedHere(constraint: string, fact: SetNotNull | AddConstraint, context: RuleContext): boolean {
  return context.facts.some(
    (other) => other !== fact && other.kind === 'drop-constraint' && other.constraint === constraint,
  )
}

function insteadOf(tableName: Name, column: string, table: Table | undefined): string {
  const name = nameText(tableName)
  const check = quoteName(unvalidatedCheck(table, column) ?? constraintName(tableName, [column], 'not_null'))
  const add = `alter table ${name} add constraint ${check} check (${quoteName(column)} is not null) not valid;\n-- in the next migration:\n`
  return [
    `${unvalidatedCheck(table, column) === undefined ? add : ''}alter table ${name} validate constraint ${check};`,
    '-- and in the one after that:',
    `alter table ${name} alter column ${quoteName(column)} set not null;`,
    `alter table ${name} drop constraint ${check};`,
  ].join('\n')
}

/** A check that would prove it once it is validated. */
function unvalidatedCheck(table: Table | undefined, column: string): string | undefined {
  for (const constraint of table?.constraints.values() ?? []) {
    if (constraint.type !== 'check' || constraint.valid) continue
    if (constraint.expression.provesNotNull.includes(column)) return constraint.name
  }
  return undefined
}
