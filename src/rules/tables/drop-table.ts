import { listOf } from '../../core/text.ts'
import { dependentViews } from '../../model/dependents.ts'
import type { DropTable } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import { changeName, contractFile, isPlannedContract } from '../planned.ts'
import { dependentText } from '../column-dependents.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { isPrivate, sameName, shortName } from '../same-name.ts'

export const dropTable: Rule = defineRule({
  id: 'drop-table',
  summary: 'Dropping a table loses its rows for good and breaks the running version wherever it still uses the table.',
  severity: 'error',
  direction: 'up',
  hazards: ['loses-data', 'breaks-running-version', 'blocks-reads'],
  looksAt: ['drop-table'],
  sources: [
    'squawk:ban-drop-table',
    'online_migrations:drop_table_multiple_foreign_keys',
    'pgfence:drop-table',
    'atlas:DS102',
    'postgres-language-server:banDropTable',
    'strong_migrations:create_table',
    'safe-pg-migrations:drop_table',
    'pg-schema-diff:DELETES_DATA',
    'migrationpilot:MP026',
  ],
  why: `DROP TABLE removes the files of the table at commit, and only a backup brings the rows back. It locks the table, and with it each table that its foreign keys reference, with ACCESS EXCLUSIVE, so that unrelated reads of the parents wait too. The server refuses while views or foreign keys of other tables depend on the table, unless CASCADE drops these as well, and the views that read these views. In a migration that declares itself a contract step and waits behind a gate the rule is silent, unless something stands in the way. \`migrate plan -e "drop table …"\` retires the table into a schema of its own first, so that the downgrade brings it back with its rows until it is purged.`,
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
  ],
  *check(drop, context) {
    if (drop.table.schema === 'pg_temp' || isPrivate(drop.table, context)) return
    const blocking = dependents(drop, context)
    if (isPlannedContract(context) && blocking.length === 0) return
    const name = nameText(drop.table)
    // Where the history is not the whole schema, other objects may depend on the table.
    const isKnown = context.schema.complete && context.table(drop.table) !== undefined
    const ends = isPlannedContract(context)
      ? ''
      : `The rows of ${name} are lost, and every query of the running version that uses it fails.`
    yield {
      at: drop.span,
      message: [ends, blockingText(blocking, drop, isKnown), parents(drop, context)]
        .filter((part) => part !== '')
        .join(' '),
      instead: contractFile(
        changeName(drop.table, 'drop'),
        [`drop table ${name};`],
        ['-- migrate:down none because <reason>'],
      ),
    }
  },
})

/** Foreign keys of other tables and views that need the table. */
function dependents(drop: DropTable, context: RuleContext): readonly string[] {
  const own = (name: DropTable['table']): boolean =>
    context.facts.some((fact) => fact.kind === 'drop-table' && sameName(context.schema, fact.table, name))
  const reading = drop.cascade ? dependentViews(context.schema, drop.table) : context.schema.viewsOn(drop.table)
  const views = reading.map((view) => `view ${shortName(context.schema, view.name)}`)
  const keys = context.schema
    .foreignKeysTo(drop.table)
    .filter(({ table: other }) => !own(other.name))
    .map(
      ({ table: other, constraint }) =>
        `foreign key ${quoteName(constraint.name)} of ${shortName(context.schema, other.name)}`,
    )
  const others = context.schema
    .dependentsOn(drop.table)
    .filter(({ kind, table }) => kind !== 'publication' && !(table !== undefined && own(table)))
    .map((dependent) => dependentText(dependent, context).text)
  return [...views, ...keys, ...others]
}

function blockingText(blocking: readonly string[], drop: DropTable, isKnown: boolean): string {
  if (blocking.length === 0)
    return drop.cascade && !isKnown
      ? 'CASCADE drops whatever depends on it; the history does not show what that is.'
      : ''
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
