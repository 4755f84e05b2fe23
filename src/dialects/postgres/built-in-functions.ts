import type { Volatility } from '../../model/type.ts'
import { stableFunctions, volatileFunctions, immutableFunctions } from './built-in-functions.gen.ts'

/** How often a call may give another value; `unknown` for what PostgreSQL does not bring along. */
export function functionVolatility(schema: string | undefined, name: string): Volatility {
  if (schema !== undefined && schema !== 'pg_catalog') return 'unknown'
  if (volatileFunctions.has(name)) return 'volatile'
  if (stableFunctions.has(name)) return 'stable'
  return immutableFunctions.has(name) ? 'constant' : 'unknown'
}

/** Volatile functions of PostgreSQL that change nothing but the state of their own random generator. */
const harmlessVolatile: ReadonlySet<string> = new Set([
  'clock_timestamp',
  'currval',
  'gen_random_uuid',
  'lastval',
  'pg_sleep',
  'pg_sleep_for',
  'pg_sleep_until',
  'pg_stat_get_activity',
  'random',
  'random_normal',
  'setseed',
  'timeofday',
  'uuidv4',
  'uuidv7',
])

/** Whether a call is known to change nothing that another session or statement sees. */
export function isHarmlessFunction(schema: string | undefined, name: string): boolean {
  const volatility = functionVolatility(schema, name)
  if (volatility === 'volatile') return harmlessVolatile.has(name)
  return volatility !== 'unknown'
}
