import { listOf } from '../../core/text.ts'
import type { CheckConstraint } from '../../model/constraint.ts'
import type { AddConstraint, SetNotNull } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { Constraint, Table } from '../../model/schema.ts'
import { constraintName } from '../constraint-sql.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, shortName } from '../same-name.ts'

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
  why: `SET NOT NULL takes ACCESS EXCLUSIVE and then looks at each row for a NULL. The server skips that when a validated CHECK constraint already implies that the column has no NULL, and validating such a constraint needs only SHARE UPDATE EXCLUSIVE. The proof must still be there when SET NOT NULL runs: a DROP CONSTRAINT in the same ALTER TABLE, or a DROP COLUMN that takes the check with it, is carried out first, and the scan comes back. A NOT NULL constraint that is NOT VALID (PostgreSQL 18) is validated by a scan whatever a check proves; VALIDATE CONSTRAINT does that beside the traffic, and nothing is left to do then. A table or a check that the history does not show proves nothing.`,
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
    {
      given: [
        'create table books (id int primary key, title text);',
        'alter table books add constraint books_title_not_null not null title not valid;',
        'alter table books add constraint titled check (title is not null) not valid;',
        'alter table books validate constraint titled;',
      ],
      bad: 'alter table books alter column title set not null;',
      good: `alter table books validate constraint books_title_not_null;
alter table books alter column title set not null;`,
      versions: { from: 18 },
    },
    {
      given: [
        'create table books (id int primary key, title text, pages int);',
        'alter table books add constraint filled check (title is not null and pages > 0) not valid;',
        'alter table books validate constraint filled;',
      ],
      bad: `-- migrate:up
-- migrate:allow drop-column because no version reads it any more
-- migrate:allow drop-column-loses-index because the check is taken along on purpose
alter table books drop column pages, alter column title set not null;

-- migrate:down none because it is an example`,
      good: 'alter table books alter column title set not null;',
    },
    {
      given: `create table books (id int primary key, title text);
create table old_books () inherits (books);
alter table books add constraint titled check (title is not null) no inherit;`,
      bad: 'alter table books alter column title set not null;',
      good: [
        'alter table old_books add constraint old_titled check (title is not null) not valid;',
        'alter table old_books validate constraint old_titled;',
        'alter table books alter column title set not null;',
      ],
    },
  ],
  *check(fact, context) {
    const column = columnOf(fact)
    if (column === undefined || isPrivate(fact.table, context)) return
    const read = context.effects.filter((effect) => effect.scans).map(({ table }) => shortName(context.schema, table))
    if (read.length === 0) return
    const table = context.table(fact.table)
    const lost = table === undefined ? undefined : lostProof(table, column, fact, context)
    // One table, or those of its heirs that the proof does not reach; partitions go by the name of the whole.
    const rows = `row of ${table?.partitionBy === undefined ? listOf(read) : nameText(fact.table)} is read for a NULL in ${quoteName(column)} while all reads and writes of the table wait`
    yield {
      at: fact.span,
      message:
        lost === undefined
          ? `Every ${rows}; no validated check on ${columnText(fact.table, column)} makes that unnecessary.`
          : `The same ALTER TABLE drops ${quoteName(lost.dropped)} first, so every ${rows}.`,
      instead:
        lost === undefined ? insteadOf(fact.table, column, table) : insteadOfLoss(nameText(fact.table), column, lost),
    }
  },
})

/** The column that must not be NULL any more: SET NOT NULL, or `ADD [CONSTRAINT name] NOT NULL column` (PostgreSQL 18). */
function columnOf(fact: SetNotNull | AddConstraint): string | undefined {
  if (fact.kind === 'set-not-null') return fact.column
  return fact.constraint.type === 'not-null' && fact.constraint.valid ? fact.constraint.column : undefined
}

/** A proof that the same ALTER TABLE takes away: the check, or a column that takes the check with it. */
interface LostProof {
  readonly kind: 'constraint' | 'column'
  readonly dropped: string
}

function lostProof(
  table: Table,
  column: string,
  fact: SetNotNull | AddConstraint,
  context: RuleContext,
): LostProof | undefined {
  const proofs = checksThatProve(table, column).filter(({ valid, enforced }) => valid && enforced)
  for (const other of context.facts) {
    if (other === fact) continue
    if (other.kind === 'drop-constraint' && proofs.some(({ name }) => name === other.constraint))
      return { kind: 'constraint', dropped: other.constraint }
    if (other.kind === 'drop-column' && proofs.some(({ expression }) => expression.columns.includes(other.column)))
      return { kind: 'column', dropped: other.column }
  }
  return undefined
}

function checksThatProve(table: Table, column: string): readonly (CheckConstraint & { readonly name: string })[] {
  return [...table.constraints.values()].flatMap((constraint) =>
    constraint.type === 'check' && constraint.expression.provesNotNull.includes(column) ? [constraint] : [],
  )
}

function insteadOfLoss(table: string, column: string, { kind, dropped }: LostProof): string {
  return `alter table ${table} alter column ${quoteName(column)} set not null;\nalter table ${table} drop ${kind} ${quoteName(dropped)};`
}

function insteadOf(tableName: Name, column: string, table: Table | undefined): string {
  const name = nameText(tableName)
  const waiting = unvalidated(table, column)
  if (waiting?.type === 'not-null')
    return `-- in a migration of its own; the column is NOT NULL then:\nalter table ${name} validate constraint ${quoteName(waiting.name)};`
  const check = quoteName(waiting?.name ?? constraintName(tableName, [column], 'not_null'))
  const add = `alter table ${name} add constraint ${check} check (${quoteName(column)} is not null) not valid;\n-- in the next migration:\n`
  return [
    `${waiting === undefined ? add : ''}alter table ${name} validate constraint ${check};`,
    '-- and in the one after that:',
    `alter table ${name} alter column ${quoteName(column)} set not null;`,
    `alter table ${name} drop constraint ${check};`,
  ].join('\n')
}

/** What only has to be validated: a NOT NULL of the column, or a check that would prove it. */
function unvalidated(table: Table | undefined, column: string): Constraint | undefined {
  if (table === undefined) return undefined
  const own = [...table.constraints.values()].find(
    (constraint) => constraint.type === 'not-null' && constraint.column === column && !constraint.valid,
  )
  return own ?? checksThatProve(table, column).find(({ valid }) => !valid)
}
