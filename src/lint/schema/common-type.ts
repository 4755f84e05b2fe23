import type { ViewColumn } from '../../model/schema.ts'
import type { TypeName } from '../../model/type.ts'

/**
 * The column that several become: by UNION, CASE, VALUES or USING. Of one type it has that; strings without a type take
 * that of the others. What else the server's rules of preference say is not told here.
 */
export function commonOf(columns: readonly (ViewColumn | undefined)[]): ViewColumn {
  const typed = columns.filter((column) => column?.untyped !== true)
  const [first] = typed
  if (typed.length === 0) return { name: '', type: builtIn('text') }
  const type = first?.type
  if (type === undefined || !typed.every((column) => column?.type !== undefined && isSame(column.type, type)))
    return notTold
  // A string gives up the length of what it meets, and a domain.
  if (typed.length < columns.length && (type.modifiers.length > 0 || type.schema !== undefined)) return notTold
  const collations = new Set(typed.flatMap((column) => column?.collation ?? []))
  const [collation] = collations
  return collations.size > 1 ? notTold : { name: '', type, collation }
}

const notTold: ViewColumn = { name: '', type: undefined }

export function sameColumn(a: ViewColumn, b: ViewColumn): boolean {
  if (a.type === undefined || b.type === undefined) return false
  return isSame(a.type, b.type) && a.collation === b.collation
}

function isSame(a: TypeName, b: TypeName): boolean {
  return a.name === b.name && a.schema === b.schema && a.array === b.array && a.sql === b.sql
}

/** Whether values of a type keep the collation of what they are made of. */
export function textLike({ name, array }: TypeName): boolean {
  return !array && texts.has(name)
}

const texts: ReadonlySet<string> = new Set(['text', 'character varying', 'character'])

export function builtIn(name: string): TypeName {
  return { name, modifiers: [], array: false, sql: name }
}
