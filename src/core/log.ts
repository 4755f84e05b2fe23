/**
 * What engines say while they work. `pino` implements it; it is created in `cli/` only and passed in.
 * Fields come first, as in pino, so that a log line is data before it is prose.
 */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const nothing = (): void => undefined

/** A log that says nothing: the default of the programmatic API. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
