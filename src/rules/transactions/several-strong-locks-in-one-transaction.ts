import { listOf } from '../../core/text.ts'
import type { Effect } from '../../model/effect.ts'
import type { Fact } from '../../model/fact.ts'
import { blocksReads, blocksWrites } from '../../model/lock.ts'
import { lockingKinds } from '../locking-kinds.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName, shortName } from '../same-name.ts'

export const severalStrongLocksInOneTransaction: Rule = defineRule({
  id: 'several-strong-locks-in-one-transaction',
  summary:
    'One transaction locks several tables against writes: all of them wait for the slowest, and deadlocks become likely.',
  severity: 'warning',
  hazards: ['blocks-reads', 'blocks-writes', 'fails'],
  looksAt: lockingKinds,
  sources: [
    'online_migrations:multiple_foreign_keys',
    'eugene:E4',
    'pgfence:wide-lock-window',
    'postgres-language-server:avoidWideLockWindow',
    'migrationpilot:MP008',
    'online_migrations:drop_table_multiple_foreign_keys',
  ],
  why: `Every lock is kept until the commit. While the second table's lock is waited for, the first one is held, and all that the application does on the first table queues up; a session that holds the tables in the other order is in a deadlock with the migration, and the server kills one of them (SQLSTATE 40P01). One table a transaction makes each wait short and lets a failed attempt be repeated alone. A single statement that needs two tables, such as a foreign key, cannot be split and is not reported; nor does a table count that the same transaction drops, because nobody may use it any more.`,
  examples: [
    {
      given:
        'create table authors (id int primary key, name text);\ncreate table books (id int primary key, title text);',
      bad: 'alter table authors add column tenant_id int;\nalter table books add column tenant_id int;',
      good: ['alter table authors add column tenant_id int;', 'alter table books add column tenant_id int;'],
    },
    {
      given: `create table authors (id int primary key, name text);
create table books (id int primary key, author_id int);
create index books_author_id_idx on books (author_id);
create table shelves (id int primary key, label text);`,
      bad: `alter table books add foreign key (author_id) references authors not valid;
alter table shelves add column floor int;`,
      good: [
        'alter table books add constraint books_author_id_fkey foreign key (author_id) references authors not valid;',
        `alter table shelves add column floor int;
alter table shelves alter column label set default '';
create table rooms (id bigint primary key, shelf_id int references shelves (id));
alter table rooms add column name text;
create index rooms_shelf_id_idx on rooms (shelf_id);`,
      ],
    },
  ],
  *check(fact, context) {
    const counts = (effect: Effect): boolean => isStrong(effect) && !isDroppedHere(effect, context)
    const locked = context.effects.filter(counts)
    if (locked.length === 0) return
    if (!context.transaction.open || isRepeated(fact, context)) return
    const held = context.transaction.locks.filter(counts)
    const added = locked.filter((effect) => !held.some((other) => sameName(context.schema, other.table, effect.table)))
    if (held.length === 0 || added.length === 0) return
    yield {
      at: fact.span,
      message: `While this waits for its lock on ${tablesOf(added, context)}, ${held.some((effect) => blocksReads(effect.lock)) ? 'reads and writes' : 'writes'} of ${tablesOf(held, context)} wait as well, because an earlier statement of the same transaction has locked ${held.length === 1 ? 'it' : 'them'}.`,
      instead: `-- in a migration of its own:\n${context.statement.sql};`,
    }
  },
})

function isStrong(effect: Effect): boolean {
  return blocksWrites(effect.lock)
}

/** Who still uses a table that goes in the same transaction gets an error instead of waiting. */
function isDroppedHere(effect: Effect, context: RuleContext): boolean {
  return context.statements.some((statement) =>
    statement.facts.some((fact) => fact.kind === 'drop-table' && sameName(context.schema, fact.table, effect.table)),
  )
}

/** A further action of one ALTER TABLE on the same table: its first action was looked at already. */
function isRepeated(fact: Fact, context: RuleContext): boolean {
  const first = context.facts[0]
  if (first === undefined || first === fact) return false
  const table = 'table' in first ? first.table : undefined
  if (table === undefined) return false
  return context.effects.every((effect) => sameName(context.schema, effect.table, table))
}

/** At most three names. */
function tablesOf(effects: readonly Effect[], context: RuleContext): string {
  const names = effects.map((effect) => shortName(context.schema, effect.table))
  return names.length > 3 ? listOf([...names.slice(0, 3), `${names.length - 3} more`]) : listOf(names)
}
