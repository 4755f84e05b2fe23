import type { TableUse } from '../../model/fact.ts'
import type { Name } from '../../model/name.ts'
import type { Catalogue } from './catalogue.ts'

export interface ResolvedUse extends TableUse {
  readonly table: Required<Name>
}

/**
 * What a query reads, with the schemas of its tables and with the columns that they have now: a bare name is of the one
 * that has such a column, and a row that is used as a whole is no use of its columns.
 */
export function resolvedUses(catalogue: Catalogue, uses: readonly TableUse[]): readonly ResolvedUse[] {
  const resolved = uses.map((use) => ({ ...use, table: catalogue.resolve(use.table, 'relation') }))
  return resolved.map((use) => {
    const others = resolved.filter((other) => other !== use)
    const isElsewhere = (column: string): boolean => others.some(({ table }) => hasColumn(catalogue, table, column))
    const columns = use.columns.filter(
      (column) => hasColumn(catalogue, use.table, column) || !(use.wholeRow === true || isElsewhere(column)),
    )
    return { ...use, columns, star: use.star && use.wholeRow !== true }
  })
}

function hasColumn(catalogue: Catalogue, table: Required<Name>, column: string): boolean {
  return catalogue.table(table)?.columns.has(column) === true
}
