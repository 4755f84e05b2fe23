import type { SetColumnType } from '../model/fact.ts'
import { nameText, quoteName } from '../model/name.ts'
import type { PlanStep, SqlStep } from '../model/plan.ts'
import type { TypedColumn, Table } from '../model/schema.ts'
import { addColumn } from './dual-column/add-column.ts'
import { fillAndProve, tighten } from './dual-column/after-backfill.ts'
import { carriedOver } from './dual-column/carried.ts'
import { agreementName, columnCopy } from './dual-column/column-copy.ts'
import { differ } from './dual-column/compare.ts'
import { dependsOnTimeZone, isPlainCast, wayBack } from './dual-column/conversion.ts'
import type { WayBack } from './dual-column/conversion.ts'
import { dropOld } from './dual-column/drop-old.ts'
import { suffixed, unused } from './dual-column/helper-names.ts'
import { impossible } from './dual-column/impossible.ts'
import { knownTable, refuseObstacles, typedColumn, unknownNotes } from './dual-column/obstacles.ts'
import { allowing, alterColumn, lines } from './dual-column/sql.ts'
import { retiredColumn, swapNames } from './dual-column/swap.ts'
import type { Swap } from './dual-column/swap.ts'
import { oneWay } from './dual-column/sync.ts'
import { defineRecipe } from './recipe.ts'
import type { Recipe, RecipeContext } from './recipe.ts'

/** Directly where the table's rows stay as they are; otherwise a second column that takes the name over at the end. */
export const changeColumnType: Recipe = defineRecipe({
  id: 'change-column-type',
  title: 'Change the type of a column',
  summary:
    'Where the rows would be written anew: a second column of the new type, kept in step, filled, and swapped in.',
  looksAt: ['set-column-type'],
  why: 'ALTER COLUMN TYPE writes the whole table and its indexes anew while nobody else may read or write it. A second column is filled beside the traffic, and the swap of the two names takes a moment.',
  examples: [
    {
      given: `create table visits (
  id bigint generated always as identity primary key,
  hits integer not null default 0 check (hits >= 0),
  page text
);
create index visits_hits_idx on visits (hits, page);
create function clean_page() returns trigger language plpgsql as $$ begin new.page := trim(new.page); return new; end $$;
create trigger clean_page before insert or update on visits for each row execute function clean_page();`,
      rows: `insert into visits (hits, page) select n, 'p' || n from generate_series(1, 60) as n;`,
      change: 'alter table visits alter column hits type bigint;',
      oldQueries: [
        'select hits from visits where hits < 10;',
        "insert into visits (hits, page) values (5, 'old');",
        "insert into visits (page) values ('old');",
        'update visits set hits = hits + 1;',
      ],
      newQueries: [
        'select hits from visits;',
        'insert into visits (hits) values (7);',
        'update visits set hits = 70000 where id = 3;',
      ],
    },
    {
      given: `create table books (id integer primary key, isbn character varying(13) default 'unknown', constraint books_isbn_unique unique (isbn));`,
      rows: `insert into books select n, case when n = 7 then null else 'isbn' || n end from generate_series(1, 30) as n;`,
      change: 'alter table books alter column isbn type text;',
      oldQueries: ['select isbn from books;', `insert into books values (901, '9783161484100');`],
      newQueries: ['select isbn from books;', `insert into books values (902, 'a much longer identifier');`],
    },
    {
      given: `create schema "Shop";
create table "Shop"."Customers" ("Id" integer primary key);
create table "Shop"."Orders" ("Id" integer primary key, "Customer" integer not null constraint "by Customer" references "Shop"."Customers" ("Id"));
create index "Orders Customer" on "Shop"."Orders" ("Customer");`,
      rows: `insert into "Shop"."Customers" select n from generate_series(1, 5) as n;
insert into "Shop"."Orders" select n, 1 + n % 5 from generate_series(1, 40) as n;`,
      change: 'alter table "Shop"."Orders" alter column "Customer" set data type bigint using "Customer"::bigint;',
      oldQueries: [
        'select "Customer" from "Shop"."Orders";',
        'insert into "Shop"."Orders" ("Id", "Customer") values (901, 3);',
        'update "Shop"."Orders" set "Customer" = 4;',
      ],
      newQueries: [
        'select "Customer" from "Shop"."Orders";',
        'insert into "Shop"."Orders" ("Id", "Customer") values (902, 3);',
      ],
    },
    {
      given: `create table notes (id integer primary key, body json default '{}', rank smallint);`,
      rows: `insert into notes select n, case when n % 5 = 0 then null else json_build_object('n', n) end, n from generate_series(1, 25) as n;`,
      change: 'alter table notes alter column body type jsonb;',
      oldQueries: [
        'select body from notes;',
        `insert into notes (id, body) values (901, '{"a": 1}');`,
        'insert into notes (id) values (902);',
      ],
      newQueries: ['select body from notes;', `update notes set body = '{"b": 2}' where id = 1;`],
    },
    {
      given: `create table readings (
  id bigint primary key,
  taken timestamp without time zone not null default '2026-01-01 00:00',
  celsius real
);`,
      rows: `insert into readings select n, timestamp '2026-03-29 01:30' + n * interval '1 hour', n from generate_series(1, 30) as n;`,
      change: `alter table readings alter column taken type timestamp with time zone using taken at time zone 'UTC';`,
      oldQueries: ['select taken from readings;', `insert into readings (id, taken) values (901, '2026-05-01 12:00');`],
      newQueries: ['select taken from readings;', `insert into readings (id, taken) values (902, '2026-05-01 12:00');`],
    },
    {
      given: `create type mood as enum ('sad', 'ok');
create table people (id integer primary key, feels mood default 'ok', name character varying(20) collate "C" not null);
create index people_feels_idx on people using hash (feels);`,
      rows: `insert into people select n, (array['sad', 'ok', null])[1 + n % 3]::mood, 'n' || n from generate_series(1, 30) as n;`,
      change: 'alter table people alter column feels type text;',
      oldQueries: [
        `select feels from people where feels = 'ok';`,
        `insert into people (id, feels, name) values (901, 'sad', 'x');`,
      ],
      newQueries: ['select feels from people;', `insert into people (id, name) values (902, 'x');`],
    },
  ],
  *steps(fact, context) {
    const table = knownTable(context.schema, fact.table)
    const column = typedColumn(table, fact.column)
    if (
      context.dialect.typeChange(column.type, fact.type, fact.using) === 'no-rewrite' &&
      fact.collation === undefined
    ) {
      refuseObstacles(context.schema, table, column)
      yield direct(fact, wayBackOf(fact, column, context), readAnew(table, context))
      return
    }
    if (fact.using === undefined && dependsOnTimeZone(column.type, fact.type)) {
      throw impossible(
        `What ${nameText(fact.table)}.${quoteName(fact.column)} becomes as ${fact.type.sql} depends on the time zone of the session that converts it.`,
        `Say which: … using ${quoteName(fact.column)} at time zone 'UTC'.`,
      )
    }
    yield* throughSecondColumn(fact, context)
  },
  notes(fact, context) {
    const table = context.schema.table(fact.table)
    const column = table?.columns.get(fact.column)
    if (table === undefined || column?.type === undefined) return []
    if (context.dialect.typeChange(column.type, fact.type, fact.using) === 'no-rewrite') return []
    return [
      'From the first step on, a write whose value the new type cannot hold fails, as it would after the change.',
      `Until the swap the application goes on with ${quoteName(fact.column)}, and never names the second column. Statements that were prepared before the swap and name the column fail once (0A000, "cached plan must not change result type"); most drivers prepare them again. PL/pgSQL functions other than the table’s own triggers that keep a row of the table fail until their session reconnects (42804).`,
      ...(isChecked(fact, context)
        ? ['Checks on the column are read again with the new type, which bare literals in them then have.']
        : []),
      ...unknownNotes(context.schema, table),
    ]
  },
})

function isChecked(fact: SetColumnType, context: RecipeContext): boolean {
  const constraints = context.schema.table(fact.table)?.constraints.values() ?? []
  return [...constraints].some((one) => one.type === 'check' && one.expression.columns.includes(fact.column))
}

/** Back to a type that holds less, every value has to be looked at. */
function wayBackOf({ table, column, type }: SetColumnType, before: TypedColumn, { dialect }: RecipeContext): string {
  const statement = alterColumn(table, column, `type ${before.type.sql}`)
  if (dialect.typeChange(type, before.type, undefined) === 'no-rewrite') return statement
  const reason = `${before.type.sql} holds less than ${type.sql}, so the server has to look at every value`
  const narrowed = before.type.modifiers.length === 0 ? statement : allowing('narrow-column-type', reason, statement)
  return allowing('change-column-type', reason, narrowed)
}

function direct(fact: SetColumnType, back: string, again: readonly string[]): SqlStep {
  const using = fact.using === undefined ? '' : ` using ${fact.using.sql}`
  return {
    kind: 'sql',
    id: 'change-type',
    phase: 'expand',
    title: `Change the type to ${fact.type.sql}, which leaves the rows as they are`,
    why: 'Every stored value is a value of the new type as it is, so only the catalogue changes.',
    allows: [{ rule: 'phase-mismatch', reason: 'every value of the running version fits the new type' }],
    up: lines(alterColumn(fact.table, fact.column, `type ${fact.type.sql}${using}`), again),
    down: { kind: 'sql', sql: lines(back, again), loses: [] },
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [],
  }
}

function* throughSecondColumn(fact: SetColumnType, context: RecipeContext): Generator<PlanStep> {
  const swap = swapFor(fact, context)
  yield addNewType(swap)
  yield* fillAndProve(swap.copy)
  yield deploy(fact)
  yield* tighten(swap.copy)
  yield swapNames(swap)
  yield* dropOld(retiredColumn(swap))
}

function swapFor(fact: SetColumnType, context: RecipeContext): Swap {
  const plain = fact.using === undefined || isPlainCast(fact.using, fact.type)
  const copy = columnCopy({
    schema: context.schema,
    dialect: context.dialect,
    change: context.change,
    table: fact.table,
    column: fact.column,
    to: (table) => unused(suffixed(fact.column, '_new'), (name) => table.columns.has(name)),
    type: fact.type,
    collation: fact.collation,
    using: plain ? undefined : fact.using?.sql,
  })
  const retired = unused(suffixed(fact.column, '_old'), (name) => copy.state.columns.has(name))
  const ofNew = (sql: string): string => context.dialect.mapColumns(sql, (column) => `new.${quoteName(column)}`)
  const forward = oneWay({
    table: fact.table,
    prefix: `${copy.prefix}_forward`,
    to: copy.to,
    value: ofNew(copy.value),
    stale: ofNew(copy.stale),
  })
  const retiredItems = carriedOver({ table: copy.state, from: copy.from, to: retired, dialect: context.dialect })
  const parts = { copy, retired, retiredItems, forward, readAnew: readAnew(copy.state, context) }
  const backTo = (column: string): WayBack | undefined =>
    plain ? wayBack(copy.column.type, fact.type, column, context.target) : undefined
  const value = backTo(`new.${quoteName(copy.from)}`)
  const stored = backTo(quoteName(copy.from))
  if (value === undefined || stored === undefined) return { ...parts, back: undefined }
  const isStale = (column: string, by: WayBack): string =>
    differ(column, by.sql, copy.column.type, copy.column.collation)
  const sync = oneWay({
    table: fact.table,
    prefix: `${copy.prefix}_back`,
    to: retired,
    value: value.sql,
    stale: isStale(`new.${quoteName(retired)}`, value),
  })
  return { ...parts, back: { value: stored, stale: isStale(quoteName(retired), stored), sync } }
}

/**
 * A session that has run a PL/pgSQL function keeps plans in which the column has the old type, and its writes would fail
 * with 42804 until it reconnects (measured on 14 and 18). Any ALTER of the function ends that; this one says what is so.
 */
function readAnew(table: Table, { schema }: RecipeContext): readonly string[] {
  const statements = [...table.triggers.values()].flatMap((trigger) => {
    const known = schema.function(trigger.function)
    return known === undefined ? [] : [`alter function ${nameText(trigger.function)}() ${known.volatility};`]
  })
  return [...new Set(statements)]
}

function addNewType({ copy, forward }: Swap): SqlStep {
  return addColumn(copy, forward, {
    title: `Add ${quoteName(copy.to)} of the new type, kept in step with ${quoteName(copy.from)}`,
    why: `Column, trigger and checks come in one transaction, so there is no write that the trigger misses. The check ${agreementName(copy)} makes sure that the columns can never come apart unnoticed.`,
    afterwards: [],
  })
}

function deploy(fact: SetColumnType): PlanStep {
  return {
    kind: 'deploy',
    id: 'deploy',
    phase: 'expand',
    title: `Release a version that copes with ${quoteName(fact.column)} of either type`,
    why: 'Until the swap it finds the old type under that name, and after it the new one. No version that copes with the old type only may run any more when the swap is made.',
  }
}
