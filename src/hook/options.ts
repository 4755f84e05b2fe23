/** What the hook of a process is told. */
export interface CaptureOptions {
  /** File that lines are added to; several processes may share it. Without one nothing is captured. */
  readonly file: string | undefined
  /** The release that the process is of. Without one nothing is captured. */
  readonly release: string | undefined
  /** Write down the values with which a statement is called first. They may be personal data; off when absent. */
  readonly values?: boolean
  /** Distinct statements that are kept in memory before the hook stops; 10,000 when absent. */
  readonly maxStatements?: number
  /** Told once when something goes wrong; `process.emitWarning` when absent. */
  readonly onWarning?: (message: string) => void
}

/** What the hook has done so far. */
export interface CaptureState {
  readonly statements: number
  /** What went wrong and was kept from the application. */
  readonly errors: number
  /** Whether it still takes statements. */
  readonly active: boolean
}
