import { quoteLiteral } from '../../model/name.ts'
import type { Conversion, TypeName } from '../../model/type.ts'

/** How the old column's value follows from the new one's. */
export interface WayBack {
  /** NULL where the old type cannot hold the value; never fails, because the application's own write would fail with it. */
  readonly sql: string
  /** Every value of the new type has one of the old. */
  readonly total: boolean
}

/** First major version with `pg_input_is_valid`. */
const firstWithInputCheck = 16

/** Smallest and largest value of the integer types (PostgreSQL documentation, "Numeric Types"). */
const integerRange: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['smallint', ['-32768', '32767']],
  ['integer', ['-2147483648', '2147483647']],
  ['bigint', ['-9223372036854775808', '9223372036854775807']],
])

const unlimitedText = new Set(['text', 'character varying'])
const moments = new Set(['timestamp with time zone', 'timestamp without time zone', 'date'])

/** `value` (of type `to`) as the old type; undefined where no conversion is known that never fails. */
export function wayBack(from: TypeName, to: TypeName, value: string, target: number): WayBack | undefined {
  if (isUnlimitedText(from)) return { sql: `(${value})::${from.sql}`, total: true }
  const range = integerRange.get(from.name)
  if (range !== undefined && !from.array && isNumber(to)) {
    return {
      sql: `case when ${value} between ${range[0]} and ${range[1]} then (${value})::${from.sql} end`,
      total: false,
    }
  }
  const [length] = from.modifiers
  if (from.name === 'character varying' && length !== undefined && isText(to)) {
    return { sql: `case when length(${value}) <= ${length} then (${value})::${from.sql} end`, total: false }
  }
  if (moments.has(from.name) && moments.has(to.name)) return undefined
  if (target < firstWithInputCheck) return undefined
  const text = `(${value})::text`
  return {
    sql: `case when pg_input_is_valid(${text}, ${quoteLiteral(from.sql)}) then (${text})::${from.sql} end`,
    total: false,
  }
}

/** Nothing but a cast of the column to its new type, which is what happens without a `USING` too. */
export function isPlainCast(using: Conversion, to: TypeName): boolean {
  return using.casts !== undefined && using.casts.every((type) => type.sql === to.sql)
}

/** The server asks the session's time zone for it: another session would get another value. */
export function dependsOnTimeZone(from: TypeName, to: TypeName): boolean {
  const zoned = (type: TypeName): boolean => type.name === 'timestamp with time zone'
  return (
    zoned(from) !== zoned(to) &&
    (moments.has(from.name) || unlimitedText.has(from.name)) &&
    (moments.has(to.name) || isText(to))
  )
}

function isUnlimitedText(type: TypeName): boolean {
  return unlimitedText.has(type.name) && type.modifiers.length === 0 && !type.array
}

function isText(type: TypeName): boolean {
  return unlimitedText.has(type.name) && !type.array
}

function isNumber(type: TypeName): boolean {
  return (integerRange.has(type.name) || type.name === 'numeric') && !type.array
}
