import { remembered } from '../../core/remembered.ts'
import { listOf } from '../../core/text.ts'
import type { Effect } from '../../model/effect.ts'
import { blocksReads, blocksWrites } from '../../model/lock.ts'
import type { Name } from '../../model/name.ts'
import type { Statement } from '../../model/statement.ts'
import { lockingKinds } from '../locking-kinds.ts'
import { defineRule } from '../rule.ts'
import type { HeldLock, Rule, RuleContext } from '../rule.ts'
import { sameName, shortName } from '../same-name.ts'

export const severalStrongLocksInOneTransaction: Rule = defineRule({
  id: 'several-strong-locks-in-one-transaction',
  summary:
    'One transaction locks several tables against writes: all of them wait for the slowest, and deadlocks become likely.',
  severity: 'warning',
  direction: 'up',
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
  *check(_fact, context) {
    const counts = (effect: Effect): boolean => isStrong(effect) && !isDroppedHere(effect, context)
    if (!context.transaction.open || !context.effects.some(isStrong)) return
    const locked = context.effects.filter(counts)
    if (locked.length === 0) return
    const held = context.transaction.locks.filter(counts)
    const isHeld = (effect: Effect): boolean =>
      held.some((other) => sameName(context.schema, other.table, effect.table))
    if (held.length === 0 || locked.every(isHeld) || isReported(held, context)) return
    const reads = held.some((effect) => blocksReads(effect.lock)) ? 'reads and writes' : 'writes'
    yield {
      at: context.statement.span,
      message: () =>
        `The transaction locks ${inOrder(context.transaction.locks.filter(counts), context)}, each until it ends: while it waits for one of them, as here for ${tablesOf(
          locked.filter((effect) => !isHeld(effect)),
          context,
        )}, ${reads} of ${tablesOf(held, context)} wait as well.`,
      instead: `-- one table a migration; in one of its own:\n${context.statement.sql};`,
    }
  },
})

const kinds: ReadonlySet<string> = new Set(lockingKinds)

/** An earlier statement has waited while another one's lock was held, and was reported for the whole transaction. */
function isReported(held: readonly HeldLock[], context: RuleContext): boolean {
  return held.some(({ since }) => {
    if (since.start === held[0]?.since.start) return false
    const taker = context.statements.find(({ span }) => span.start === since.start)
    return taker?.facts.some(({ kind }) => kinds.has(kind)) === true
  })
}

function isStrong(effect: Effect): boolean {
  return blocksWrites(effect.lock)
}

/** Who still uses a table that goes in the same transaction gets an error instead of waiting. */
function isDroppedHere(effect: Effect, context: RuleContext): boolean {
  return droppedIn(context.statements).some((table) => sameName(context.schema, table, effect.table))
}

/** Each lock of each statement of a section asks. */
const droppedIn = remembered((statements: readonly Statement[]): readonly Name[] => {
  const facts = statements.flatMap((statement) => statement.facts)
  return facts.flatMap((fact) => (fact.kind === 'drop-table' ? [fact.table] : []))
})

/** `authors and books, then shelves`: what one statement locks stands together. */
function inOrder(locks: readonly HeldLock[], context: RuleContext): string {
  const steps = new Map<number, HeldLock[]>()
  for (const lock of locks) steps.set(lock.since.start, [...(steps.get(lock.since.start) ?? []), lock])
  return [...steps.values()].map((step) => tablesOf(step, context)).join(', then ')
}

function tablesOf(effects: readonly Effect[], context: RuleContext): string {
  return listOf(effects.map((effect) => shortName(context.schema, effect.table)))
}
