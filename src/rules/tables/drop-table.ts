import { listOf } from '../../core/text.ts'
import type { DropObject, DropTable } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { changeName, contractFile, isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const dropTable: Rule = defineRule({
  id: 'drop-table',
  summary: 'Dropping a table loses its rows for good and breaks the running version wherever it still uses the table.',
  severity: 'error',
  direction: 'up',
  hazards: ['loses-data', 'breaks-running-version', 'blocks-reads'],
  looksAt: ['drop-table', 'drop-object'],
  sources: [
    'squawk:ban-drop-table',
    'online_migrations:drop_table_multiple_foreign_keys',
    'pgfence:drop-table',
    'pgfence:drop-schema-cascade',
    'atlas:DS102',
    'atlas:DS101',
    'postgres-language-server:banDropTable',
    'postgres-language-server:banDropSchema',
  ],
  why: `DROP TABLE removes the files of the table at commit, and only a backup brings the rows back. It locks the table, and with it each table that its foreign keys reference, with ACCESS EXCLUSIVE, so that unrelated reads of the parents wait too. The server refuses while views or foreign keys of other tables depend on the table, unless CASCADE drops these as well; DROP SCHEMA … CASCADE does that to everything inside. In a migration that declares itself a contract step and waits behind a gate the rule is silent, unless something stands in the way.`,
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'drop table books;',
      good: `-- migrate:change books-drop
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop table books;

-- migrate:down none because the rows are archived elsewhere`,
    },
    {
      given: `create table authors (id int primary key, name text);
create table books (id int primary key, author_id int references authors (id));`,
      bad: 'drop table authors cascade;',
      good: `create table drafts (id bigint primary key);
drop table drafts;
create temporary table wanted (id int);
drop table wanted;`,
    },
    {
      given: `create table authors (id int primary key, name text);
create table books (id int primary key, author_id int references authors (id));`,
      bad: 'drop table if exists authors;',
      good: 'drop table if exists pg_temp.wanted;',
      fails: '2BP01',
    },
    {
      given: 'create schema archive;\ncreate table archive.books (id int primary key);',
      bad: 'drop schema archive cascade;',
      good: 'create schema scratch;\ndrop schema scratch;',
    },
  ],
  *check(fact, context) {
    if (fact.kind === 'drop-table') yield* table(fact, context)
    else yield* schema(fact, context)
  },
})

function* table(drop: DropTable, context: RuleContext): Iterable<RuleFinding> {
  if (drop.table.schema === 'pg_temp' || isPrivate(drop.table, context)) return
  const blocking = dependents(drop, context)
  if (isPlannedContract(context) && blocking.length === 0) return
  const name = nameText(drop.table)
  const ends = isPlannedContract(context)
    ? ''
    : `The rows of ${name} are lost, and every query of the running version that uses it fails.`
  yield {
    at: drop.span,
    message: [ends, blockingText(blocking, drop), parents(drop, context)].filter((part) => part !== '').join(' '),
    instead: contractFile(
      changeName(drop.table, 'drop'),
      [`drop table ${name};`],
      ['-- migrate:down none because <reason>'],
    ),
  }
}

/** Foreign keys of other tables and views that need the table. */
function dependents(drop: DropTable, context: RuleContext): readonly string[] {
  const own = (name: DropTable['table']): boolean =>
    context.facts.some((fact) => fact.kind === 'drop-table' && sameName(context.schema, fact.table, name))
  const views = context.schema.viewsOn(drop.table).map((view) => `view ${shortName(context.schema, view.name)}`)
  const keys = context.schema
    .foreignKeysTo(drop.table)
    .filter(({ table: other }) => !own(other.name))
    .map(
      ({ table: other, constraint }) =>
        `foreign key ${quoteName(constraint.name)} of ${shortName(context.schema, other.name)}`,
    )
  return [...views, ...keys]
}

function blockingText(blocking: readonly string[], drop: DropTable): string {
  if (blocking.length === 0) return ''
  return drop.cascade
    ? `CASCADE drops ${listOf(blocking)} too.`
    : `The server refuses as long as there ${blocking.length === 1 ? 'is' : 'are'} ${listOf(blocking)}.`
}

/** Tables that are locked because the dropped one references them. */
function parents(drop: DropTable, context: RuleContext): string {
  const locked = context.effects
    .filter((effect) => !sameName(context.schema, effect.table, drop.table))
    .map((effect) => shortName(context.schema, effect.table))
  return locked.length === 0 ? '' : `Reads and writes of ${listOf(locked)} wait as well while it is dropped.`
}

function* schema(drop: DropObject, context: RuleContext): Iterable<RuleFinding> {
  if (drop.object !== 'schema' || !drop.cascade || isPlannedContract(context)) return
  const inside = context.schema.tables().filter((found) => found.name.schema === drop.name.name)
  if (inside.length > 0 && inside.every((found) => isPrivate(found.name, context))) return
  const names = inside.slice(0, 5).map((found) => shortName(context.schema, found.name))
  const more = inside.length > 5 ? ` and ${inside.length - 5} more` : ''
  yield {
    at: drop.span,
    message: `Everything in the schema ${quoteName(drop.name.name)} is lost${names.length === 0 ? '' : `: ${listOf(names)}${more}`}.`,
    instead: `-- drop what is in it one by one, each in a contract migration, then:\ndrop schema ${quoteName(drop.name.name)};`,
  }
}
