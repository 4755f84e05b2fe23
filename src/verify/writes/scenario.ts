import type { SeedTable } from '../seed/tables.ts'

/** Rows that are written after the upgrade, on which the downgrade is then tried. */
export interface Scenario {
  /** What is written, as the report says it: `a row with title null`; empty for ordinary rows. */
  readonly what: string
  readonly tables: readonly SeedTable[]
  /** Values that one column of the rows gets, instead of ordinary ones. */
  readonly given: { readonly table: string; readonly values: ReadonlyMap<string, string | null> } | undefined
  /** A condition that the rows meet instead of those that were there before the upgrade. */
  readonly violates: { readonly table: string; readonly condition: string } | undefined
  /** Columns whose values are copied from a row that is there. */
  readonly copies: { readonly table: string; readonly columns: readonly string[] } | undefined
}

export const ordinary = (tables: readonly SeedTable[]): Scenario => ({
  what: '',
  tables,
  given: undefined,
  violates: undefined,
  copies: undefined,
})
