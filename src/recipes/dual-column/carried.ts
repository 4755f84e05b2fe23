import type { Dialect } from '../../dialects/dialect.ts'
import type { ForeignKeyConstraint } from '../../model/constraint.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Constraint, Index, Table } from '../../model/schema.ts'
import { suffixed } from './helper-names.ts'
import { impossible } from './impossible.ts'

/**
 * An index or constraint on a column, which does not follow the column's name: it is built again on the column's copy,
 * under another name for as long as both are there.
 */
export interface Carried {
  readonly kind: 'check' | 'foreign-key' | 'unique' | 'index'
  readonly name: string
  readonly temporary: string
  /** What it is on the column and on its copy: `check (…)`, `foreign key (…) references …`, `unique (…)`, `using btree (…)`. */
  readonly onOld: string
  readonly onNew: string
  readonly unique: boolean
}

export interface Copy {
  readonly table: Table
  readonly from: string
  readonly to: string
  readonly dialect: Dialect
}

/** @throws ToolkitError `plan-impossible` for what cannot be built again as it is */
export function carriedOver(copy: Copy): readonly Carried[] {
  const carried: Carried[] = []
  for (const constraint of copy.table.constraints.values()) {
    const one = carriedConstraint(constraint, copy)
    if (one !== undefined) carried.push(one)
  }
  for (const index of copy.table.indexes.values()) {
    if (index.constraint === undefined && index.usesColumns.includes(copy.from)) carried.push(carriedIndex(index, copy))
  }
  return carried
}

function carriedConstraint(constraint: Constraint, copy: Copy): Carried | undefined {
  if (!columnsOf(constraint).includes(copy.from)) return undefined
  refuseUnusual(constraint, copy)
  const item = {
    name: constraint.name,
    temporary: suffixed(constraint.name, '_new'),
    unique: constraint.type === 'unique',
  }
  switch (constraint.type) {
    case 'check': {
      const renamed = copy.dialect.mapColumns(constraint.expression.sql, (column) =>
        quoteName(renamedColumn(column, copy)),
      )
      return { ...item, kind: 'check', onOld: `check (${constraint.expression.sql})`, onNew: `check (${renamed})` }
    }
    case 'unique':
      return {
        ...item,
        kind: 'unique',
        onOld: `unique ${columnList(constraint.columns)}`,
        onNew: `unique ${renamedList(constraint.columns, copy)}`,
      }
    case 'foreign-key':
      return {
        ...item,
        kind: 'foreign-key',
        onOld: foreignKeySql(constraint),
        onNew: `foreign key ${renamedList(constraint.columns, copy)} ${referenceSql(constraint)}`,
      }
    default:
      return undefined
  }
}

function carriedIndex(index: Index, copy: Copy): Carried {
  if (index.plain !== true || index.columns.includes('')) {
    throw impossible(
      `Index ${nameText(index.name)} uses column ${quoteName(copy.from)} in an expression, a condition or with options that a plan cannot repeat.`,
      'Drop the index in a migration before the plan, and create it on the new column in one after it.',
    )
  }
  return {
    kind: 'index',
    name: index.name.name,
    temporary: suffixed(index.name.name, '_new'),
    onOld: `using ${index.method} ${columnList(index.columns)}`,
    onNew: `using ${index.method} ${renamedList(index.columns, copy)}`,
    unique: index.unique,
  }
}

function columnsOf(constraint: Constraint): readonly string[] {
  if (constraint.type === 'check') return constraint.expression.columns
  return constraint.type === 'not-null' ? [] : constraint.columns
}

function refuseUnusual(constraint: Constraint, { from }: Copy): void {
  const what = `Constraint ${quoteName(constraint.name)} on column ${quoteName(from)}`
  if (constraint.type === 'primary-key' || constraint.type === 'exclude') {
    throw impossible(
      `${what} is ${constraint.type === 'exclude' ? 'an exclusion constraint' : 'the primary key'}, which no recipe carries over to another column yet.`,
      'Plan this change by hand, with a new column or a new table.',
    )
  }
  if (!constraint.valid || !constraint.enforced) {
    throw impossible(`${what} is not valid for every row.`, 'Validate or drop it in a migration before the plan.')
  }
  const saysMore = (constraint.type === 'unique' || constraint.type === 'foreign-key') && constraint.saysMore === true
  if (saysMore || (constraint.type === 'unique' && constraint.deferrable)) {
    throw impossible(
      `${what} has options that a plan cannot repeat.`,
      'Drop it in a migration before the plan, and add it on the new column in one after it.',
    )
  }
}

/** The foreign key as a table constraint writes it; what `saysMore` stands for is not among it. */
export function foreignKeySql(key: ForeignKeyConstraint): string {
  return `foreign key ${columnList(key.columns)} ${referenceSql(key)}`
}

function referenceSql(key: ForeignKeyConstraint): string {
  const columns = key.referencedColumns.length === 0 ? '' : ` ${columnList(key.referencedColumns)}`
  const onDelete = key.onDelete === 'no action' ? '' : ` on delete ${key.onDelete}`
  return `references ${nameText(key.references)}${columns}${onDelete}${key.deferrable ? ' deferrable' : ''}`
}

function renamedColumn(column: string, { from, to }: Copy): string {
  return column === from ? to : column
}

function columnList(columns: readonly string[]): string {
  return `(${columns.map(quoteName).join(', ')})`
}

function renamedList(columns: readonly string[], copy: Copy): string {
  return columnList(columns.map((column) => renamedColumn(column, copy)))
}
