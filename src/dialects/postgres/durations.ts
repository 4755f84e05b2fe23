/** Settings that are times in milliseconds when no unit is given (`unit` in `pg_settings`). */
const timeouts: ReadonlySet<string> = new Set([
  'deadlock_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'lock_timeout',
  'statement_timeout',
  'transaction_timeout',
])

/** Milliseconds of each unit that a setting may have (PostgreSQL documentation, "Parameter Names and Values"). */
const units: ReadonlyMap<string, number> = new Map([
  ['us', 0.001],
  ['', 1],
  ['ms', 1],
  ['s', 1000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/** The value of a timeout in milliseconds, rounded as the server rounds it; undefined for other settings and values it refuses. */
export function timeoutMilliseconds(setting: string, value: string): number | undefined {
  if (!timeouts.has(setting)) return undefined
  const [, number, unit = ''] = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)\s*$/.exec(value) ?? []
  const factor = units.get(unit)
  return number === undefined || factor === undefined ? undefined : Math.round(Number(number) * factor)
}
