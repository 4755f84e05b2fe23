import type { AddColumn, AddConstraint, ValidateConstraint } from '../../model/fact.ts'
import { blocksReads } from '../../model/lock.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { addThenValidate, checkSql, constraintName, constraintsOf } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { isPrivate } from '../same-name.ts'
import { heldValidation } from '../validation.ts'

export const addCheckValidated: Rule = defineRule({
  id: 'add-check-validated',
  summary:
    'Adding a CHECK reads the whole table while reads and writes wait, unless it is added NOT VALID and validated later.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['add-constraint', 'add-column', 'validate-constraint'],
  sources: [
    'squawk:constraint-missing-not-valid',
    'strong_migrations:add_check_constraint',
    'online_migrations:add_check_constraint',
    'eugene:E1',
    'pgfence:add-constraint-check-no-not-valid',
    'atlas:PG305',
    'postgres-language-server:constraintMissingNotValid',
    'pgsafe:add-check-without-not-valid',
    'eugene:E4',
    'pgfence:not-valid-validate-same-tx',
    'postgres-language-server:requireSeparateConstraintValidation',
    'safe-pg-migrations:add_check_constraint',
    'pg-schema-diff:ACQUIRES_ACCESS_EXCLUSIVE_LOCK',
    'migrationpilot:MP030',
    'migrationpilot:MP008',
  ],
  why: `ADD CONSTRAINT … CHECK takes ACCESS EXCLUSIVE and tests each row before it lets go; a CHECK written inside ADD COLUMN does the same, although the new column is empty. NOT VALID leaves the old rows alone, and VALIDATE CONSTRAINT in a later transaction tests them under SHARE UPDATE EXCLUSIVE, which lets reads and writes through. In the same transaction the first lock is still held while the rows are tested.`,
  examples: [
    {
      given: 'create table books (id int primary key, price int);',
      bad: 'alter table books add constraint books_price_check check (price > 0);',
      good: [
        'alter table books add constraint books_price_check check (price > 0) not valid;',
        'alter table books validate constraint books_price_check;',
      ],
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'alter table books add column price int check (price > 0);',
      good: [
        'alter table books add column price int;',
        'alter table books add constraint books_price_check check (price > 0) not valid;',
        'alter table books validate constraint books_price_check;',
        'create table offers (id bigint primary key, price int check (price > 0));\nalter table offers add column rebate int check (rebate < 100);\nalter table offers add check (rebate < price);',
      ],
    },
    {
      given: 'create table books (id int primary key, price int);',
      bad: `alter table books add constraint books_price_check check (price > 0) not valid;
alter table books validate constraint books_price_check;`,
      good: [
        'alter table books add constraint books_price_check check (price > 0) not valid;',
        'alter table books validate constraint books_price_check;',
      ],
    },
    {
      given: 'create table books (id int primary key, price int);',
      bad: 'alter table books add constraint priced check (price > 0) not valid, validate constraint priced;',
      good: [
        'alter table books add constraint priced check (price > 0) not valid;',
        'alter table books validate constraint priced;',
      ],
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context)) return
    else if (fact.kind === 'add-constraint') yield* added(fact)
    else if (fact.kind === 'add-column') yield* addedInline(fact)
    else yield* validatedTooEarly(fact, context)
  },
})

function* added(fact: AddConstraint): Iterable<RuleFinding> {
  const { constraint } = fact
  if (constraint.type !== 'check' || !constraint.valid || !constraint.enforced) return
  const name = constraintName(fact.table, constraint.expression.columns.slice(0, 1), 'check', constraint.name)
  yield {
    at: fact.span,
    message: `Every row of ${nameText(fact.table)} is tested for ${constraint.expression.sql} while all reads and writes of the table wait.`,
    instead: addThenValidate(fact.table, name, checkSql(constraint)),
  }
}

function* addedInline(fact: AddColumn): Iterable<RuleFinding> {
  for (const constraint of constraintsOf(fact.column.constraints, 'check')) {
    if (!constraint.enforced) continue
    const name = constraintName(fact.table, [fact.column.name], 'check', constraint.name)
    yield {
      at: constraint.span,
      message: `A CHECK inside ADD COLUMN is tested in every row of ${nameText(fact.table)} while all reads and writes of the table wait.`,
      instead: [
        `alter table ${nameText(fact.table)} add column ${quoteName(fact.column.name)} ${fact.column.type.sql};`,
        addThenValidate(fact.table, name, checkSql(constraint)),
      ].join('\n'),
    }
  }
}

function* validatedTooEarly(fact: ValidateConstraint, context: RuleContext): Iterable<RuleFinding> {
  const validation = heldValidation(fact, context)
  if (validation?.constraint?.type === 'foreign-key' || validation?.addedInTransaction !== true) return
  const waiting = validation.held.some(({ lock }) => blocksReads(lock)) ? 'reads and writes' : 'writes'
  yield {
    at: fact.span,
    message: `Every row of ${nameText(fact.table)} is tested while this transaction still holds the lock of the statement that added the constraint, and all ${waiting} of the table wait.`,
    instead: `-- in the next migration:\nalter table ${nameText(fact.table)} validate constraint ${quoteName(fact.constraint)};`,
    ...(validation.addedInStatement ? {} : { fix: { kind: 'next-migration' } as const }),
  }
}
