import type { Name } from '../../model/name.ts'
import { nameText, quoteName } from '../../model/name.ts'
import type { Column, Schema, Table, TypedColumn } from '../../model/schema.ts'
import { impossible } from './impossible.ts'

/** @throws ToolkitError `plan-impossible` when the history does not tell what the table or the column is */
export function knownTable(schema: Schema, name: Name): Table {
  const table = schema.table(name)
  if (table !== undefined) return table
  const what = schema.view(name) === undefined ? 'is not known: no migration of the history creates it' : 'is a view'
  throw impossible(
    `Table ${nameText(name)} ${what}.`,
    'A plan needs the table’s columns, constraints and indexes. Put the migration that creates it into the directory, or name the directory with --dir.',
  )
}

/** @throws ToolkitError `plan-impossible` when the table has no such column */
export function knownColumn(table: Table, name: string): Column {
  const column = table.columns.get(name)
  if (column !== undefined) return column
  const names = [...table.columns.keys()].map(quoteName).join(', ')
  throw impossible(
    `Table ${nameText(table.name)} has no column ${quoteName(name)}.`,
    names === '' ? 'Its columns are not known from the history.' : `Its columns are ${names}.`,
  )
}

/** @throws ToolkitError `plan-impossible` when the table has no such column, or nobody knows of which type */
export function typedColumn(table: Table, name: string): TypedColumn {
  const column = knownColumn(table, name)
  const { type } = column
  if (type !== undefined) return { ...column, type }
  throw impossible(
    `The type of ${nameText(table.name)}.${quoteName(name)} is not known from the history: a query made the table.`,
    'Plan on what the database holds, which knows it: --url or --snapshot.',
  )
}

/**
 * The column that a backfill of the table is cut by.
 *
 * @throws ToolkitError `plan-impossible` when the table has no primary key of one column
 */
export function backfillKey(table: Table): string {
  for (const constraint of table.constraints.values()) {
    const [key] = constraint.type === 'primary-key' ? constraint.columns : []
    if (key !== undefined && constraint.type === 'primary-key' && constraint.columns.length === 1) return key
  }
  throw impossible(
    `Table ${nameText(table.name)} has no primary key of one column, so its rows cannot be cut into batches.`,
    'Give it one, or write the backfill by hand.',
  )
}

/**
 * Refuses what hangs on the column and can neither follow it nor be built again.
 *
 * @throws ToolkitError `plan-impossible` that names it
 */
export function refuseObstacles(schema: Schema, table: Table, column: Column): void {
  const where = `${nameText(table.name)}.${quoteName(column.name)}`
  const view = schema.viewsOn(table.name, column.name)[0]
  if (view !== undefined) {
    throw impossible(
      `View ${nameText(view.name)} reads ${where} and would go on reading the old column.`,
      'Drop the view in a migration before the plan, and create it again in one after it.',
    )
  }
  const own = [...table.constraints.values()].find(
    (one) => one.type === 'foreign-key' && schema.table(one.references) === table && names(one, column.name),
  )
  if (own !== undefined) {
    throw impossible(
      `Foreign key ${quoteName(own.name)} of the table itself points at ${where}.`,
      'Drop the foreign key in a migration before the plan, and add it again in one after it.',
    )
  }
  const pointing = schema.foreignKeysTo(table.name).find(({ constraint }) => names(constraint, column.name))
  if (pointing !== undefined) {
    throw impossible(
      `Foreign key ${quoteName(pointing.constraint.name)} of table ${nameText(pointing.table.name)} points at ${where}.`,
      'Drop the foreign key in a migration before the plan, and add it again in one after it.',
    )
  }
  const reason = obstacleOfTable(table) ?? obstacleOfColumn(table, column)
  if (reason !== undefined)
    throw impossible(`${where}: ${reason}.`, 'Plan this change by hand, with a new column or a new table.')
}

function names(
  constraint: { readonly type: string; readonly referencedColumns?: readonly string[] },
  column: string,
): boolean {
  return constraint.referencedColumns?.includes(column) === true
}

function obstacleOfTable(table: Table): string | undefined {
  if (table.partitionBy !== undefined || table.partitionOf !== undefined)
    return 'the table is partitioned or a partition, and indexes of such tables cannot be built beside the traffic in one step'
  if (table.rowSecurity) return 'the table has row security, and its policies may name the column'
  return undefined
}

function obstacleOfColumn(table: Table, column: Column): string | undefined {
  if (column.generated !== undefined) return 'the column is generated'
  if (column.identity !== undefined)
    return 'the column is an identity, and its sequence cannot be moved to another column'
  if (
    column.default?.functions.some((name) => name.endsWith('nextval')) === true ||
    /serial/.test(column.type?.name ?? '')
  )
    return 'the column takes its values from a sequence that belongs to it'
  if ([...table.columns.values()].some(({ generated }) => generated !== undefined))
    return 'the table has a generated column, which may be made from this one'
  return undefined
}

/** What is not known from migrations, said once in every plan that copies a column. */
export function unknownNotes(schema: Schema, table: Table): readonly string[] {
  const notes = [
    'The column ends as the last one of the table: an INSERT without a list of columns puts its values elsewhere from the first step of the contract phase on.',
    'Comments, grants on the column, statistics targets and publications with a column list are not carried over.',
  ]
  if (table.triggers.size > 0)
    notes.push(
      `The functions of the table’s triggers (${[...table.triggers.keys()].map(quoteName).join(', ')}) are not looked into: change those that name the column before the contract phase.`,
    )
  if (!schema.complete)
    notes.push(
      'The history holds SQL that is not understood: look with \\d whether anything else hangs on the column, such as a view or an index.',
    )
  return notes
}
