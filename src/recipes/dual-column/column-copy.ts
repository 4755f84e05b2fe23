import type { Dialect } from '../../dialects/dialect.ts'
import type { Name } from '../../model/name.ts'
import { quoteName } from '../../model/name.ts'
import type { TypedColumn, Schema, Table } from '../../model/schema.ts'
import type { TypeName } from '../../model/type.ts'
import type { Carried } from './carried.ts'
import { carriedOver } from './carried.ts'
import { differ, same } from './compare.ts'
import { helperPrefix } from './helper-names.ts'
import { backfillKey, knownTable, refuseObstacles, typedColumn } from './obstacles.ts'
import { addNotValid } from './sql.ts'

/** A second column that takes over from a first: what the steps of both recipes are written from. */
export interface ColumnCopy {
  /** As the statement names it, so that the plan's SQL does too. */
  readonly table: Name
  readonly state: Table
  readonly column: TypedColumn
  /** Names while both columns are there. */
  readonly from: string
  readonly to: string
  readonly type: TypeName
  readonly collation: string | undefined
  /** The copy's value, from the columns of the row: a column's name, or an expression. */
  readonly value: string
  /** SQL that is true where the copy has the value that follows from the row, and where it has not. */
  readonly agrees: string
  readonly stale: string
  readonly key: string
  readonly prefix: string
  readonly carried: readonly Carried[]
}

export interface CopyRequest {
  readonly schema: Schema
  readonly dialect: Dialect
  readonly change: string
  readonly table: Name
  readonly column: string
  /** The copy's name, chosen once the table is known. */
  to(table: Table): string
  readonly type?: TypeName
  readonly collation?: string | undefined
  readonly using?: string | undefined
}

/** @throws ToolkitError `plan-impossible` when something stands in the way of a copy */
export function columnCopy(request: CopyRequest): ColumnCopy {
  const state = knownTable(request.schema, request.table)
  const column = typedColumn(state, request.column)
  refuseObstacles(request.schema, state, column)
  const from = request.column
  const to = request.to(state)
  const type = request.type ?? column.type
  const collation = request.collation ?? (request.type === undefined ? column.collation : undefined)
  const value = request.using ?? quoteName(from)
  const converted = request.type === undefined ? value : `(${value})::${type.sql}`
  return {
    table: request.table,
    state,
    column,
    from,
    to,
    type,
    collation,
    value,
    agrees: same(quoteName(to), converted, type, collation),
    stale: differ(quoteName(to), converted, type, collation),
    key: backfillKey(state),
    prefix: helperPrefix(request.change),
    carried: carriedOver({ table: state, from, to, dialect: request.dialect }),
  }
}

/** `add column title text collate "C"`. */
export function columnDefinition(name: string, type: TypeName, collation: string | undefined): string {
  return `add column ${quoteName(name)} ${type.sql}${collation === undefined ? '' : ` collate ${quoteName(collation)}`}`
}

/** Name of the check that both columns agree: it holds for every write, and once it is validated for every row. */
export function agreementName(copy: ColumnCopy): string {
  return `${copy.prefix}_agrees_check`
}

/** Name of the check that stands in for the copy's NOT NULL until that can be had without a scan. */
export function notNullName(copy: ColumnCopy): string {
  return `${copy.prefix}_not_null_check`
}

/** The constraints that the copy has from the beginning, not yet valid for the rows that were there before. */
export function earlyConstraints(copy: ColumnCopy): readonly string[] {
  const statements = [addNotValid(copy.table, agreementName(copy), `check (${copy.agrees})`)]
  if (copy.column.notNull)
    statements.push(addNotValid(copy.table, notNullName(copy), `check (${quoteName(copy.to)} is not null)`))
  for (const item of copy.carried) {
    if (item.kind === 'check') statements.push(addNotValid(copy.table, item.temporary, item.onNew))
  }
  return statements
}
