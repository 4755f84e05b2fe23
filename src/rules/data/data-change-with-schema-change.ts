import { listOf } from '../../core/text.ts'
import type { Copy, Delete, Fact, Insert, Merge, Update } from '../../model/fact.ts'
import { blocksReads, blocksWrites } from '../../model/lock.ts'
import { nameText } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { backfillFile } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

type DataChange = Update | Delete | Insert | Merge | Copy

export const dataChangeWithSchemaChange: Rule = defineRule({
  id: 'data-change-with-schema-change',
  summary: 'Changing data in the transaction that changed a table keeps that table locked until all rows are done.',
  severity: 'error',
  hazards: ['blocks-reads', 'blocks-writes'],
  looksAt: ['update', 'delete', 'insert', 'merge', 'copy'],
  sources: [
    'eugene:E4',
    'pgfence:statement-after-access-exclusive',
    'postgres-language-server:runningStatementWhileHoldingAccessExclusive',
    'strong_migrations:backfilling',
    'migrationpilot:MP080',
  ],
  why: `A lock is kept until its transaction ends. ALTER TABLE alone holds ACCESS EXCLUSIVE for an instant, but with an UPDATE after it in the same transaction it holds it for as long as the UPDATE runs, and nobody can even read the table. The other way round, data first and ALTER TABLE after it, the schema change waits for other sessions while the changed rows are locked, and it fails when triggers of these rows are still to fire (SQLSTATE 55006). INSERT … VALUES is short and not reported. Whether a WHERE leaves few rows is not known; such a statement counts as a warning.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: `alter table books add column language text;
update books set language = 'en' where language is null;`,
      good: [
        'alter table books add column language text;',
        `-- migrate:phase backfill

-- migrate:up
-- migrate:backfill table:books key:id
update books set language = 'en' where language is null;

-- migrate:down none because the values go with the column`,
      ],
    },
    {
      given:
        'create table books (id int primary key, title text);\ncreate table authors (id int primary key, name text);',
      bad: `alter table books add column author text;
insert into authors (id, name) select id + 1000, title from books;`,
      good: `create table genres (id bigint primary key, name text);
insert into genres values (1, 'Poetry'), (2, 'Drama');
alter table books add column genre_id int;
insert into genres values (3, 'Essay');`,
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: `update books set title = trim(title) where title <> trim(title);
alter table books add column language text;`,
      good: [`update books set title = 'Emma' where title = ' Emma';`, 'alter table books add column language text;'],
    },
  ],
  *check(fact, context) {
    if (!context.transaction.open || !isManyRows(fact)) return
    if (yield* underLock(fact, context)) return
    yield* beforeChange(fact, context)
  },
})

function isManyRows(fact: DataChange): boolean {
  if (fact.kind === 'insert') return fact.source === 'select'
  return fact.kind !== 'copy' || fact.direction === 'from'
}

/** An earlier statement of the transaction locked a table; true when that was reported. */
function* underLock(fact: DataChange, context: RuleContext): Generator<RuleFinding, boolean> {
  const held = context.transaction.locks.filter((effect) => blocksWrites(effect.lock))
  if (held.length === 0) return false
  const reads = held.some((effect) => blocksReads(effect.lock))
  const unlimited = !('where' in fact) || fact.where !== 'condition'
  yield {
    at: fact.span,
    severity: reads && unlimited ? 'error' : 'warning',
    message: `${reads ? 'Reads and writes' : 'Writes'} of ${listOf(held.map((effect) => shortName(context.schema, effect.table)))} wait until this data change is done, because an earlier statement of the same transaction locked ${held.length === 1 ? 'it' : 'them'}.`,
    instead:
      fact.kind === 'update' || fact.kind === 'delete'
        ? `-- in the next migration:\n${backfillFile(fact.table, context.statement.sql, context)}`
        : `-- in the next migration:\n${context.statement.sql};`,
    fix: { kind: 'own-migration' },
  }
  return true
}

/** A later statement of the transaction changes the table whose rows were just changed. */
function* beforeChange(fact: DataChange, context: RuleContext): Iterable<RuleFinding> {
  const table = fact.table
  if (table === undefined || isPrivate(table, context)) return
  const change = changeAfter(table, context)
  if (change === undefined) return
  yield {
    at: fact.span,
    severity: 'warning',
    message: `The rows of ${nameText(table)} that this changes stay locked while a later statement of the same transaction waits to change the table, and that one fails when their triggers are still to fire.`,
    instead: `-- in a migration of its own, before the one that changes ${nameText(table)}:\n${context.statement.sql};`,
    fix: { kind: 'own-migration' },
  }
}

/** Kinds that take a lock against writes on the table that they name. */
const changes = new Set<Fact['kind']>([
  'add-column',
  'drop-column',
  'rename-column',
  'rename-table',
  'set-column-type',
  'set-not-null',
  'drop-not-null',
  'set-default',
  'drop-default',
  'change-identity',
  'change-generated',
  'add-constraint',
  'drop-constraint',
  'create-index',
  'create-trigger',
  'drop-table',
])

function changeAfter(table: Name, context: RuleContext): Fact | undefined {
  for (const fact of context.later) {
    if (fact.kind === 'transaction' && (fact.action === 'commit' || fact.action === 'rollback')) return undefined
    if (!changes.has(fact.kind) || !('table' in fact) || fact.table === undefined) continue
    if (sameName(context.schema, fact.table, table)) return fact
  }
  return undefined
}
