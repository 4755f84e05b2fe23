import type { DropColumn } from '../model/fact.ts'
import { nameText, quoteName } from '../model/name.ts'
import type { Column, Index, Table } from '../model/schema.ts'
import { suffixed, unused } from './dual-column/helper-names.ts'
import { impossible } from './dual-column/impossible.ts'
import { knownColumn, knownTable } from './dual-column/obstacles.ts'
import { alterTable, lines, renameColumn } from './dual-column/sql.ts'
import { defineRecipe } from './recipe.ts'
import type { Recipe } from './recipe.ts'
import { refuseUsers } from './retire/in-the-way.ts'
import { makeOptional } from './retire/make-optional.ts'
import { referencesOf } from './retire/references.ts'
import { purgeStep, retireStep } from './retire/retire.ts'

/** Retired first, under a name that nobody asks for; dropped when nobody has missed it. */
export const dropColumn: Recipe = defineRecipe({
  id: 'drop-column',
  title: 'Drop a column',
  summary:
    'The column stops being required, is retired under another name, which the downgrade takes back, and is purged after a retention time.',
  looksAt: ['drop-column'],
  why: 'DROP COLUMN makes the values unreachable at once, and only a backup brings them back. A column that is renamed fails in the same way for whoever still names it, with the difference that one statement brings it back with all its values, indexes and checks.',
  examples: [
    {
      given: `create table books (id bigint generated always as identity primary key, title text not null, subtitle text);
create index books_subtitle_idx on books (subtitle, title);`,
      rows: `insert into books (title, subtitle) select 'Book ' || n, 'or ' || n from generate_series(1, 30) as n;`,
      change: 'alter table books drop column subtitle;',
      oldQueries: ['select subtitle from books;', `insert into books (title, subtitle) values ('Old', 'version');`],
      newQueries: ['select title from books;', `insert into books (title) values ('New version');`],
    },
    {
      given: `create table books (id bigint primary key, isbn varchar(13) not null unique, pages integer, constraint known check (isbn is not null and pages > 0));`,
      rows: `insert into books select n, 'isbn' || n, n from generate_series(1, 30) as n;`,
      change: 'alter table books drop column if exists isbn;',
      oldQueries: ['select isbn from books;', `insert into books values (901, 'isbn901', 3);`],
      newQueries: ['insert into books (id, pages) values (902, 5);'],
    },
    {
      given: `create table authors (id bigint primary key);
create table "Order Items" ("Id" bigint primary key, "Author" bigint references authors (id), amount int default 1);`,
      rows: `insert into authors select n from generate_series(1, 5) as n;
insert into "Order Items" ("Id", "Author") select n, 1 + n % 5 from generate_series(1, 30) as n;`,
      change: 'alter table "Order Items" drop column "Author";',
      oldQueries: [
        'select "Author" from "Order Items";',
        'insert into "Order Items" ("Id", "Author") values (901, 2);',
      ],
      newQueries: ['insert into "Order Items" ("Id") values (902);'],
    },
    {
      given: `create table parcels (day date not null, weight integer not null default 1, primary key (day)) partition by range (day);
create table parcels_2026 partition of parcels for values from ('2026-01-01') to ('2027-01-01');`,
      rows: `insert into parcels select date '2026-01-01' + n, n from generate_series(0, 30) as n;`,
      change: 'alter table parcels drop column weight;',
      oldQueries: ['select weight from parcels;', `insert into parcels values ('2026-08-01', 3);`],
      newQueries: [`insert into parcels (day) values ('2026-08-02');`],
    },
  ],
  *steps(fact, context) {
    const table = knownTable(context.schema, fact.table)
    const column = knownColumn(table, fact.column)
    refuseKeys(table, column)
    refuseUsers(context.schema, table, column.name)
    const optional = makeOptional(fact.table, table, column, context.fill)
    if (optional !== undefined) yield optional
    const name = quoteName(column.name)
    yield {
      kind: 'deploy',
      id: 'deploy',
      phase: 'expand',
      title: `Release the version that no longer names ${name}`,
      why: 'When the column is retired, every statement that names it fails.',
    }
    const references = referencesOf(fact.table, table, (columns) => columns.includes(column.name))
    const retired = unused(suffixed(column.name, '_retired'), (taken) => table.columns.has(taken))
    yield retireStep({
      title: `Retire ${name}: rename it to ${quoteName(retired)}`,
      why: [retireWhy, ...references.why].join(' '),
      up: lines(references.drop, renameColumn(fact.table, column.name, retired)),
      down: lines(renameColumn(fact.table, retired, column.name), references.restore),
    })
    yield purgeStep({
      title: `Purge ${name}`,
      why: 'Until here the downgrade brings the column back with all its values.',
      up: alterTable(fact.table, `drop column ${quoteName(retired)}`),
      gone: 'its values are',
      ...(widerIndexes(table, column).length === 0 ? {} : { allows: [losesIndex] }),
    })
  },
  notes: (fact, context) => [
    ...(context.schema.table(fact.table)?.triggers.size === 0
      ? []
      : [
          'The functions of the table’s triggers are not looked into: change those that name the column before it is retired.',
        ]),
    ...indexNotes(fact, context.schema.table(fact.table)),
    'Statements with SELECT * go on giving the retired column, under its new name, until it is purged.',
  ],
})

const retireWhy =
  'Only the catalogue changes. Whoever still names the column gets an error at once, and the downgrade restores it with all its values; its indexes and checks stay on it.'

const losesIndex = {
  rule: 'drop-column-loses-index',
  reason: 'the plan names the index, to be built without the column beforehand where queries need it',
}

/** Indexes that serve other columns too, and go with the column. */
function widerIndexes({ indexes }: Table, { name }: Pick<Column, 'name'>): readonly Index[] {
  return [...indexes.values()].filter(
    ({ usesColumns }) => usesColumns.includes(name) && usesColumns.some((column) => column !== name),
  )
}

function indexNotes({ column }: DropColumn, table: Table | undefined): readonly string[] {
  const names = table === undefined ? [] : widerIndexes(table, { name: column }).map(({ name }) => nameText(name))
  return names.length === 0
    ? []
    : [
        `With the column goes what serves other columns too: ${names.join(', ')}. Where queries need it, build an index without the column before the purge.`,
      ]
}

/** @throws ToolkitError `plan-impossible` for a column that the table's rows are found or placed by */
function refuseKeys(table: Table, { name }: Column): void {
  const reason = keyReason(table, name)
  if (reason === undefined) return
  throw impossible(
    `${nameText(table.name)}.${quoteName(name)} ${reason}.`,
    'Plan this change by hand, with a new table that the rows are moved to.',
  )
}

function keyReason(table: Table, name: string): string | undefined {
  const constraints = [...table.constraints.values()]
  if (table.partitionOf !== undefined) return 'belongs to a partition, whose columns are those of its parent'
  if (table.partitionBy?.includes(name) === true) return 'says which partition a row goes to'
  if (constraints.some((one) => one.type === 'primary-key' && one.columns.includes(name)))
    return 'is part of the primary key, without which rows cannot be told apart'
  const references = constraints.some((one) => one.type === 'foreign-key' && one.columns.includes(name))
  return references && table.partitionBy !== undefined
    ? 'has a foreign key on a partitioned table, which cannot be proven beside the traffic again'
    : undefined
}
