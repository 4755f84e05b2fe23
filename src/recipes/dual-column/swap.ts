import { nameText, quoteName } from '../../model/name.ts'
import type { SqlStep } from '../../model/plan.ts'
import { approval, backfillComplete } from './after-backfill.ts'
import type { Carried } from './carried.ts'
import { agreementName } from './column-copy.ts'
import type { ColumnCopy } from './column-copy.ts'
import type { WayBack } from './conversion.ts'
import { renameCarried } from './drop-old.ts'
import type { OldColumn, Return } from './drop-old.ts'
import { suffixed } from './helper-names.ts'
import { allowing, alterColumn, alterTable, dropConstraint, lines, renameColumn } from './sql.ts'
import type { Sync } from './sync.ts'

/** What the steps of the way through a second column share. */
export interface Swap {
  readonly copy: ColumnCopy
  /** The old column's name after the swap. */
  readonly retired: string
  /** The old column's indexes and constraints, as they are on it under that name. */
  readonly retiredItems: readonly Carried[]
  readonly forward: Sync
  /** Makes open sessions read the table's trigger functions anew. */
  readonly readAnew: readonly string[]
  /** Keeps the old column in step after the swap; undefined where the way back is not known. */
  readonly back: { readonly value: WayBack; readonly stale: string; readonly sync: Sync } | undefined
}

/** The new column takes the name over; the old one, and all that is on it, steps aside under another. */
export function swapNames(swap: Swap): SqlStep {
  const { copy, retired, back } = swap
  const { table, column } = copy
  const value = column.default
  return {
    kind: 'sql',
    id: 'swap',
    phase: 'contract',
    title: `Give the name ${quoteName(copy.from)} to the column of the new type`,
    why: `Both renames are one transaction: no statement ever finds the name missing. ${back === undefined ? 'The old column is kept as it is, but what is written from now on does not reach it.' : 'From here on the old column follows the new one, so that this step can be taken back without losing what was written since.'}`,
    up: lines(
      swap.forward.remove,
      dropConstraint(table, agreementName(copy)),
      column.notNull ? alterColumn(table, copy.from, 'drop not null') : [],
      value === undefined ? [] : alterColumn(table, copy.from, 'drop default'),
      renameColumn(table, copy.from, retired),
      renameColumn(table, copy.to, copy.from),
      value === undefined ? [] : alterColumn(table, copy.from, `set default ${carriedDefault(copy)}`),
      copy.carried.map((item) => renameCarried(table, item.kind, item.name, suffixed(item.name, '_old'))),
      copy.carried.map((item) => renameCarried(table, item.kind, item.temporary, item.name)),
      back?.sync.install,
      swap.readAnew,
    ),
    down:
      back === undefined
        ? { kind: 'none', reason: 'the new type’s values cannot be turned back into the old type’s' }
        : { kind: 'sql', sql: swapBack(swap, back.sync), loses: [] },
    transaction: true,
    lock: 'ACCESS EXCLUSIVE',
    holds: 'moment',
    gates: [backfillComplete, approval],
  }
}

/** A bare string gets the old type, as the server does it: the literal keeps the type that it was read as. */
function carriedDefault({ column }: ColumnCopy): string {
  const sql = column.default?.sql ?? 'null'
  return /^'(?:[^']|'')*'$/.test(sql) ? `${sql}::${column.type.name}` : sql
}

/** Why the way back reads the rows under its lock. */
const refusesWhole =
  'both names change hands in one transaction, which has to refuse as a whole when a value does not fit the old type'

/** Refuses, through the check that the columns agree, when a value was written since that the old type cannot hold. */
function swapBack({ copy, retired, forward, readAnew: again }: Swap, sync: Sync): string {
  const { table, column } = copy
  const value = column.default
  return lines(
    sync.remove,
    copy.carried.map((item) => renameCarried(table, item.kind, item.name, item.temporary)),
    copy.carried.map((item) => renameCarried(table, item.kind, suffixed(item.name, '_old'), item.name)),
    value === undefined ? [] : alterColumn(table, copy.from, 'drop default'),
    renameColumn(table, copy.from, copy.to),
    renameColumn(table, retired, copy.from),
    value === undefined ? [] : alterColumn(table, copy.from, `set default ${value.sql}`),
    column.notNull
      ? allowing('set-not-null-without-check', refusesWhole, alterColumn(table, copy.from, 'set not null'))
      : [],
    allowing(
      'add-check-validated',
      refusesWhole,
      alterTable(table, `add constraint ${quoteName(agreementName(copy))} check (${copy.agrees})`),
    ),
    forward.install,
    again,
  )
}

/** The old column after the swap, as what is to be dropped. */
export function retiredColumn({ copy, retired, retiredItems, back }: Swap): OldColumn {
  const { table, column } = copy
  return {
    table,
    name: retired,
    type: column.type,
    collation: column.collation,
    items: retiredItems.map((item) => ({ carried: item, name: suffixed(item.name, '_old'), definition: item.onNew })),
    stop: back?.sync.remove ?? '',
    after: [],
    before: [],
    back: back === undefined ? undefined : returning(back),
    loses: back?.value.total === true ? [] : [`${nameText(table)}.${quoteName(retired)}`],
  }
}

function returning({ value, stale, sync }: NonNullable<Swap['back']>): Return {
  return {
    value: value.sql,
    stale,
    follow: sync.install,
    default: undefined,
    notNull: undefined,
    keep: [],
    agreement: undefined,
  }
}
