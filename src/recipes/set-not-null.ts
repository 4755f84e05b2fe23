import type { SetNotNull } from '../model/fact.ts'
import type { Name } from '../model/name.ts'
import { nameText, quoteName } from '../model/name.ts'
import type { PlanStep, SqlStep } from '../model/plan.ts'
import type { Column, Table } from '../model/schema.ts'
import { backfillComplete } from './dual-column/after-backfill.ts'
import { helperPrefix } from './dual-column/helper-names.ts'
import { impossible } from './dual-column/impossible.ts'
import { backfillKey, knownColumn, knownTable } from './dual-column/obstacles.ts'
import { addNotValid, addThenValidate, alterColumn, dropConstraint, lines, validate } from './dual-column/sql.ts'
import { defineRecipe } from './recipe.ts'
import type { Recipe, RecipeContext } from './recipe.ts'

/** A check that holds for new rows at once, is proven for the others beside the traffic, and then stands for NOT NULL. */
export const setNotNull: Recipe = defineRecipe({
  id: 'set-not-null',
  title: 'Set a column NOT NULL',
  summary: 'A check that is not valid at first, the NULLs filled, the check validated, then NOT NULL without a scan.',
  looksAt: ['set-not-null'],
  why: 'SET NOT NULL reads the whole table while nobody else may read or write it. With a validated CHECK (column IS NOT NULL) the server takes that as the proof and reads nothing.',
  examples: [
    {
      given: `create table books (id bigint generated always as identity primary key, title text);`,
      rows: `insert into books (title) select 'Book ' || n from generate_series(1, 40) as n;`,
      change: 'alter table books alter column title set not null;',
      oldQueries: [
        'select title from books;',
        `insert into books (title) values ('x');`,
        `update books set title = 'y' where id = 3;`,
      ],
      newQueries: ['select title from books;', `insert into books (title) values ('z');`],
    },
    {
      given: `create schema "Shop";
create table "Shop"."Order Items" ("Id" integer primary key, "Amount" numeric(8, 2) default 0);`,
      rows: `insert into "Shop"."Order Items" select n, n from generate_series(1, 40) as n;`,
      change: 'alter table "Shop"."Order Items" alter column "Amount" set not null;',
      oldQueries: [
        'select "Amount" from "Shop"."Order Items";',
        'insert into "Shop"."Order Items" ("Id") values (901);',
        'update "Shop"."Order Items" set "Amount" = "Amount" + 1;',
      ],
      newQueries: ['insert into "Shop"."Order Items" ("Id", "Amount") values (902, 3);'],
    },
    {
      given: `create table events (id bigint primary key, kind text, constraint has_kind check (kind is not null and kind <> ''));`,
      rows: `insert into events select n, 'opened' from generate_series(1, 20) as n;`,
      change: 'alter table events alter kind set not null;',
      oldQueries: ['select kind from events;', `insert into events values (901, 'closed');`],
      newQueries: ['select kind from events;', `insert into events values (902, 'closed');`],
    },
    {
      given: `create table parcels (day date not null, weight integer, primary key (day)) partition by range (day);
create table parcels_2026 partition of parcels for values from ('2026-01-01') to ('2027-01-01');`,
      rows: `insert into parcels select date '2026-01-01' + n, n from generate_series(0, 30) as n;`,
      change: 'alter table parcels alter column weight set not null;',
      oldQueries: ['select weight from parcels;', `insert into parcels values ('2026-08-01', 3);`],
      newQueries: [`update parcels set weight = weight + 1;`],
    },
  ],
  *steps(fact, context) {
    const table = knownTable(context.schema, fact.table)
    const column = knownColumn(table, fact.column)
    refuseNotNull(table, column)
    const fill = context.fill ?? (column.default === undefined || column.default.isNull ? undefined : 'default')
    const proven = provenBy(table, column)
    const check = proven ?? `${helperPrefix(context.change)}_not_null_check`
    if (proven === undefined) {
      yield deploy(column)
      yield addCheck(fact.table, column, check)
      if (fill !== undefined) yield fillNulls(fact.table, column, fill, backfillKey(table))
      yield validateCheck(fact.table, column, check, fill !== undefined)
    }
    yield setIt(fact.table, column, proven === undefined ? check : undefined)
  },
  notes: (fact, context) => notesFor(fact, context),
})

function refuseNotNull(table: Table, column: Column): void {
  if (!column.notNull) return
  throw impossible(
    `Column ${quoteName(column.name)} of ${nameText(table.name)} is NOT NULL already.`,
    'There is nothing to do.',
  )
}

/** A valid check that there is already and that implies NOT NULL. */
function provenBy(table: Table, column: Column): string | undefined {
  for (const constraint of table.constraints.values()) {
    if (constraint.type !== 'check' || !constraint.valid || !constraint.enforced) continue
    if (constraint.expression.provesNotNull.includes(column.name)) return constraint.name
  }
  return undefined
}

function deploy(column: Column): PlanStep {
  return {
    kind: 'deploy',
    id: 'deploy',
    phase: 'expand',
    title: `Release the version that no longer writes NULL to ${quoteName(column.name)}`,
    why: 'From the next step on the server refuses every new NULL. Skip this when no running version writes one.',
  }
}

function addCheck(table: Name, column: Column, check: string): SqlStep {
  const definition = `check (${quoteName(column.name)} is not null)`
  return {
    kind: 'sql',
    id: 'refuse-null',
    phase: 'expand',
    title: 'Refuse NULL in rows that are written from now on',
    why: 'NOT VALID: the check holds for new rows at once and reads none of the others, so the lock lasts a moment.',
    up: addNotValid(table, check, definition),
    down: { kind: 'sql', sql: dropConstraint(table, check), loses: [] },
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [],
  }
}

function fillNulls(table: Name, column: Column, fill: string, key: string): PlanStep {
  const name = quoteName(column.name)
  return {
    kind: 'backfill',
    id: 'fill',
    phase: 'backfill',
    title: `Replace NULL by ${fill === 'default' ? `the default, ${column.default?.sql ?? 'null'}` : fill}`,
    why: 'In batches that each commit on their own, so no row stays locked for long.',
    up: `update ${nameText(table)} set ${name} = ${fill} where ${name} is null;`,
    down: {
      kind: 'sql',
      sql: '-- Nothing is taken back: which rows were NULL is not written down anywhere.\nselect 1;',
      loses: [`${nameText(table)}.${name}`],
    },
    table: nameText(table),
    key,
    gates: [],
  }
}

function validateCheck(table: Name, column: Column, check: string, filled: boolean): SqlStep {
  const definition = `check (${quoteName(column.name)} is not null)`
  return {
    kind: 'sql',
    id: 'validate',
    phase: 'contract',
    title: 'Prove that no row holds NULL',
    why: 'The server reads every row while reads and writes go on, and refuses when it finds a NULL; then nothing is changed.',
    up: validate(table, check),
    down: { kind: 'sql', sql: lines(dropConstraint(table, check), addNotValid(table, check, definition)), loses: [] },
    transaction: true,
    lock: 'SHARE UPDATE EXCLUSIVE',
    holds: 'scan',
    gates: filled ? [backfillComplete] : [],
  }
}

/** `helper`: the check that was made for this and goes again; undefined: one of the user's proves it and stays. */
function setIt(table: Name, column: Column, helper: string | undefined): SqlStep {
  const definition = `check (${quoteName(column.name)} is not null)`
  const again = alterColumn(table, column.name, 'drop not null')
  return {
    kind: 'sql',
    id: 'set-not-null',
    phase: 'contract',
    title: 'Set NOT NULL',
    why: 'The validated check is the proof, so no row is read and the lock lasts a moment.',
    up: lines(
      alterColumn(table, column.name, 'set not null'),
      helper === undefined ? [] : dropConstraint(table, helper),
    ),
    down:
      helper === undefined
        ? { kind: 'sql', sql: again, loses: [] }
        : { kind: 'sql', sql: lines(addThenValidate(table, helper, definition), again), loses: [], transaction: false },
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [],
  }
}

function notesFor(fact: SetNotNull, context: RecipeContext): readonly string[] {
  const column = context.schema.table(fact.table)?.columns.get(fact.column)
  const known = context.fill !== undefined || (column?.default !== undefined && !column.default.isNull)
  if (known) return ['Which rows were NULL before is lost once they are filled.']
  return [
    `Rows that hold NULL now are not filled, because nothing says with what. If there are any, the step "validate" fails and changes nothing: fill them first, or plan with --fill and an SQL expression. To see them: select count(*) from ${nameText(fact.table)} where ${quoteName(fact.column)} is null;`,
  ]
}
