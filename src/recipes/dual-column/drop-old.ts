import { nameText, quoteName } from '../../model/name.ts'
import type { Name } from '../../model/name.ts'
import type { SqlStep, StepDown } from '../../model/plan.ts'
import type { TypeName } from '../../model/type.ts'
import { approval, backfillComplete, stepWord } from './after-backfill.ts'
import type { Carried } from './carried.ts'
import { columnDefinition } from './column-copy.ts'
import { alterTable, besides, dropConstraint, lines, renameConstraint } from './sql.ts'

/** The column that goes, under the names that it and its indexes and constraints have at that time. */
export interface OldColumn {
  readonly table: Name
  readonly name: string
  readonly type: TypeName
  readonly collation: string | undefined
  readonly items: readonly { readonly carried: Carried; readonly name: string; readonly definition: string }[]
  /** Stops what keeps it in step, and starts it again. */
  readonly stop: string
  readonly start: string
  /** Done after the column is gone, and taken back before it returns. */
  readonly after: readonly string[]
  readonly before: readonly string[]
  /** Done once the column is back and filled: default, NOT NULL, checks. */
  readonly restored: readonly string[]
  /** Its value from the rest of the row; undefined: it cannot be had again. */
  readonly value: string | undefined
  readonly loses: readonly string[]
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
    down: { kind: 'sql', sql: alterTable(table, `add constraint ${quoteName(name)} ${definition}`), loses: [] },
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
    why: `Triggers and column go in one transaction: with one of them gone and the other still there, every write would fail. ${old.value === undefined ? '' : 'The downgrade adds the column again and fills it in one go, which blocks the table for as long as that takes.'}`.trim(),
    up: lines(old.stop, alterTable(old.table, `drop column ${column}`), old.after),
    down: wayBack(old),
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [backfillComplete, approval],
  }
}

function wayBack(old: OldColumn): StepDown {
  if (old.value === undefined) {
    return { kind: 'none', reason: `no expression is known that gives the values of ${quoteName(old.name)} back` }
  }
  const column = quoteName(old.name)
  const sql = lines(
    old.before,
    alterTable(old.table, columnDefinition(old.name, old.type, old.collation)),
    `update ${nameText(old.table)} set ${column} = ${old.value};`,
    old.restored,
    old.items.filter(({ carried }) => carried.kind !== 'foreign-key').map((item) => restore(old.table, item)),
    old.start,
  )
  return { kind: 'sql', sql, loses: old.loses }
}

function restore(table: Name, { carried, name, definition }: OldColumn['items'][number]): string {
  if (carried.kind === 'index')
    return `create ${carried.unique ? 'unique ' : ''}index ${quoteName(name)} on ${nameText(table)} ${definition};`
  return alterTable(table, `add constraint ${quoteName(name)} ${definition}`)
}

/** Gives an index or constraint another name. */
export function renameCarried(table: Name, kind: Carried['kind'], from: string, to: string): string {
  if (kind !== 'index') return renameConstraint(table, from, to)
  return `alter index ${nameText(besides(table, from))} rename to ${quoteName(to)};`
}
