import type { AddColumn, AddConstraint, AlterDomain, ValidateConstraint } from '../../model/fact.ts'
import { blocksWrites } from '../../model/lock.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { addThenValidate, checkSql, constraintName, constraintsOf } from '../constraint-sql.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const addCheckValidated: Rule = defineRule({
  id: 'add-check-validated',
  summary:
    'Adding a CHECK reads the whole table while reads and writes wait, unless it is added NOT VALID and validated later.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
  looksAt: ['add-constraint', 'add-column', 'validate-constraint', 'alter-domain'],
  sources: [
    'squawk:constraint-missing-not-valid',
    'strong_migrations:add_check_constraint',
    'online_migrations:add_check_constraint',
    'eugene:E1',
    'pgfence:add-constraint-check-no-not-valid',
    'atlas:PG305',
    'postgres-language-server:constraintMissingNotValid',
    'pgsafe:add-check-without-not-valid',
  ],
  why: `ADD CONSTRAINT … CHECK takes ACCESS EXCLUSIVE and tests each row before it lets go; a CHECK written inside ADD COLUMN does the same, although the new column is empty. NOT VALID leaves the old rows alone, and VALIDATE CONSTRAINT in a later transaction tests them under SHARE UPDATE EXCLUSIVE, which lets reads and writes through. In the same transaction the first lock is still held while the rows are tested. A constraint that is added to a domain is tested in every table that uses it.`,
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
  ],
  *check(fact, context) {
    if (fact.kind === 'alter-domain') yield* onDomain(fact, context)
    else if (isPrivate(fact.table, context)) return
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

/** VALIDATE is harmless by itself, but not in a transaction that blocks writes to the table already. */
function* validatedTooEarly(fact: ValidateConstraint, context: RuleContext): Iterable<RuleFinding> {
  if (context.table(fact.table)?.constraints.get(fact.constraint)?.type === 'foreign-key') return
  if (!context.effects.some((effect) => effect.scans)) return
  const held = context.transaction.locks.find(
    (effect) => blocksWrites(effect.lock) && sameName(context.schema, fact.table, effect.table),
  )
  if (held === undefined) return
  const waiting = held.lock === 'ACCESS EXCLUSIVE' ? 'reads and writes' : 'writes'
  yield {
    at: fact.span,
    message: `Every row of ${nameText(fact.table)} is tested while this transaction still holds the lock of an earlier statement, and all ${waiting} of the table wait.`,
    instead: `-- in the next migration:\nalter table ${nameText(fact.table)} validate constraint ${quoteName(fact.constraint)};`,
  }
}

function* onDomain(fact: AlterDomain, context: RuleContext): Iterable<RuleFinding> {
  const testsRows =
    fact.action === 'set-not-null' || (fact.action === 'add-constraint' && fact.constraint?.valid !== false)
  if (!testsRows || isNewDomain(fact, context)) return
  const tables = usersOf(fact, context)
  // A history that is known to the end and in which nothing uses the domain leaves nothing to test.
  if (tables.length === 0 && context.schema.complete && context.schema.domain(fact.domain) !== undefined) return
  const domain = nameText(fact.domain)
  yield {
    at: fact.span,
    message: `Every row of every table that uses the domain ${domain}${tables.length === 0 ? '' : ` (${tables.join(', ')})`} is tested while writes to these tables wait.`,
    instead:
      fact.constraint?.type === 'check'
        ? `alter domain ${domain} add constraint ${quoteName(fact.constraint.name ?? `${fact.domain.name}_check`)} ${checkSql(fact.constraint)} not valid;`
        : `alter domain ${domain} add constraint ${quoteName(`${fact.domain.name}_not_null`)} check (value is not null) not valid;`,
  }
}

function isNewDomain(fact: AlterDomain, context: RuleContext): boolean {
  return context.statements.some((statement) =>
    statement.facts.some(
      (other) => other.kind === 'create-domain' && sameName(context.schema, other.domain, fact.domain),
    ),
  )
}

function usersOf(fact: AlterDomain, context: RuleContext): readonly string[] {
  const uses = (name: string, schema: string | undefined): boolean =>
    name === fact.domain.name &&
    (schema === undefined || fact.domain.schema === undefined || schema === fact.domain.schema)
  return context.schema
    .tables()
    .filter((table) => [...table.columns.values()].some((column) => uses(column.type.name, column.type.schema)))
    .map((table) => shortName(context.schema, table.name))
}
