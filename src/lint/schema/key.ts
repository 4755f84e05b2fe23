import type { Name } from '../../model/name.ts'

/** Schema that stands for the session's own temporary one; the server searches it first. */
export const temporarySchema = 'pg_temp'

/** A map key for an object: no identifier can hold the separator. */
export function keyOf(name: Required<Name>): string {
  return `${name.schema}\0${name.name}`
}

/** Whether both are the same object. */
export function sameName(a: Required<Name>, b: Required<Name>): boolean {
  return a.name === b.name && a.schema === b.schema
}
