import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { SqlStep, StepDown } from '../../model/plan.ts'
import type { TypeName } from '../../model/type.ts'
import { retention } from '../retire/retire.ts'
import { approval, backfillComplete, stepWord } from './after-backfill.ts'
import type { Carried } from './carried.ts'
import { columnDefinition } from './column-copy.ts'
import {
  addThenValidate,
  alterColumn,
  alterTable,
  besides,
  dropConstraint,
  lines,
  renameConstraint,
  setNotNullProven,
} from './sql.ts'

/** The column that goes, under the names that it and its indexes and constraints have at that time. */
export interface OldColumn {
  readonly table: Name
  readonly name: string
  readonly type: TypeName
  readonly collation: string | undefined
  readonly items: readonly { readonly carried: Carried; readonly name: string; readonly definition: string }[]
  /** Stops what keeps it in step. */
  readonly stop: string
  /** Done after the column is gone, and taken back before it returns. */
  readonly after: readonly string[]
  readonly before: readonly string[]
  /** How it comes back; undefined: its values cannot be had again. */
  readonly back: Return | undefined
  readonly loses: readonly string[]
}

/** The way back of a column that is gone. Its statements commit one by one, while the application goes on. */
export interface Return {
  /** Its value from the rest of the row, and SQL that is true where it does not have that value yet. */
  readonly value: string
  readonly stale: string
  /** Lets it follow every write from the moment it is there. */
  readonly follow: string
  readonly default: string | undefined
  /** Name of a check that stands in for NOT NULL meanwhile; undefined where it may be NULL. */
  readonly notNull: string | undefined
  /** What keeps it in step from then on, once every row is filled; nothing where `follow` does already. */
  readonly keep: readonly string[]
  /** The check that it agrees with the column that stays. */
  readonly agreement: { readonly name: string; readonly definition: string } | undefined
}

/** Foreign keys first and on their own: dropping one locks the referenced table as well. */
export function* dropOld(old: OldColumn): Generator<SqlStep> {
  for (const { carried, name, definition } of old.items) {
    if (carried.kind === 'foreign-key') yield dropReference(old.table, name, definition)
  }
  yield dropColumn(old)
}

function dropReference(table: Name, name: string, definition: string): SqlStep {
  return {
    kind: 'sql',
    id: `drop-reference-${stepWord(name)}`,
    phase: 'contract',
    title: `Drop the old column’s foreign key ${quoteName(name)}`,
    why: 'Dropping a foreign key locks the referenced table as well, so it is done on its own and first.',
    up: dropConstraint(table, name),
    down: { kind: 'sql', sql: lines(addThenValidate(table, name, definition)), loses: [], transaction: false },
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [backfillComplete, approval],
  }
}

function dropColumn(old: OldColumn): SqlStep {
  const column = quoteName(old.name)
  return {
    kind: 'sql',
    id: 'drop-old',
    phase: 'contract',
    title: `Stop keeping ${column} in step, and drop it`,
    why: `Triggers and column go in one transaction: with one of them gone and the other still there, every write would fail. ${old.back === undefined ? '' : 'The downgrade adds the column again, lets it follow every write, fills it and builds beside the traffic what was on it; its UPDATE locks the rows until all are filled.'}`.trim(),
    up: lines(old.stop, alterTable(old.table, `drop column ${column}`), old.after),
    down: wayBack(old),
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [backfillComplete, approval, ...(isLost(old) ? [retention] : [])],
  }
}

/** The column has values that cannot be made again from the one that stays. */
function isLost({ back, loses }: OldColumn): boolean {
  return back === undefined || loses.length > 0
}

function wayBack(old: OldColumn): StepDown {
  const { table, back } = old
  const column = quoteName(old.name)
  if (back === undefined)
    return { kind: 'none', reason: `no expression is known that gives the values of ${column} back` }
  const { agreement } = back
  const sql = lines(
    old.before,
    alterTable(table, columnDefinition(old.name, old.type, old.collation)),
    back.follow,
    `update ${nameText(table)} set ${column} = ${back.value} where ${back.stale};`,
    back.default === undefined ? [] : alterColumn(table, old.name, `set default ${back.default}`),
    back.notNull === undefined ? [] : setNotNullProven(table, old.name, back.notNull),
    old.items.flatMap((item) => restore(table, item)),
    back.keep,
    agreement === undefined ? [] : addThenValidate(table, agreement.name, agreement.definition),
  )
  return { kind: 'sql', sql, loses: old.loses, transaction: false }
}

/** Beside the traffic; a foreign key has a step of its own. */
function restore(table: Name, { carried, name, definition }: OldColumn['items'][number]): readonly string[] {
  const quoted = quoteName(name)
  const on = `index concurrently ${quoted} on ${nameText(table)}`
  switch (carried.kind) {
    case 'index':
      return [`create ${carried.unique ? 'unique ' : ''}${on} ${definition};`]
    case 'unique':
      return [
        `create unique ${on} ${definition.replace(/^unique /, '')};`,
        alterTable(table, `add constraint ${quoted} unique using index ${quoted}`),
      ]
    case 'check':
      return addThenValidate(table, name, definition)
    case 'foreign-key':
      return []
  }
}

/** Gives an index or constraint another name. */
export function renameCarried(table: Name, kind: Carried['kind'], from: string, to: string): string {
  if (kind !== 'index') return renameConstraint(table, from, to)
  return `alter index ${nameText(besides(table, from))} rename to ${quoteName(to)};`
}
