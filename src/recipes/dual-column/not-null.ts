import { quoteName } from '../../model/name.ts'

/** The first major version in which NOT NULL is a constraint with a name. */
const firstWithNames = 18

/**
 * From PostgreSQL 18 on NOT NULL has a name made from the column's. The copy's gets the one that the old column's had,
 * so that the schema ends as the one-shot change would leave it. Undefined below 18.
 */
export function addNotNullNamed(
  table: string,
  copy: string,
  old: string,
  target: number,
): { readonly forward: string; readonly back: string } | undefined {
  const from = `${table}_${copy}_not_null`
  const to = `${table}_${old}_not_null`
  // The server shortens longer names in a way of its own.
  if (target < firstWithNames || Math.max(Buffer.byteLength(from), Buffer.byteLength(to)) > 63) return undefined
  const rename = (one: string, other: string): string => `rename constraint ${quoteName(one)} to ${quoteName(other)}`
  return { forward: rename(from, to), back: rename(to, from) }
}
