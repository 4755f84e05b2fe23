import type { CreateTable, Fact } from '../../model/fact.ts'
import { nameText } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import { broughtOf } from '../brought-constraints.ts'
import { laterOnTable } from '../later-migrations.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { sameName } from '../same-name.ts'

export const createTableWithoutPrimaryKey: Rule = defineRule({
  id: 'create-table-without-primary-key',
  summary:
    'A table without a primary key cannot be updated through logical replication, and its rows cannot be told apart.',
  severity: 'warning',
  preset: 'strict',
  hazards: ['fails'],
  looksAt: ['create-table'],
  sources: ['migrationpilot:MP045', 'pgsafe:create-table-without-primary-key'],
  why: `Logical replication, and with it most upgrades without downtime and change-data feeds, finds the row to update by the primary key: without one the publisher refuses UPDATE and DELETE with SQLSTATE 55000. Batched backfills have nothing to go along, and of two equal rows neither can be deleted alone. A key that this migration or a later one adds counts, as does REPLICA IDENTITY FULL or USING INDEX; partitions, temporary and unlogged tables and tables made LIKE another one are not judged.`,
  examples: [
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create table readings (book_id bigint, read_at timestamptz);',
      good: 'create table readings (id bigint generated always as identity primary key, book_id bigint, read_at timestamptz);',
    },
    {
      given: 'create table books (id bigint primary key, title text);',
      bad: 'create table readings (book_id bigint not null unique, read_at timestamptz);',
      good: `create table readings (book_id bigint, read_at timestamptz);
alter table readings add primary key (book_id, read_at);
create temporary table scratch (n int);
create table events (happened_at timestamptz, what text);
alter table events replica identity full;`,
    },
  ],
  *check(fact, context) {
    if (
      fact.temporary ||
      fact.server !== undefined ||
      fact.unlogged ||
      fact.partitionOf !== undefined ||
      fact.like.length > 0
    )
      return
    if (fact.ifNotExists && context.table(fact.table) !== undefined) return
    if (broughtOf(fact, 'primary-key').length > 0 || getsIdentity(fact, context)) return
    yield {
      at: fact.span,
      message: `${nameText(fact.table)} has no primary key: through logical replication its rows cannot be updated or deleted, and of two equal rows neither can be named.`,
      instead: `alter table ${nameText(fact.table)} add column id bigint generated always as identity primary key;`,
    }
  },
})

/** Whether what follows, here or in a later file, gives its rows an identity, or shows that the table does not stay. */
function getsIdentity(fact: CreateTable, context: RuleContext): boolean {
  const names: Name[] = [fact.table]
  for (const later of context.later) {
    if (later.kind === 'attach-partition' && names.some((name) => sameName(context.schema, name, later.partition)))
      return true
    if (!('table' in later) || later.table === undefined) continue
    const { table } = later
    if (!names.some((name) => sameName(context.schema, name, table))) continue
    if (givesIdentity(later)) return true
    if (later.kind === 'rename-table') names.push({ ...table, name: later.to })
  }
  return names.some((name) => laterOnTable(name, context).some(givesIdentity))
}

function givesIdentity(fact: Fact): boolean {
  switch (fact.kind) {
    case 'change-table':
      return fact.identity === 'full' || fact.identity === 'index' || fact.action === 'set-unlogged'
    default:
      return fact.kind === 'drop-table' || broughtOf(fact, 'primary-key').length > 0
  }
}
