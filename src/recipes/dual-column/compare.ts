import type { TypeName } from '../../model/type.ts'

/** Types whose equality means that the values are the same to the last bit that anyone can see. */
const equalMeansSame = new Set([
  'bigint',
  'boolean',
  'bytea',
  'character varying',
  'date',
  'integer',
  'smallint',
  'text',
  'time without time zone',
  'timestamp with time zone',
  'timestamp without time zone',
  'uuid',
])

/**
 * SQL that is true where the two values are the same, NULLs included. Other types are compared by their text: `json`
 * has no equality, and `1.0 = 1.00` or `'a' = 'A'` (citext) would hide a write.
 */
export function same(left: string, right: string, type: TypeName, collation?: string): string {
  return compared(left, right, type, collation, 'is not distinct from')
}

/** SQL that is true where the two values are not the same, NULLs included. */
export function differ(left: string, right: string, type: TypeName, collation?: string): string {
  return compared(left, right, type, collation, 'is distinct from')
}

function compared(
  left: string,
  right: string,
  type: TypeName,
  collation: string | undefined,
  operator: string,
): string {
  const exact = equalMeansSame.has(type.name) && !type.array && type.schema === undefined && collation === undefined
  if (exact) return `${left} ${operator} ${right}`
  return `${asText(left)} ${operator} ${asText(right)}`
}

/** The "C" collation compares byte by byte, whatever the column's own does. */
function asText(value: string): string {
  return `(${value})::text collate "C"`
}
