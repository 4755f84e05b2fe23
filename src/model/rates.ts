/** Work whose time goes by the size of a table: reading all rows, writing them anew, building an index on them. */
export type WorkKind = 'read' | 'rewrite' | 'index'

/** How fast a target has worked in earlier runs; what was never measured there is absent. */
export interface MeasuredRates {
  /** Bytes of rows in a second. */
  readonly perSecond: Readonly<Partial<Record<WorkKind, number>>>
  /** Of backfills, pauses included. */
  readonly backfillRowsPerSecond?: number | undefined
}

/** Where a number that was not measured at this moment comes from. */
export type EstimateSource = 'measured' | 'assumed'
