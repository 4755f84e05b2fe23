/** What a reporter is given besides the report: how to show it. */
export interface ReportStyle {
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
}
