import type { Span } from '../../core/span.ts'
import type { Fact } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { defineRule, nothing } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { sameName } from '../same-name.ts'

/** Kinds that the server refuses on a table whose rows still wait for a trigger. */
const looksAt = [
  'add-column',
  'drop-column',
  'rename-column',
  'set-column-type',
  'set-not-null',
  'drop-not-null',
  'set-default',
  'drop-default',
  'add-constraint',
  'drop-constraint',
  'validate-constraint',
  'create-index',
  'drop-table',
  'truncate',
] as const

export const pendingTriggerEvents: Rule = defineRule({
  id: 'pending-trigger-events',
  summary: 'A table is changed while checks of its changed rows wait for the commit, so the statement fails.',
  severity: 'error',
  hazards: ['fails'],
  looksAt,
  sources: ['lockstep:pending-trigger-events'],
  why: `A constraint that is deferred is checked when the transaction commits: until then each changed row waits in a queue, for a foreign key in those of both tables. The server refuses to alter, truncate, drop or index a table with rows in that queue (SQLSTATE 55006), since it could not run the check on a table of another shape. On an empty test database nothing is in the queue and the migration passes. SET CONSTRAINTS ALL IMMEDIATE runs the checks there and then.`,
  examples: [
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint references authors (id) deferrable initially deferred);`,
      bad: `insert into books (id, author_id) select 5000, id from authors limit 1;
alter table books add column isbn text;`,
      good: [
        'insert into books (id, author_id) select 5000, id from authors limit 1;',
        'alter table books add column isbn text;',
      ],
      fails: '55006',
    },
    {
      given: `create table authors (id bigint primary key, name text);
create table books (id bigint primary key, author_id bigint references authors (id) deferrable);`,
      bad: `set constraints all deferred;
insert into books values (5000, null), (5001, (select min(id) from authors));
alter table books drop column author_id;`,
      good: `set constraints all deferred;
insert into authors (id, name) values (5000, 'Kafka');
set constraints all immediate;
alter table books alter column author_id set default 5000;`,
      fails: '55006',
    },
  ],
  check(fact, context) {
    const { open, earlier } = context.transaction
    // Most transactions change no rows, and what refers to a table is asked for often.
    if (!open || !earlier.some((one) => changedBy(one) !== undefined)) return nothing
    return refused(fact.kind === 'truncate' ? fact.tables : [fact.table], fact.span, context)
  },
})

function* refused(tables: readonly Name[], at: Span, context: RuleContext): Iterable<RuleFinding> {
  for (const table of tables) {
    if (pendingChange(table, context) === undefined) continue
    yield {
      at,
      message: `Rows of ${nameText(table)} that this transaction changed still wait for a deferred check, so the server refuses this statement.`,
      instead: `set constraints all immediate;\n${context.statement.sql};`,
      fix: { kind: 'next-migration' },
    }
    return
  }
}

/** A change of this transaction whose deferred check has not run. */
function pendingChange(table: Name, context: RuleContext): Fact | undefined {
  if (!context.transaction.earlier.some((fact) => isChangeOf(fact, table, context))) return undefined
  const modes = checksOf(table, context)
  if (modes.length === 0) return undefined
  let deferred = modes.includes('deferred')
  let pending: Fact | undefined
  for (const fact of context.transaction.earlier) {
    if (fact.kind === 'other-statement' && fact.constraints !== undefined) {
      // As if it named all constraints.
      deferred = fact.constraints === 'deferred'
      if (!deferred) pending = undefined
    } else if (deferred && isChangeOf(fact, table, context)) pending = fact
  }
  return pending
}

/** How the checks that changes of a table's rows wait for begin a transaction; empty where none can wait. */
function checksOf(name: Name, { schema }: RuleContext): readonly ('deferred' | 'immediate')[] {
  const table = schema.table(name)
  if (table === undefined) return []
  const constraints = [
    ...[...table.constraints.values()].filter(({ type }) => type === 'foreign-key'),
    ...schema.foreignKeysTo(name).map(({ constraint }) => constraint),
  ]
  return constraints
    .filter(({ deferrable }) => deferrable)
    .map(({ initiallyDeferred }) => (initiallyDeferred === true ? 'deferred' : 'immediate'))
}

function isChangeOf(fact: Fact, table: Name, { schema }: RuleContext): boolean {
  const changed = changedBy(fact)
  return changed !== undefined && sameName(schema, changed, table)
}

/** The table whose rows a fact changes. */
function changedBy(fact: Fact): Name | undefined {
  switch (fact.kind) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return fact.table
    case 'copy':
      return fact.direction === 'from' ? fact.table : undefined
    default:
      return undefined
  }
}
