import { listOf } from '../../core/text.ts'
import type { ForeignKeyConstraint } from '../../model/constraint.ts'
import type { AddColumn, AddConstraint, AlterConstraint, ValidateConstraint } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { addThenValidate, constraintName, constraintsOf, foreignKeySql } from '../constraint-sql.ts'
import { columnText } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'
import { heldValidation } from '../validation.ts'

export const addForeignKeyValidated: Rule = defineRule({
  id: 'add-foreign-key-validated',
  summary: 'Adding a foreign key checks every row while writes to both tables wait, the referenced one included.',
  severity: 'error',
  hazards: ['blocks-writes', 'scans-table'],
  looksAt: ['add-constraint', 'add-column', 'validate-constraint', 'alter-constraint'],
  sources: [
    'squawk:adding-foreign-key-constraint',
    'strong_migrations:add_foreign_key',
    'online_migrations:add_foreign_key',
    'eugene:E1',
    'pgfence:add-constraint-fk-no-not-valid',
    'atlas:PG306',
    'postgres-language-server:addingForeignKeyConstraint',
    'squawk:constraint-missing-not-valid',
    'postgres-language-server:constraintMissingNotValid',
    'online_migrations:add_reference',
    'strong_migrations:add_reference',
    'eugene:E4',
    'pgfence:add-column-inline-foreign-key',
    'pgfence:not-valid-validate-same-tx',
    'postgres-language-server:requireSeparateConstraintValidation',
    'safe-pg-migrations:add_foreign_key',
    'pg-schema-diff:ACQUIRES_SHARE_ROW_EXCLUSIVE_LOCK',
    'migrationpilot:MP005',
    'migrationpilot:MP008',
    'migrationpilot:MP069',
  ],
  why: `ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on the table and on the table that it references, since both get triggers, and then looks up each row's key before it lets go: the busy parent stands still for as long as the child takes. With NOT VALID only the triggers are added, in an instant; VALIDATE CONSTRAINT checks the old rows later under locks that let reads and writes through. That holds only when the two are in different transactions, because locks are kept until the commit. A new column without a default has nothing to check, and a table made in the same migration has no rows.`,
  examples: [
    {
      given: `create table authors (id int primary key, name text);
create table books (id int primary key, author_id int);
create index books_author_id_idx on books (author_id);`,
      bad: 'alter table books add constraint books_author_id_fkey foreign key (author_id) references authors (id);',
      good: [
        'alter table books add constraint books_author_id_fkey foreign key (author_id) references authors (id) not valid;',
        'alter table books validate constraint books_author_id_fkey;',
      ],
    },
    {
      given: `create table authors (id int primary key, name text);
create table books (id int primary key, author_id int);
create index books_author_id_idx on books (author_id);`,
      bad: `alter table books add foreign key (author_id) references authors not valid;
alter table books validate constraint books_author_id_fkey;`,
      good: [
        `create table editions (id bigint primary key, author_id int unique references authors (id));`,
        'alter table books add column editor_id int references authors (id);',
        `create table prizes (id bigint primary key, author_id int);
alter table prizes add foreign key (author_id) references authors (id);
create index prizes_author_id_idx on prizes (author_id);`,
      ],
    },
    {
      given: `create table authors (id int primary key, name text);
create table books (id int primary key, title text);`,
      bad: 'alter table books add column author_id int default 1 references authors (id) on delete set null;',
      good: [
        'alter table books add column author_id int default 1;',
        `-- migrate:up transaction:false
create index concurrently books_author_id_idx on books (author_id);

-- migrate:down none because the index is only for speed`,
        'alter table books add constraint books_author_id_fkey foreign key (author_id) references authors (id) on delete set null not valid;',
        'alter table books validate constraint books_author_id_fkey;',
      ],
    },
  ],
  *check(fact, context) {
    if (isPrivate(fact.table, context)) return
    if (fact.kind === 'add-constraint') yield* added(fact, context)
    else if (fact.kind === 'add-column') yield* addedInline(fact)
    else if (fact.kind === 'alter-constraint') yield* enforced(fact, context)
    else yield* validatedTooEarly(fact, context)
  },
})

function* added(fact: AddConstraint, context: RuleContext): Iterable<RuleFinding> {
  const { constraint } = fact
  if (constraint.type !== 'foreign-key' || !constraint.valid || !constraint.enforced) return
  const name = constraintName(fact.table, constraint.columns, 'fkey', constraint.name)
  const definition = foreignKeySql(constraint, constraint.columns)
  // Up to PostgreSQL 17 a partitioned table accepts no foreign key that is NOT VALID; its partitions do.
  const partitions = context.target < 18 ? (context.table(fact.table)?.partitions ?? []) : []
  yield {
    at: fact.span,
    message: blocking(fact.table, constraint, context),
    instead:
      partitions.length === 0
        ? addThenValidate(fact.table, name, definition)
        : `-- on each partition, and on the parent when all of them have it:\n${addThenValidate(partitions[0] ?? fact.table, name, definition)}`,
  }
}

function blocking(table: Name, constraint: ForeignKeyConstraint, context: RuleContext): string {
  const own = nameText(table)
  if (sameName(context.schema, table, constraint.references)) {
    return `Every write to ${own} waits while all of its rows are checked against itself.`
  }
  return `Every write to ${own} and also to ${nameText(constraint.references)}, which it references, waits while all rows of ${own} are checked.`
}

function* addedInline(fact: AddColumn): Iterable<RuleFinding> {
  const { column } = fact
  const filled = (column.default !== undefined && !column.default.isNull) || column.identity !== undefined
  if (!filled && column.generated === undefined) return
  for (const constraint of constraintsOf(column.constraints, 'foreign-key')) {
    if (!constraint.valid || !constraint.enforced) continue
    const own = nameText(fact.table)
    const name = constraintName(fact.table, [column.name], 'fkey', constraint.name)
    yield {
      at: constraint.span,
      message: `${columnText(fact.table, column.name)} has a value in every row, so all of ${own} is checked against ${nameText(constraint.references)} while reads and writes of ${own} and writes to ${nameText(constraint.references)} wait.`,
      instead: `-- add the column without REFERENCES, then in migrations of their own:\n${addThenValidate(fact.table, name, foreignKeySql(constraint, [column.name]))}`,
    }
  }
}

/** `ALTER CONSTRAINT … ENFORCED` (PostgreSQL 18) checks every row as adding it would. */
function* enforced(fact: AlterConstraint, context: RuleContext): Iterable<RuleFinding> {
  if (fact.enforced !== true) return
  const constraint = context.table(fact.table)?.constraints.get(fact.constraint)
  if (constraint !== undefined && constraint.type !== 'foreign-key') return
  const other =
    constraint === undefined ? 'the table that it references' : shortName(context.schema, constraint.references)
  yield {
    at: fact.span,
    message: `Enforcing ${quoteName(fact.constraint)} checks all rows of ${nameText(fact.table)} while reads and writes of it and writes to ${other} wait.`,
    instead: `-- add it again NOT VALID under another name, and validate that one in the next migration`,
  }
}

function* validatedTooEarly(fact: ValidateConstraint, context: RuleContext): Iterable<RuleFinding> {
  const validation = heldValidation(fact, context)
  if (validation?.constraint?.type !== 'foreign-key' || !validation.addedInTransaction) return
  const tables = listOf(validation.held.map((effect) => shortName(context.schema, effect.table)))
  yield {
    at: fact.span,
    message: `All rows of ${nameText(fact.table)} are checked while this transaction still holds the lock of the statement that added the key and that makes writes to ${tables} wait.`,
    instead: `-- in the next migration:\nalter table ${nameText(fact.table)} validate constraint ${quoteName(fact.constraint)};`,
    ...(validation.addedInStatement ? {} : { fix: { kind: 'next-migration' } as const }),
  }
}
