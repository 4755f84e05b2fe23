import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { PlanStep, SqlStep, StepGate } from '../../model/plan.ts'
import type { Carried } from './carried.ts'
import { agreementName, notNullName } from './column-copy.ts'
import type { ColumnCopy } from './column-copy.ts'
import { suffixed } from './helper-names.ts'
import {
  addNotValid,
  addThenValidate,
  alterColumn,
  alterTable,
  besides,
  dropConstraint,
  lines,
  validate,
} from './sql.ts'

/** Everything before it in the change has to be done; the change is the migration's own. */
export const backfillComplete: StepGate = { gate: 'backfill-complete', options: {} }

/** A person has to agree: asked where something is taken away from the version that ran before. */
export const approval: StepGate = { gate: 'approval', options: {} }

/** What is the same whatever the copy is for: fill it, build its indexes, prove that it is right. */
export function* fillAndProve(copy: ColumnCopy): Generator<PlanStep> {
  yield backfill(copy)
  for (const item of copy.carried) {
    if (item.kind === 'index' || item.kind === 'unique') yield buildIndex(copy, item)
    if (item.kind === 'foreign-key') yield addReference(copy, item)
  }
  yield validateAll(copy)
  for (const item of copy.carried) if (item.kind === 'foreign-key') yield validateReference(copy, item)
}

/** NOT NULL and UNIQUE, for which everything is in place: the first thing to do in the contract phase. */
export function* tighten(copy: ColumnCopy): Generator<SqlStep> {
  const keys = copy.carried.filter(({ kind }) => kind === 'unique')
  if (copy.column.notNull || keys.length > 0) yield finish(copy, keys)
}

function backfill(copy: ColumnCopy): PlanStep {
  const to = quoteName(copy.to)
  return {
    kind: 'backfill',
    id: 'backfill',
    phase: 'backfill',
    title: `Fill ${to} in the rows that were there before`,
    why: `The triggers fill ${to} in every row that is written from now on; this fills the others, in batches that each commit on their own. It writes only rows that need it, so it can be stopped, resumed and repeated.`,
    up: `update ${nameText(copy.table)} set ${to} = ${copy.value} where ${copy.stale};`,
    down: {
      kind: 'sql',
      sql: `-- Nothing to take back: ${to} stays in step with ${quoteName(copy.from)} for as long as it is there.\nselect 1;`,
      loses: [],
    },
    table: nameText(copy.table),
    key: copy.key,
    gates: [],
  }
}

function buildIndex(copy: ColumnCopy, item: Carried): SqlStep {
  const columns = item.kind === 'index' ? item.onNew : item.onNew.replace(/^unique /, '')
  const name = quoteName(item.temporary)
  return {
    kind: 'sql',
    id: `index-${stepWord(item.name)}`,
    phase: 'expand',
    title: `Build the counterpart of index ${quoteName(item.name)}`,
    why: 'Built after the backfill, once, in sorted order; earlier, every row that the backfill writes would have to go into it. CONCURRENTLY lets writes go on.',
    up: `create ${item.unique ? 'unique ' : ''}index concurrently ${name} on ${nameText(copy.table)} ${columns};`,
    down: { kind: 'sql', sql: `drop index concurrently ${nameText(besides(copy.table, item.temporary))};`, loses: [] },
    transaction: false,
    lock: 'SHARE UPDATE EXCLUSIVE',
    holds: 'scan',
    gates: [backfillComplete],
  }
}

function addReference(copy: ColumnCopy, item: Carried): SqlStep {
  return {
    kind: 'sql',
    id: `reference-${stepWord(item.name)}`,
    phase: 'expand',
    title: `Add the counterpart of foreign key ${quoteName(item.name)}`,
    why: 'NOT VALID: it holds for new writes at once and reads no row. A step of its own, because it locks the referenced table as well.',
    up: addNotValid(copy.table, item.temporary, item.onNew),
    down: { kind: 'sql', sql: dropConstraint(copy.table, item.temporary), loses: [] },
    transaction: true,
    lock: 'SHARE ROW EXCLUSIVE',
    holds: 'moment',
    gates: [],
  }
}

function validateAll(copy: ColumnCopy): SqlStep {
  const constraints = validated(copy)
  return {
    kind: 'sql',
    id: 'validate',
    phase: 'expand',
    title: `Prove that ${quoteName(copy.to)} is right in every row`,
    why: `The server reads every row and refuses if one does not agree with ${quoteName(copy.from)} or breaks a constraint: nothing is taken on trust from the backfill. Reads and writes go on meanwhile. ANALYZE tells the query planner about the column before queries use it.`,
    up: lines(
      constraints.map(({ name }) => validate(copy.table, name)),
      `analyze ${nameText(copy.table)} (${quoteName(copy.to)});`,
    ),
    down: {
      kind: 'sql',
      sql: lines(
        constraints.flatMap(({ name, definition }) => [
          dropConstraint(copy.table, name),
          addNotValid(copy.table, name, definition),
        ]),
      ),
      loses: [],
    },
    transaction: true,
    lock: 'SHARE UPDATE EXCLUSIVE',
    holds: 'scan',
    gates: [backfillComplete],
  }
}

/** A step of its own: its downgrade locks the referenced table as well. */
function validateReference(copy: ColumnCopy, item: Carried): SqlStep {
  const { table } = copy
  return {
    kind: 'sql',
    id: `validate-reference-${stepWord(item.name)}`,
    phase: 'expand',
    title: `Prove that every ${quoteName(copy.to)} is there in the referenced table`,
    why: 'The server looks up every row while reads and writes of both tables go on.',
    up: validate(table, item.temporary),
    down: {
      kind: 'sql',
      sql: lines(dropConstraint(table, item.temporary), addNotValid(table, item.temporary, item.onNew)),
      loses: [],
    },
    transaction: true,
    lock: 'SHARE UPDATE EXCLUSIVE',
    holds: 'scan',
    gates: [backfillComplete],
  }
}

/** The constraints of the copy, foreign keys left out, that are not valid for all rows before the proof. */
function validated(copy: ColumnCopy): readonly { readonly name: string; readonly definition: string }[] {
  const all = [{ name: agreementName(copy), definition: `check (${copy.agrees})` }]
  if (copy.column.notNull)
    all.push({ name: notNullName(copy), definition: `check (${quoteName(copy.to)} is not null)` })
  for (const item of copy.carried) {
    if (item.kind === 'check') all.push({ name: item.temporary, definition: item.onNew })
  }
  return all
}

function finish(copy: ColumnCopy, keys: readonly Carried[]): SqlStep {
  const to = quoteName(copy.to)
  const notNull = copy.column.notNull
  return {
    kind: 'sql',
    id: 'tighten',
    phase: 'contract',
    title: notNull ? `Set ${to} NOT NULL${keys.length > 0 ? ' and unique' : ''}` : `Make ${to} unique`,
    why: 'Only the catalogue changes: the validated check proves that there is no NULL, and the unique index is built already.',
    up: lines(
      notNull ? [alterColumn(copy.table, copy.to, 'set not null'), dropConstraint(copy.table, notNullName(copy))] : [],
      keys.map(({ temporary }) =>
        alterTable(copy.table, `add constraint ${quoteName(temporary)} unique using index ${quoteName(temporary)}`),
      ),
    ),
    down: {
      kind: 'sql',
      sql: lines(
        keys.flatMap((key) => indexWithoutConstraint(copy.table, key)),
        notNull
          ? [
              addThenValidate(copy.table, notNullName(copy), `check (${to} is not null)`),
              alterColumn(copy.table, copy.to, 'drop not null'),
            ].flat()
          : [],
      ),
      loses: [],
      transaction: false,
    },
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [backfillComplete],
  }
}

/** The index goes with its constraint, so another is there before: no moment lets a duplicate in. */
function indexWithoutConstraint(table: Name, { temporary, onNew }: Carried): readonly string[] {
  const again = suffixed(temporary, '_again')
  return [
    `create unique index concurrently ${quoteName(again)} on ${nameText(table)} ${onNew.replace(/^unique /, '')};`,
    dropConstraint(table, temporary),
    `alter index ${nameText(besides(table, again))} rename to ${quoteName(temporary)};`,
  ]
}

/** A name as a part of a step's id: letters, digits and hyphens. */
export function stepWord(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
