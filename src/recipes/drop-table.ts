import type { Name } from '../model/name.ts'
import { nameText, quoteName } from '../model/name.ts'
import type { SqlStep } from '../model/plan.ts'
import type { Schema, Table } from '../model/schema.ts'
import { helperPrefix, suffixed, unused } from './dual-column/helper-names.ts'
import { impossible } from './dual-column/impossible.ts'
import { knownTable } from './dual-column/obstacles.ts'
import { alterTable, lines } from './dual-column/sql.ts'
import { defineRecipe } from './recipe.ts'
import type { Recipe } from './recipe.ts'
import { refuseUsers } from './retire/in-the-way.ts'
import { referencesOf } from './retire/references.ts'
import { purgeStep, retireStep } from './retire/retire.ts'

/** Retired first, into a schema of its own that the application does not see; dropped when nobody has missed it. */
export const dropTable: Recipe = defineRecipe({
  id: 'drop-table',
  title: 'Drop a table',
  summary:
    'The table is retired into a quarantine schema, where the downgrade finds it, and purged after a retention time.',
  looksAt: ['drop-table'],
  why: 'DROP TABLE removes the rows at commit, and only a backup brings them back: too late for the monthly job that nobody thought of. A table that is moved to another schema fails in the same way for whoever still uses it, with the difference that one statement brings it back, rows and all.',
  examples: [
    {
      given: `create table books (id bigint primary key, title text not null);
create table wishes (id bigint generated always as identity primary key, note text);
create index wishes_note_idx on wishes (note);`,
      rows: `insert into wishes (note) select 'Wish ' || n from generate_series(1, 30) as n;`,
      change: 'drop table wishes;',
      oldQueries: ['select note from wishes;', `insert into wishes (note) values ('one more');`],
      newQueries: [`insert into books values (1, 'Emma');`, 'select title from books;'],
    },
    {
      given: `create table authors (id bigint primary key);
create table prizes (id serial primary key, author_id bigint not null references authors (id) on delete cascade, constraint known check (id > 0));`,
      rows: `insert into authors select n from generate_series(1, 9) as n;
insert into prizes (author_id) select n from generate_series(1, 9) as n;`,
      change: 'drop table if exists prizes;',
      oldQueries: ['select author_id from prizes;', 'insert into prizes (author_id) values (3);'],
      newQueries: ['delete from authors where id = 4;'],
    },
    {
      given: `create schema "Shop";
create table "Shop"."Order Items" ("Id" uuid primary key, "parent" uuid references "Shop"."Order Items" ("Id"));`,
      rows: `insert into "Shop"."Order Items" select md5(n::text)::uuid from generate_series(1, 9) as n;`,
      change: 'drop table "Shop"."Order Items";',
      oldQueries: ['select "Id" from "Shop"."Order Items";'],
      newQueries: ['select 1;'],
    },
  ],
  *steps(fact, context) {
    const table = knownTable(context.schema, fact.table)
    refuseFamily(table)
    refuseUsers(context.schema, table)
    const quarantine = quarantineName(context.change, context.schema)
    const name = nameText(fact.table)
    yield {
      kind: 'deploy',
      id: 'deploy',
      phase: 'expand',
      title: `Release the version that no longer uses ${name}`,
      why: 'When the table is retired, every statement that names it fails.',
    }
    yield retire(fact.table, table, quarantine)
    const retired = { schema: quarantine, name: table.name.name }
    yield purgeStep({
      title: `Purge ${name}`,
      why: 'Until here the downgrade brings the table back with all its rows.',
      up: lines(`drop table ${nameText(retired)};`, `drop schema ${quoteName(quarantine)};`),
      gone: 'the rows are',
    })
  },
  notes: ({ table }) => [
    `Functions whose text names ${nameText(table)} are not looked into: they fail from the step "retire" on.`,
    'The role that migrates needs the privilege to create a schema in the database. Dumps of the whole database hold the retired table until it is purged.',
  ],
})

function retire(at: Name, table: Table, quarantine: string): SqlStep {
  const { name } = table
  const moved = { schema: quarantine, name: name.name }
  const references = referencesOf(at, table, () => true)
  const why =
    'Whoever still uses the table gets an error at once, and the downgrade restores it as it was: indexes, privileges and sequences move with it.'
  return retireStep({
    title: `Retire ${nameText(at)}: move it to the schema ${quoteName(quarantine)}`,
    why: [`Only the catalogue changes. ${why}`, ...references.why].join(' '),
    up: lines(
      references.drop,
      `create schema ${quoteName(quarantine)};`,
      alterTable(at, `set schema ${quoteName(quarantine)}`),
    ),
    down: lines(
      alterTable(moved, `set schema ${quoteName(name.schema)}`),
      references.restore,
      `drop schema ${quoteName(quarantine)};`,
    ),
  })
}

/** One for each change, so that it goes with the table. */
function quarantineName(change: string, schema: Schema): string {
  const taken = new Set(schema.tables().map(({ name }) => name.schema))
  return unused(suffixed(helperPrefix(change), '_retired'), (name) => taken.has(name))
}

/** @throws ToolkitError `plan-impossible` for a table that does not move alone */
function refuseFamily({ name, partitionBy, partitionOf, partitions, heirs, temporary }: Table): void {
  const isFamily = partitionBy !== undefined || partitionOf !== undefined || partitions.length > 0 || heirs.length > 0
  if (!isFamily && !temporary) return
  throw impossible(
    `Table ${nameText(name)} is ${temporary ? 'temporary' : 'partitioned, a partition or inherited from'}, and does not move to another schema together with its partitions or heirs.`,
    temporary
      ? 'It goes with its session: there is nothing to plan.'
      : 'Detach the partition first, or drop it in a contract migration of its own behind -- migrate:gate approval.',
  )
}
