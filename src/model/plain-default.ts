import type { TypeName } from './type.ts'

/**
 * A default in one way to write it, so that two can be compared: the server puts the type of a constant behind it, and
 * writes negative numbers as strings. Expressions are left as they are: `1 + 1` comes back from it as `(1 + 1)`.
 */
export function plainDefault(sql: string, type: TypeName | undefined): string {
  if (/^(?:current_\w+|session_user|localtime|localtimestamp)$/i.test(sql)) return sql.toLowerCase()
  const [, number] = /^'(-\d+(?:\.\d+)?)'::(?:integer|bigint|numeric)$/.exec(sql) ?? []
  if (number !== undefined) return number
  const [, constant, behind] = /^('(?:[^']|'')*'|null)::(.+)$/i.exec(sql) ?? []
  return constant !== undefined && behind !== undefined && type !== undefined && isCalled(type, behind) ? constant : sql
}

/** Whether a text is the name of the type, with or without its schema and its length. */
function isCalled({ name, schema, array, sql }: TypeName, text: string): boolean {
  const bare = name === 'character' && text === 'bpchar' ? name : text
  const end = array ? '[]' : ''
  return bare === sql || bare === `${name}${end}` || (schema !== undefined && bare === `${schema}.${name}${end}`)
}
