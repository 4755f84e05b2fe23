import { listOf } from '../../core/text.ts'
import type { DropColumn, DropObject } from '../../model/fact.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Index } from '../../model/schema.ts'
import { columnDependents } from '../column-dependents.ts'
import type { ColumnDependent } from '../column-dependents.ts'
import { changeName, columnText, contractFile, isPlannedContract } from '../planned.ts'
import { defineRule } from '../rule.ts'
import type { Rule, RuleContext, RuleFinding } from '../rule.ts'
import { isNewColumn, isPrivate, shortName } from '../same-name.ts'

export const dropColumn: Rule = defineRule({
  id: 'drop-column',
  summary:
    'Dropping a column loses its data for good and breaks the running version wherever it still reads or writes it.',
  severity: 'error',
  direction: 'up',
  hazards: ['loses-data', 'breaks-running-version'],
  looksAt: ['drop-column', 'drop-object'],
  sources: [
    'squawk:ban-drop-column',
    'strong_migrations:remove_column',
    'online_migrations:remove_column',
    'pgfence:drop-column',
    'atlas:DS103',
    'postgres-language-server:banDropColumn',
    'safe-pg-migrations:remove_column',
    'pg-schema-diff:DELETES_DATA',
    'migrationpilot:MP017',
    'migrationpilot:MP052',
  ],
  why: `DROP COLUMN marks the column as gone in the catalogue, in an instant; its values cannot be had back, and every query that names it fails, as do inserts of an ORM that lists all columns. Indexes and checks of the column vanish with it without a word (those over several columns are told by drop-column-loses-index), while a view, a foreign key, a trigger with UPDATE OF, a policy, a rule, a list of a publication, a function with a parsed body or a generated column that uses it makes the server refuse (SQLSTATE 2BP01), unless CASCADE drops them too; PostgreSQL 14 drops the generated column without being asked. In a migration that declares itself a contract step and waits behind a gate the rule is silent, unless something stands in the way: that is the planned way to drop. \`migrate plan -e "alter table … drop column …"\` retires the column under another name first, so that the downgrade brings it back with its values until it is purged.`,
  examples: [
    {
      given: `create table books (id int primary key, title text, subtitle text);
create index books_titles_idx on books (subtitle, title);`,
      bad: 'alter table books drop column subtitle;',
      good: [
        `-- migrate:up transaction:false
create index concurrently books_title_idx on books (title);

-- migrate:down transaction:false
drop index concurrently books_title_idx;`,
        `-- migrate:change books-subtitle
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
alter table books drop column subtitle;

-- migrate:down transaction:false
alter table books add column subtitle text;
create index concurrently books_titles_idx on books (subtitle, title);
-- migrate:down-loses books.subtitle`,
      ],
    },
    {
      given: `create table books (id int primary key, title text, subtitle text);
create view catalogue as select title, subtitle from books;`,
      bad: 'alter table books drop column subtitle;',
      good: `-- migrate:change books-subtitle
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop view catalogue;
alter table books drop column subtitle;
create view catalogue as select title from books;

-- migrate:down
drop view catalogue;
alter table books add column subtitle text;
create view catalogue as select title, subtitle from books;
-- migrate:down-loses books.subtitle`,
      fails: '2BP01',
    },
    {
      given: `create table books (id bigint primary key, pages int, sheets int generated always as (pages / 2) stored);`,
      bad: 'alter table books drop column pages;',
      good: `create table drafts (id bigint primary key, pages int, sheets int generated always as (pages / 2) stored);
alter table drafts drop column sheets;
alter table drafts drop column pages;`,
      versions: { from: 15 },
      fails: '2BP01',
    },
    {
      given: `create table books (id bigint primary key, title text, owner text);
alter table books enable row level security;
create policy own_books on books using (owner = current_user);`,
      bad: 'alter table books drop column owner;',
      good: `-- migrate:change books-owner
-- migrate:phase contract
-- migrate:gate approval

-- migrate:up
drop policy own_books on books;
create policy own_books on books using (title is not null);
alter table books drop column owner;

-- migrate:down
drop policy own_books on books;
alter table books add column owner text;
create policy own_books on books using (owner = current_user);
-- migrate:down-loses books.owner`,
      fails: '2BP01',
    },
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'alter table books drop column if exists title;',
      good: `alter table books add column draft text;
alter table books drop column draft;
create table drafts (id bigint primary key, body text);
alter table drafts drop column body;`,
    },
  ],
  *check(drop, context) {
    if (drop.kind === 'drop-object') {
      yield* columnsOfType(drop, context)
      return
    }
    if (isPrivate(drop.table, context)) return
    if (isNewColumn(drop, drop.table, drop.column, context)) return
    const blocking = dependents(drop, context)
    const along = takenAlong(drop, context)
    if (isPlannedContract(context) && blocking.length === 0 && along === '') return
    const column = columnText(drop.table, drop.column)
    const ends = isPlannedContract(context)
      ? ''
      : `The values of ${column} are lost, and every query of the running version that names it fails.`
    yield {
      at: drop.span,
      message: [ends, blockingText(blocking, drop), along, vanishing(drop, context)]
        .filter((part) => part !== '')
        .join(' '),
      instead: insteadOf(drop, context),
    }
  },
})

/** DROP TYPE and DROP DOMAIN with CASCADE drop every column of the type. */
function* columnsOfType(drop: DropObject, context: RuleContext): Iterable<RuleFinding> {
  if (!drop.cascade || (drop.object !== 'type' && drop.object !== 'domain')) return
  const type = context.schema.resolve(drop.name)
  const lost = context.schema.tables().flatMap((table) => {
    if (isPrivate(table.name, context)) return []
    const columns = [...table.columns.values()].filter(
      (column) => column.type?.name === type.name && (column.type.schema ?? type.schema) === type.schema,
    )
    return columns.map((column) => `${shortName(context.schema, table.name)}.${quoteName(column.name)}`)
  })
  if (lost.length === 0) return
  yield {
    at: drop.span,
    message: `CASCADE drops every column of the ${drop.object} ${nameText(drop.name)}, and their values are lost: ${listOf(lost)}.`,
    instead: `-- drop or change these columns first, each in a contract migration, then:\ndrop ${drop.object} ${nameText(drop.name)};`,
  }
}

/** Views, foreign keys, triggers and generated columns that use the column. */
function dependents(drop: DropColumn, context: RuleContext): readonly string[] {
  const views = context.schema
    .viewsOn(drop.table, drop.column)
    .map((view) => `view ${shortName(context.schema, view.name)}`)
  const keys = context.schema
    .foreignKeysTo(drop.table)
    .flatMap(({ table, constraint }) =>
      constraint.type === 'foreign-key' && constraint.referencedColumns.includes(drop.column)
        ? [`foreign key ${quoteName(constraint.name)} of ${shortName(context.schema, table.name)}`]
        : [],
    )
  const others = columnDependents(drop.table, drop.column, context).filter((dependent) =>
    isInTheWay(dependent, context),
  )
  return [...views, ...keys, ...others.map(({ text }) => text)]
}

/** PostgreSQL 14 drops the columns that are generated from a column together with it; newer ones refuse. */
function isInTheWay({ kind }: ColumnDependent, { target }: RuleContext): boolean {
  return kind !== 'generated column' || target >= 15
}

function takenAlong(drop: DropColumn, context: RuleContext): string {
  const lost = columnDependents(drop.table, drop.column, context).filter((dependent) => !isInTheWay(dependent, context))
  return lost.length === 0 ? '' : `PostgreSQL ${context.target} drops ${listOf(lost.map(({ text }) => text))} too.`
}

function blockingText(blocking: readonly string[], drop: DropColumn): string {
  if (blocking.length === 0) return ''
  return drop.cascade
    ? `CASCADE drops ${listOf(blocking)} too.`
    : `The server refuses as long as there ${blocking.length === 1 ? 'is' : 'are'} ${listOf(blocking)}.`
}

/** Its keys are nothing but this column; drop-column-loses-index reports the others. */
function isAlone(index: Index, column: string): boolean {
  return index.columns.every((key) => key === column || key === '')
}

/** What goes with the column without being asked for. */
function vanishing(drop: DropColumn, context: RuleContext): string {
  const table = context.table(drop.table)
  if (table === undefined) return ''
  const indexes = [...table.indexes.values()]
    .filter((index) => index.usesColumns.includes(drop.column) && isAlone(index, drop.column))
    .map((index) => `index ${quoteName(index.name.name)}`)
  return indexes.length === 0 ? '' : `With it ${indexes.length === 1 ? 'goes' : 'go'} ${listOf(indexes)}.`
}

function insteadOf(drop: DropColumn, context: RuleContext): string {
  const table = nameText(drop.table)
  const column = quoteName(drop.column)
  const type = context.column(drop.table, drop.column)?.type?.sql ?? '…'
  const dropViews = context.schema
    .viewsOn(drop.table, drop.column)
    .map((view) => `drop ${view.materialized ? 'materialized view' : 'view'} ${shortName(context.schema, view.name)};`)
  const others = columnDependents(drop.table, drop.column, context).map((dependent) => dependent.drop)
  return contractFile(
    changeName(drop.table, 'drop', drop.column),
    [...dropViews, ...others, `alter table ${table} drop column ${column};`],
    [
      '-- migrate:down',
      `alter table ${table} add column ${column} ${type};`,
      `-- migrate:down-loses ${table}.${column}`,
    ],
  )
}
